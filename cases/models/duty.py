"""Who stands in for whom: the duty worker at night, cover for leave, and the calendar that a telephone reads."""

import secrets
from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

import clock
from accounts.history import FileHistory
from accounts.models import Agency, User


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def at(self, moment: datetime | None = None) -> Self:
        now = moment or clock.now()
        return self.filter(starts_at__lte=now, ends_at__gt=now, cancelled_at__isnull=True)


class DutyShift(models.Model):
    """From when to when one worker is on call for the agency's files."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="duty_shifts")
    worker = models.ForeignKey(User, models.PROTECT, related_name="duty_shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    history = FileHistory()
    objects: ClassVar[DutyShiftQuerySet] = DutyShiftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_shift_has_a_length")
        ]
        indexes = [models.Index(fields=["agency", "ends_at"], name="duty_shift_agency")]

    def __str__(self) -> str:
        return str(self.pk)


class CoverQuerySet(models.QuerySet["Cover"]):
    def running(self) -> Self:
        return self.filter(ended_at__isnull=True, until__gt=clock.now())


class Cover(models.Model):
    """While a worker is away, another one works the same files beside them."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    worker = models.ForeignKey(User, models.PROTECT, related_name="+")
    covered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    arranged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    arranged_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()
    objects: ClassVar[CoverQuerySet] = CoverQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-arranged_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(worker=F("covered_by")), name="cover_by_another"),
            models.UniqueConstraint(
                fields=["worker", "covered_by"],
                condition=Q(ended_at__isnull=True),
                name="cover_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


def new_feed_secret() -> str:
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """The secret address under which one person's calendar program asks what is due. It names no child."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.OneToOneField(User, models.PROTECT, related_name="calendar_feed")
    # Only its digest: whoever reads the database cannot read the calendar.
    secret_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()

    def __str__(self) -> str:
        return str(self.pk)
