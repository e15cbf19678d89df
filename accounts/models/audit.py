"""Who did what, and who read what. Rows are added, never changed or taken away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

import clock
from accounts.lasting import LastingRow
from accounts.models.agencies import Agency
from accounts.models.users import User
from vault.fields import SealedText


class AuditEvent(LastingRow):
    """`target_label` is an app's model in Django's dotted form; `details` holds codes and numbers only."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now, editable=False)
    # Nobody for what the clock or a command line does.
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # As they were at that moment: a person may change role and agency later.
    actor_role = models.CharField(max_length=30, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=80)
    target_label = models.CharField(max_length=100)
    target_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    sections = ArrayField(models.CharField(max_length=30), default=list)
    reason = SealedText(scope="case_id", null=True)
    details = models.JSONField(default=dict)
    # Which write this is a part of (`accounts.acting.current_act`); the history rows of that write bear the same.
    act = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["case_id", "at"], name="audit_case_at"),
            models.Index(fields=["target_id", "at"], name="audit_target_at"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_label}"
