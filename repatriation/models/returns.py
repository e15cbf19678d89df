"""One return: a child's way home or to another lasting solution, and what was done on it."""

from functools import cached_property
from uuid import uuid4

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField

import clock
from accounts.history import FileHistory
from accounts.lasting import LastingRow
from accounts.models import Agency, User
from cases.models import Case
from cases.models.case import CODE_ALPHABET
from cases.models.choices import RUNNING_STATES
from referrals.models import Referral
from repatriation.models.choices import (
    OPEN,
    Channel,
    ClearanceState,
    EndReason,
    Finding,
    ReturnState,
)
from repatriation.models.facts import ReturnFacts
from vault.fields import SealedText

REFERENCE_SIGNS = 6
_RUNNING = ", ".join(f"'{state.value}'" for state in RUNNING_STATES)


class ContactClearance(models.Model):
    """Whether anybody may ask an authority of that country about this child. Where there is no row: not cleared."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="clearances")
    country = models.CharField(max_length=2)
    state = FSMField(choices=ClearanceState.choices, default=ClearanceState.NOT_CLEARED, protected=True)
    state_since = models.DateTimeField(default=clock.now)
    # Why contact is judged safe; why it is not any more.
    reasons = SealedText(scope="case_id", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    history = FileHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "country"], name="clearance_one_for_a_country"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Return(models.Model):
    """`country` is where the child may go: first of origin, then the one that the panel has named.

    `partner` is the referral by which the partner abroad works (home study, input), `reception` that of the
    organisation which receives the child; often one and the same. `ready_until` is the moment at which the first
    fact of G-READY runs out: readiness ends there.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="returns")
    state = FSMField(
        max_length=25, choices=ReturnState.choices, default=ReturnState.CONSIDERED, protected=True
    )
    state_since = models.DateTimeField(default=clock.now)
    suspended_from = models.CharField(max_length=25, choices=ReturnState.choices, blank=True)
    country = models.CharField(max_length=2)
    # Codes of the conditions that the next step on the way lacks, noted after every write, for boards.
    blocked_by = ArrayField(models.CharField(max_length=30), default=list)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)

    channel = models.CharField(max_length=11, choices=Channel.choices, blank=True)
    finding = models.CharField(max_length=19, choices=Finding.choices, blank=True)
    finding_words = SealedText(scope="case_id", null=True)
    # What was seen or heard when the alert was raised.
    alert_words = SealedText(scope="case_id", null=True)
    partner = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="+")
    reception = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="+")

    # The panel that sits now, or that has decided.
    panel = models.ForeignKey("repatriation.Panel", models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(null=True)

    reflection_waived_on = models.DateField(null=True)
    # How the child said so, and how its representative agreed.
    reflection_words = SealedText(scope="case_id", null=True)
    plan_accepted_on = models.DateField(null=True)
    plan_accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ready_until = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    identity_checked = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)

    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)
    end_proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    end_confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    history = FileHistory(excluded_fields=["blocked_by"])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=OPEN), name="return_one_open_for_a_case"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReturnState.SUSPENDED) | ~Q(suspended_from=""),
                name="return_suspended_knows_way_back",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReturnState.DEFERRED) | Q(review_on__isnull=False),
                name="return_deferred_is_reviewed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReturnState.DEPARTED, ReturnState.ARRIVED])
                | Q(departed_at__isnull=False, identity_checked=True),
                name="return_departed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(arrived_at__gte=F("departed_at")),
                name="return_arrives_later",
            ),
        ]
        indexes = [models.Index(fields=["state", "state_since"], name="return_board")]
        triggers = [
            pgtrigger.Trigger(
                name="opened_in_running_case",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF COALESCE((SELECT found.state FROM cases_case found WHERE found.id = NEW.case_id)"
                    f" NOT IN ({_RUNNING}), TRUE) THEN"
                    " RAISE EXCEPTION USING MESSAGE = 'return: opened in a running case only',"
                    " ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
            # No detour by way of a suspension leads further.
            pgtrigger.Protect(
                name="return_way_back",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((NEW.state = 'suspended' AND OLD.state <> 'suspended' AND NEW.suspended_from <> OLD.state)"
                    " OR (OLD.state = 'suspended' AND NEW.state NOT IN ('suspended', 'withdrawn', 'ended',"
                    " 'panel_pending') AND NEW.state <> OLD.suspended_from)"
                    " OR (OLD.state = 'suspended' AND NEW.state = 'suspended'"
                    " AND NEW.suspended_from <> OLD.suspended_from))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def reference(self) -> str:
        """What people of two countries call it, such as `R-7KQ2MB`: the code of its case would open a file."""
        number, signs = self.pk.int, ""
        for _each in range(REFERENCE_SIGNS):
            number, place = divmod(number, len(CODE_ALPHABET))
            signs += CODE_ALPHABET[place]
        return f"R-{signs}"

    @cached_property
    def facts(self) -> ReturnFacts:
        """What the guards judge, loaded at most once for one locked (or one displayed) return."""
        return ReturnFacts(self)


class ReturnEvent(LastingRow):
    """One step, as the people of both countries see it. Codes only."""

    way = models.ForeignKey(Return, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["way", "number"], name="return_event_number_once")]

    def __str__(self) -> str:
        return f"{self.way_id} {self.number}"
