"""What the machines leave behind: clocks that run for a case, and guards that a supervisor set aside."""

from __future__ import annotations

from typing import Any, ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models import Agency, User
from vault.fields import SealedText

OPEN = Q(met_at__isnull=True, cancelled_at__isnull=True)


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> Self:
        return self.filter(OPEN)


class Deadline(models.Model):
    """Something must have happened for a case until `due_at`. `params` tells apart several of one kind."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case_id = models.UUIDField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    params: models.JSONField[Any, Any] = models.JSONField(default=dict)
    starts_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    # Set once each, by the sweep.
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    objects: ClassVar[DeadlineQuerySet] = DeadlineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "kind", "params"], condition=OPEN, name="deadline_open_once"
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(cancelled_at__isnull=True), name="deadline_ends_one_way"
            ),
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True) | Q(overdue_at__lte=F("escalated_at")),
                name="deadline_overdue_first",
            ),
        ]
        indexes = [
            models.Index(fields=["case_id", "due_at"], name="deadline_case"),
            models.Index(fields=["due_at"], condition=OPEN & Q(overdue_at=None), name="deadline_to_fire"),
            models.Index(
                fields=["agency", "overdue_at"],
                condition=OPEN & Q(overdue_at__isnull=False, escalated_at=None),
                name="deadline_to_escalate",
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.cancelled_at is None


class GuardOverride(models.Model):
    """A supervisor answers for one failed ⚠ guard of one step of one subject; the step spends it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case_id = models.UUIDField(db_index=True)
    subject_label = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    edge = models.CharField(max_length=60)
    guard = models.CharField(max_length=60)
    reason = SealedText(scope="case_id")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("guard set aside")
        verbose_name_plural = _("guards set aside")
        indexes = [
            models.Index(
                fields=["subject_id", "edge"], condition=Q(used_at=None), name="guardoverride_waiting"
            ),
        ]
        triggers = [
            # Who answered for what stays as it was written, and is spent once.
            pgtrigger.Protect(
                name="override_stays_as_made",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.used_at IS NOT NULL OR"
                    " (OLD.id, OLD.case_id, OLD.subject_label, OLD.subject_id, OLD.edge, OLD.guard,"
                    " OLD.reason_sealed, OLD.made_by_id, OLD.made_at) IS DISTINCT FROM"
                    " (NEW.id, NEW.case_id, NEW.subject_label, NEW.subject_id, NEW.edge, NEW.guard,"
                    " NEW.reason_sealed, NEW.made_by_id, NEW.made_at)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edge}.{self.guard}"
