from uuid import uuid4

from django.db import models
from django.db.models import F, Q

import clock
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import Case


class FormerOwner(models.Model):
    """An agency that had a file until another one took it over. It goes on reading its own period, and nothing later.

    Made once, when the file moves. `transfer` is the id of the referral by which it did; `import_key` is that by which
    this agency's own imports know the file, so that none of them opens it a second time.
    """

    append_only = True
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="former_owners")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="former_files")
    # Who worked on it at that moment, if anybody did.
    worker = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(default=clock.now)
    successor = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    transfer = models.UUIDField(unique=True)
    import_key = models.CharField(max_length=120, blank=True)
    history = FileHistory()

    class Meta:
        ordering = ["-until", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(agency=F("successor")), name="former_owner_is_another")
        ]
        indexes = [
            models.Index(fields=["agency", "-until"], name="former_owner_files"),
            models.Index(
                fields=["agency", "import_key"], condition=~Q(import_key=""), name="former_owner_import_key"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
