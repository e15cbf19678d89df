"""Who meets about a child and what comes of it; and the days in court, at the doctor's, at an office."""

from datetime import datetime, timedelta
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.access import Section
from accounts.history import FileHistory
from accounts.models import User
from cases.models.case import Case
from cases.models.plan import Task
from vault.fields import SealedText


class Conference(models.Model):
    """A case conference: called for a moment, then held and its minute closed, or cancelled."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="conferences")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = SealedText(scope="case_id")
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    called_at = models.DateTimeField(default=clock.now)
    # Changes with every save of the minute, so that two who write it at once see each other's.
    minuted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-starts_at", "-called_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="conference_ends_one_way",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="conference_closed_by_somebody",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="conference_has_a_length"),
        ]
        indexes = [models.Index(fields=["case", "-starts_at"], name="conference_of_case")]
        triggers = [
            pgtrigger.Protect(
                name="conference_stays_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.closed_at IS NOT NULL"),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Neither closed nor cancelled: something may still be written about it."""
        return self.closed_at is None and self.cancelled_at is None

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Invitation(models.Model):
    """Counts only together with access to the case: no invitation opens a file."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="invitations")
    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    attended = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "account"],
                condition=Q(withdrawn_at__isnull=True),
                name="invitation_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AgendaPoint(models.Model):
    """One thing to talk about, and what was said to it. Its label decides who reads both."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="points")
    section = models.CharField(max_length=20, choices=Section.choices)
    words = SealedText(scope="case_id")
    minute = SealedText(scope="case_id", null=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(final_at__isnull=True) | Q(minute__isnull=False),
                name="agenda_point_final_with_a_minute",
            )
        ]
        triggers = [
            # Decisions rest on what was written down; whoever knows better adds to it.
            pgtrigger.Protect(
                name="minute_stays_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.final_at IS NOT NULL"),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConferenceDecision(models.Model):
    """What was decided under a point, and the task that it became."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="decisions")
    point = models.ForeignKey(AgendaPoint, models.PROTECT, related_name="decisions")
    # That of its point, which never changes.
    section = models.CharField(max_length=20, choices=Section.choices)
    words = SealedText(scope="case_id")
    task = models.OneToOneField(Task, models.PROTECT, related_name="decided_in")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class MinuteAddendum(models.Model):
    """What was added to a final minute. It stays as it is, too."""

    append_only = True
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="+")
    point = models.ForeignKey(AgendaPoint, models.PROTECT, related_name="addenda")
    section = models.CharField(max_length=20, choices=Section.choices)
    words = SealedText(scope="case_id")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class AppointmentKind(TextChoices):
    HEARING = "hearing", _("Court hearing")
    INTERVIEW = "interview", _("Interview of the child")
    MEDICAL = "medical", _("Medical appointment")
    AUTHORITY = "authority", _("Appointment with an authority")
    OTHER = "other", _("Another appointment")


class Appointment(models.Model):
    """Where the child, or somebody for it, has to be at a moment. Its label decides who reads it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=9, choices=AppointmentKind)
    section = models.CharField(max_length=20, choices=Section.choices)
    starts_at = models.DateTimeField()
    place = SealedText(scope="case_id", null=True)
    words = SealedText(scope="case_id", null=True)
    companion = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    outcome = SealedText(scope="case_id", null=True)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["starts_at", "made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="appointment_ends_one_way",
            )
        ]
        indexes = [models.Index(fields=["case", "starts_at"], name="appointment_of_case")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.cancelled_at is None
