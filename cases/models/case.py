import secrets
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField

import clock
from accounts.access import Section
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.access import CaseAccess
from cases.models.choices import FINAL_STATES, CaseState, EarlyEnd, NotEligible, Risk
from cases.models.facts import Facts
from vault.fields import SealedText

if TYPE_CHECKING:
    from cases.models.child import Child

# No vowels and no look-alikes: a code is read aloud over bad lines and must not spell a word.
CODE_ALPHABET = "2346789BCDFGHJKMNPQRTVWXZ"


def written_code(typed: str) -> str:
    """As it is kept: told by telephone, it comes with a hyphen, a space or nothing between its halves."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    return f"{signs[:3]}-{signs[3:]}"


def new_code() -> str:
    """A code such as `K74-2QX`: random, so that it tells neither age nor number of cases."""
    drawn = "".join(secrets.choice(CODE_ALPHABET) for _ in range(6))
    return f"{drawn[:3]}-{drawn[3:]}"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """Cases that this account has a live ground to see: the list's rule and the object check's alike."""
        return self.filter(pk__in=CaseAccess.objects.live_for(user).values("case_id"))


class Case(models.Model):
    """One file for one child. `state` moves only along the edges of `cases.edges`."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True, default=new_code, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="cases")
    state = FSMField(choices=CaseState.choices, default=CaseState.REPORTED, protected=True)
    state_since = models.DateTimeField(default=clock.now)
    # Where a suspended case, and where an undone merge, goes back to: a missing child's file can be merged too.
    suspended_from = models.CharField(max_length=12, choices=CaseState.choices, blank=True)
    merged_from = models.CharField(max_length=12, choices=CaseState.choices, blank=True)
    # The level of the latest assessment; empty runs the clocks of high risk.
    risk = models.CharField(max_length=6, choices=Risk.choices, blank=True)
    reported_at = models.DateTimeField(default=clock.now)
    suspended_at = models.DateTimeField(null=True)
    # Of the present suspension: what the police gave to ask by.
    police_reference = SealedText(scope="id", null=True)

    # The facts that the ✖ guards read, in clear, so that the database enforces them too.
    plan_author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    plan_approver = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closure_author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closure_approver = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    # Set by the return, or confirmed by a supervisor where none is required (`DurableSolution`).
    durable_solution = models.CharField(max_length=12, blank=True)
    durable_solution_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Until when the file is kept, once its closure is written.
    retain_until = models.DateField(null=True)

    early_end = models.CharField(max_length=12, choices=EarlyEnd.choices, blank=True)
    not_eligible = models.CharField(max_length=13, choices=NotEligible.choices, blank=True)
    signpost = SealedText(scope="id", null=True)
    surviving_case = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")

    # A case taken over from another system: marked, never faked through the guards.
    imported_at = models.DateTimeField(null=True)
    import_key = models.CharField(max_length=120, blank=True)
    taken_over_at = models.DateTimeField(null=True)
    # From this moment nothing of the file opens any more, and nobody has access to it.
    erased_at = models.DateTimeField(null=True)

    history = FileHistory()
    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        child: Child

    class Meta:
        # What a personal grant can name, as django-guardian's object permissions.
        permissions = [
            (f"{verb}_{section.value}", f"{verb} {section.value}")
            for verb in ("read", "write")
            for section in Section
        ]
        triggers = [
            # The way back is where the case came from: no detour by way of a suspension or a merge leads further.
            pgtrigger.Protect(
                name="way_back",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((NEW.state = 'suspended' AND OLD.state NOT IN ('suspended', 'duplicate')"
                    " AND NEW.suspended_from <> OLD.state)"
                    " OR (OLD.state = 'suspended' AND NEW.state NOT IN ('suspended', 'duplicate', 'closed')"
                    " AND NEW.state <> OLD.suspended_from)"
                    " OR (OLD.state IN ('suspended', 'duplicate') AND NEW.state IN ('suspended', 'duplicate')"
                    " AND NEW.suspended_from <> OLD.suspended_from)"
                    " OR (NEW.state = 'duplicate' AND OLD.state <> 'duplicate' AND NEW.merged_from <> OLD.state)"
                    " OR (OLD.state = 'duplicate' AND NEW.state <> 'duplicate' AND NEW.state <> OLD.merged_from)"
                    " OR (OLD.state = 'duplicate' AND NEW.state = 'duplicate'"
                    " AND NEW.merged_from <> OLD.merged_from))"
                ),
            ),
            pgtrigger.Protect(
                name="stays_erased",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.erased_at IS NOT NULL"
                    " AND (NEW.erased_at IS DISTINCT FROM OLD.erased_at OR NEW.state <> OLD.state)"
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "import_key"], condition=~Q(import_key=""), name="case_import_key_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.DUPLICATE) | Q(surviving_case__isnull=False),
                name="case_duplicate_names_survivor",
            ),
            models.CheckConstraint(
                condition=Q(surviving_case__isnull=True) | ~Q(surviving_case=F("id")),
                name="case_does_not_survive_itself",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.SUSPENDED) | ~Q(suspended_from=""),
                name="case_suspended_knows_way_back",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.DUPLICATE) | ~Q(merged_from=""),
                name="case_duplicate_knows_way_back",
            ),
            models.CheckConstraint(
                condition=Q(durable_solution__in=["", "not_required", "handed_over", "integration"])
                & (~Q(durable_solution="not_required") | Q(durable_solution_by__isnull=False)),
                name="case_durable_solution_known",
            ),
            models.CheckConstraint(
                condition=Q(import_key="") | Q(imported_at__isnull=False), name="case_import_key_is_imported"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def has_ended(self) -> bool:
        """In a final state: shown as it was, and nothing new is recorded in it."""
        return self.state in FINAL_STATES

    @property
    def waits_for_takeover(self) -> bool:
        """Imported and not taken over yet: no clock runs."""
        return self.imported_at is not None and self.taken_over_at is None

    @cached_property
    def facts(self) -> Facts:
        """What the guards judge, loaded at most once for one locked (or one displayed) case."""
        return Facts(self)


class Assignment(models.Model):
    """Who works on a case, from when to when. The open row is the present worker."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    worker = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="assignment_one_worker_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.worker_id}"
