"""The best-interests panel: who sits, what was argued for each option, who voted how, and the signed minute."""

from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import Q

import clock
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models import Case
from cases.models.plan import Means
from repatriation.models.choices import Option
from repatriation.models.returns import Return
from vault.fields import SealedText


class Panel(models.Model):
    """One sitting for one decision. `country` is argued for a return, `third_country` for going elsewhere.

    The chair closes the vote: the majority is the outcome, a tie defers. Only then the minute is signed, and the
    decision is a step of the return.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="panels")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    country = models.CharField(max_length=2)
    third_country = models.CharField(max_length=2, blank=True)
    chair = models.ForeignKey(User, models.PROTECT, related_name="+")
    convened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    convened_at = models.DateTimeField(default=clock.now)
    meets_at = models.DateTimeField()
    child_heard_on = models.DateField(null=True)
    child_means = models.CharField(max_length=8, choices=Means, blank=True)
    child_words = SealedText(scope="case_id", null=True)
    representative_heard_on = models.DateField(null=True)
    representative_words = SealedText(scope="case_id", null=True)
    outcome = models.CharField(max_length=13, choices=Option, blank=True)
    closed_at = models.DateTimeField(null=True)
    reasons = SealedText(scope="case_id", null=True)
    # By when, and where, the decision can be appealed.
    appeal_until = models.DateField(null=True)
    appeal = SealedText(scope="case_id", null=True)
    # What the panel expects next: how it goes on for the child.
    goes_on = SealedText(scope="case_id", null=True)
    minute_signed_at = models.DateTimeField(null=True)
    minute_signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # How child and guardian were told, and by whom; after the decision.
    child_told_on = models.DateField(null=True)
    guardian_told_on = models.DateField(null=True)
    told_words = SealedText(scope="case_id", null=True)
    # Dissolved without a decision: new facts came first, or the return ended.
    dissolved_at = models.DateTimeField(null=True)
    # The latest fact since the decision of which supervisors were told: of each they hear once.
    facts_told_upto = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["way", "number"], name="panel_number_once"),
            models.UniqueConstraint(
                fields=["way"],
                condition=Q(minute_signed_at__isnull=True, dissolved_at__isnull=True),
                name="panel_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="panel_closes_with_an_outcome"
            ),
            models.CheckConstraint(
                condition=Q(minute_signed_at__isnull=True)
                | Q(closed_at__isnull=False, minute_signed_by__isnull=False),
                name="panel_minute_after_the_vote",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Its members read the dossier as long as the decision is pending."""
        return self.minute_signed_at is None and self.dissolved_at is None


BALLOT = frozenset({"vote", "voted_at"})


class Seat(models.Model):
    """One member, whose agency is kept as it was; and its vote. A vote never changes once the chair has closed it.

    Who votes otherwise than the majority says why, or that it does not want to: `dissent_on`.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    member = models.ForeignKey(User, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    # Steps down because of a conflict of interest: keeps no vote.
    recused_at = models.DateTimeField(null=True)
    vote = models.CharField(max_length=13, choices=Option, blank=True)
    voted_at = models.DateTimeField(null=True)
    dissent = SealedText(scope="case_id", null=True)
    dissent_on = models.DateField(null=True)
    history = FileHistory()
    # How somebody voted before the chair closed the vote is nobody's to read, in no export either.
    told_as_it_stands = BALLOT

    class Meta:
        ordering = ["member__name"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "member"], name="panel_seat_once"),
            models.CheckConstraint(
                condition=Q(vote="") | Q(recused_at__isnull=True, voted_at__isnull=False),
                name="panel_recused_has_no_vote",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="vote_is_closed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Insert,
                func=(
                    "IF (SELECT found.closed_at IS NOT NULL FROM repatriation_panel found"
                    " WHERE found.id = NEW.panel_id)"
                    " AND (TG_OP = 'INSERT' OR NEW.vote <> OLD.vote OR NEW.member_id <> OLD.member_id) THEN"
                    " RAISE EXCEPTION USING MESSAGE = 'panel: the vote is closed',"
                    " ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def told_to_nobody(self) -> frozenset[str]:
        """Of a panel that was dissolved before its chair had closed the vote, for ever."""
        return BALLOT if self.panel.closed_at is None else frozenset()


class Argument(models.Model):
    """What speaks for and against one option in the light of one factor; the latest of each counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="arguments")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    factor = models.CharField(max_length=12)
    option = models.CharField(max_length=13, choices=Option)
    words = SealedText(scope="case_id")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["factor", "option"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "factor", "option"], name="panel_argument_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AlternateQuestion(models.Model):
    """Whether an alternate may receive the child where the one named cannot: asked of the panel whose decision stands.

    As long as it waits for its answer, those who sat read the file again. The chair writes the answer down.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="alternate_questions")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    arrangement = models.ForeignKey(
        "repatriation.CareArrangement", models.PROTECT, related_name="alternate_questions"
    )
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    approved = models.BooleanField(null=True)
    in_favour = models.PositiveSmallIntegerField(null=True)
    decided_on = models.DateField(null=True)
    reasons = SealedText(scope="case_id", null=True)
    # Answered by the chair; or closed without an answer, when the decision fell on which it rested.
    answered_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel"], condition=Q(answered_at__isnull=True), name="alternate_asked_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(answered_at__isnull=False, decided_on__isnull=False),
                name="alternate_answer_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
