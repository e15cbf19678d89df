"""The three tracks of care, one row of each for every case, and the steps that were taken in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

import clock
from accounts.history import FileHistory
from accounts.models import User
from cases.models.case import Case
from vault.fields import SealedJSON, SealedText


class Representation(TextChoices):
    NEEDED = "needed", _("Needed")
    NOT_NEEDED = "not_needed", _("Not needed, the parents are safe")
    REQUESTED = "requested", _("Requested")
    APPOINTED = "appointed", _("Appointed")
    ENDED = "ended", _("Ended")


class Identification(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    REQUESTED = "requested", _("Requested")
    POSSIBLE_VICTIM = "possible_victim", _("Possible victim")
    VICTIM = "victim", _("Victim")
    NOT_A_VICTIM = "not_a_victim", _("Not a victim")


class Residence(TextChoices):
    NONE = "none", _("No permit")
    PERMIT_REQUESTED = "permit_requested", _("Permit requested")
    PERMITTED = "permitted", _("Permitted")
    REFUSED = "refused", _("Refused")
    NOT_APPLICABLE = "not_applicable", _("Not applicable, a national")
    ENDED = "ended", _("Ended, left the country")


class Protection(TextChoices):
    NONE = "none", _("No claim")
    CLAIMED = "claimed", _("Claimed")
    GRANTED = "granted", _("Granted")
    REFUSED_FINAL = "refused_final", _("Finally refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Proceedings(TextChoices):
    NONE = "none", _("None")
    OPEN = "open", _("Under way")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


class Redress(TextChoices):
    NOT_SOUGHT = "not_sought", _("Not sought")
    SOUGHT = "sought", _("Sought")
    AWARDED = "awarded", _("Awarded")
    REFUSED = "refused", _("Refused")


class MedicalState(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    TRIAGE = "triage", _("Triage")
    URGENT_CARE = "urgent_care", _("Urgent care")
    ASSESSMENT = "assessment", _("Assessment")
    TREATMENT = "treatment", _("Treatment")
    STABLE_FOLLOW_UP = "stable_follow_up", _("Stable, follow-up")
    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", _("Declined")


class RehabilitationState(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NEEDS_ASSESSED = "needs_assessed", _("Needs assessed")
    PLAN_AGREED = "plan_agreed", _("Plan agreed")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    REVIEW = "review", _("Under review")
    ACHIEVED = "achieved", _("Achieved")
    PARTLY_ACHIEVED = "partly_achieved", _("Partly achieved")
    ENDED = "ended", _("Ended")
    DECLINED = "declined", _("Declined")


def _strand(states: type[TextChoices], first: TextChoices) -> Any:
    return FSMField(max_length=16, choices=states.choices, default=first, protected=True)


class LegalProtection(models.Model):
    """Six strands side by side; none waits for another unless a guard says so.

    The reflection period (CETS197 13) is two dates, not a state; its last day counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="legal")
    representation = _strand(Representation, Representation.NEEDED)
    identification = _strand(Identification, Identification.NOT_STARTED)
    residence = _strand(Residence, Residence.NONE)
    protection = _strand(Protection, Protection.NONE)
    proceedings = _strand(Proceedings, Proceedings.NONE)
    redress = _strand(Redress, Redress.NOT_SOUGHT)
    # From when a representative has been needed: the request is in time when it follows soon enough.
    representation_needed_at = models.DateTimeField(default=clock.now)
    representation_requested_at = models.DateTimeField(null=True)
    reflection_from = models.DateField(null=True)
    reflection_until = models.DateField(null=True)
    # Whether the child can testify, or has, without being here: what open proceedings ask before a return.
    testimony_arranged = models.BooleanField(default=False)
    history = FileHistory()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reflection_from__isnull=True, reflection_until__isnull=True)
                | Q(reflection_until__gt=F("reflection_from")),
                name="legal_reflection_has_two_ends",
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class MedicalCare(models.Model):
    """`last_incident_at` is when the child was last harmed, as far as it could say: clinical clocks run from it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="medical")
    state = FSMField(max_length=16, choices=MedicalState, default=MedicalState.NOT_STARTED, protected=True)
    last_incident_at = models.DateTimeField(null=True)
    history = FileHistory()

    def __str__(self) -> str:
        return str(self.case_id)


class Rehabilitation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="rehabilitation")
    state = FSMField(
        max_length=16,
        choices=RehabilitationState,
        default=RehabilitationState.NOT_STARTED,
        protected=True,
    )
    # From when the child has access to education.
    education_from = models.DateField(null=True)
    history = FileHistory()

    def __str__(self) -> str:
        return str(self.case_id)


class TrackStep(models.Model):
    """One step taken in a track, with its day, what was entered, and the documents that show it.

    `coded` holds codes and days, in clear; `words` what a person wrote.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="track_steps")
    track = models.CharField(max_length=20)
    edge = models.CharField(max_length=40)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    happened_on = models.DateField()
    coded: models.JSONField[Any, Any] = models.JSONField(default=dict)
    words = SealedJSON(scope="case_id", null=True)
    reason = SealedText(scope="case_id", null=True)
    evidence = ArrayField(models.UUIDField(), default=list)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["case", "track", "-made_at"], name="track_step_latest")]

    def __str__(self) -> str:
        return f"{self.track}.{self.edge}"


def reflection_ends(first: date, days: int) -> date:
    """The last day of a reflection period of that many days."""
    return first + timedelta(days=days)
