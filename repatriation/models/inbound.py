"""What the country to which a child comes keeps for itself."""

from uuid import uuid4

from django.db import models

import clock
from accounts.lasting import LastingRow
from accounts.models import Agency, User
from cases.models import Case
from referrals.models import Referral
from repatriation.models.returns import Return


class OwnFile(LastingRow):
    """The file that an agency opened from what a referral had given it: a case of its own, with a key of its own.

    `case` is that file, `way` the return on which it was opened; it stays the one where another return follows. Neither
    file shows what is in the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="opened_from")
    way = models.ForeignKey(Return, models.PROTECT, related_name="own_files")
    referral = models.OneToOneField(Referral, models.PROTECT, related_name="own_file")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["way", "agency"], name="own_file_one_for_a_return"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
