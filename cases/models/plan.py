"""What is to be done, by whom and until when; what the child says to it, and who agreed."""

from uuid import uuid4

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models import ServiceType, User
from cases.models.case import Case
from cases.models.choices import GivenBy
from vault.fields import SealedText


class Track(TextChoices):
    LEGAL = "legal", _("Legal protection")
    MEDICAL = "medical", _("Medical care")
    REHABILITATION = "rehabilitation", _("Rehabilitation")


class Outcome(TextChoices):
    ACHIEVED = "achieved", _("Achieved")
    PARTLY = "partly", _("Partly achieved")
    NOT_ACHIEVED = "not_achieved", _("Not achieved")
    DROPPED = "dropped", _("Given up, no longer wanted")


class Goal(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="goals")
    track = models.CharField(max_length=14, choices=Track)
    service_type = models.CharField(max_length=32, choices=ServiceType)
    words = SealedText(scope="case_id")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    outcome_words = SealedText(scope="case_id", null=True)
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["track", "set_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="goal_ends_with_an_outcome",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Task(models.Model):
    """Something that one person is to do until a day; its clock is a deadline row like every other."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="tasks")
    words = SealedText(scope="case_id")
    assignee = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    result = SealedText(scope="case_id", null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["due_on", "made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True), name="task_ends_one_way"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None


class VisitKind(TextChoices):
    HOME = "home", _("Where the child lives")
    SCHOOL = "school", _("At school or work")
    OFFICE = "office", _("In the office")
    REMOTE = "remote", _("By telephone or video")


class Visit(models.Model):
    """Seeing the child. A required one must be done before the case can close."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="visits")
    kind = models.CharField(max_length=6, choices=VisitKind)
    planned_on = models.DateField()
    is_required = models.BooleanField(default=True)
    visitor = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)
    done_on = models.DateField(null=True)
    child_seen_alone = models.BooleanField(default=False)
    observations = SealedText(scope="case_id", null=True)
    cancelled_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["planned_on", "planned_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(cancelled_at__isnull=True), name="visit_ends_one_way"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.cancelled_at is None


class Means(TextChoices):
    """How a child was heard (CRC 12)."""

    TALK = "talk", _("In conversation")
    PLAY = "play", _("In play")
    DRAWING = "drawing", _("In drawing")
    WRITING = "writing", _("In writing")
    ADVOCATE = "advocate", _("Through a person the child chose")


class ChildView(models.Model):
    """The child was heard; or why that was impossible, and what was observed instead."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="child_views")
    heard_on = models.DateField()
    means = models.CharField(max_length=8, choices=Means, blank=True)
    words = SealedText(scope="case_id", null=True)
    impossible_because = SealedText(scope="case_id", null=True)
    observed = SealedText(scope="case_id", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-heard_on", "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(means="") & Q(words__isnull=False))
                | Q(means="", impossible_because__isnull=False, observed__isnull=False),
                name="child_view_heard_or_explained",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PlanAgreement(models.Model):
    """Who speaks for the child agrees with the plan, or does not; the latest answer counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="plan_agreements")
    given_by = models.CharField(max_length=14, choices=GivenBy.choices)
    agrees = models.BooleanField()
    given_on = models.DateField()
    words = SealedText(scope="case_id", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-given_on", "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(given_by=GivenBy.CHILD), name="plan_agreement_of_who_represents"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
