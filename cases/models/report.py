import secrets
from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

import clock
from accounts.access import Ability, can
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import CODE_ALPHABET, Case
from cases.models.choices import Danger
from vault.fields import SealedJSON, SealedText

DANGER_WORDS: dict[str, StrPromise] = {
    Danger.YES: _("in danger now"),
    Danger.NO: _("not in danger now"),
    Danger.UNKNOWN: _("danger not known"),
}


def new_receipt() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(8))


class ReportQuerySet(models.QuerySet["Report"]):
    def waiting_at_desk_of(self, user: User) -> Self:
        """Reports that nobody has taken yet, for those who work at the desk they were sent to."""
        if not can(user, Ability.WORK_DESK):
            return self.none()
        return self.filter(desk=user.agency_id, taken_at__isnull=True)

    def taken_at_desk_of(self, user: User) -> Self:
        """Only to lead on whoever comes late or clicks twice; the words are in the case now."""
        if not can(user, Ability.WORK_DESK):
            return self.none()
        return self.filter(desk=user.agency_id, taken_at__isnull=False)

    def made_by(self, user: User) -> Self:
        return self.filter(made_by=user)


class Report(models.Model):
    """What somebody told us, as they told it. Taking it at the desk opens a case.

    `case_key` is the id that the case will have: report and case share one data key, so that erasing the
    case erases the report's words with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case_key = models.UUIDField(default=uuid4, unique=True, editable=False)
    receipt = models.CharField(max_length=8, unique=True, default=new_receipt, editable=False)
    desk = models.ForeignKey(Agency, models.PROTECT, related_name="reports")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=clock.now)
    danger = models.CharField(max_length=7, choices=Danger.choices)
    words = SealedText(scope="case_key")
    place = SealedText(scope="case_key")
    # What the reporter could say about the child and about themselves; every key is optional.
    details = SealedJSON(scope="case_key", null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="report")
    history = FileHistory()
    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True, case__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False, case__isnull=False),
                name="report_taken_means_a_case",
            )
        ]
        indexes = [
            models.Index(
                fields=["desk", "received_at"], condition=Q(taken_at__isnull=True), name="report_desk"
            )
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def kind(self) -> str:
        """The tone in which the desk shows it."""
        return "plain" if self.danger == Danger.NO else "late"

    @property
    def danger_words(self) -> StrPromise:
        return DANGER_WORDS[Danger(self.danger)]
