"""The end of a file: one asks, an export is taken, another confirms, and the key is destroyed.

Nothing is erased while a guard of `conditions` does not hold. What was confirmed is carried out after the commit, and
again by a job until it is done: key store and storage cannot commit together with the database.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import AuditEvent, Notification, User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, Erasure, LegalHold
from cases.models.choices import FINAL_STATES, CaseState
from cases.models.erasure import ErasureGround
from cases.permissions import (
    can_ask_for_erasure,
    can_confirm_erasure,
    can_hold,
    can_lift_hold,
    cases_of_officer,
    grounds,
)
from cases.registry import open_matters
from cases.services import clocks, figures
from cases.services.erased import destroy, forget_rows
from cases.services.indexing import forget_words
from cases.services.locking import locked
from cases.wording import READS
from workflow.services import data_protection_officers

FINISH = "cases.finish_erasure"
# Of the erasure itself: these change nothing in the file. A hold is no part of it: what it says is erased too.
OWN_VERBS = (
    *("erasure.asked", "erasure.exported", "erasure.dropped"),
    # A copy of the file adds nothing to it.
    "paper.made",
)


@dataclass(frozen=True)
class Condition:
    """`holds` has to be true before anything is erased. `field` is that of the form of whoever asks."""

    sentence: str | Promise
    holds: bool
    field: str = ""


@dataclass(frozen=True)
class Begun:
    """An export that is being put together. `upto` is the number of the newest event that is in it."""

    case_id: UUID
    erasure_id: UUID
    upto: int


def conditions(case: Case, ground: str) -> list[Condition]:
    """What the file itself has to fulfil, whoever asks."""
    today = clock.today(case.agency.time_zone)
    until = kept_until(case)
    return [
        Condition(_("The case has ended."), case.state in FINAL_STATES),
        Condition(
            _("The file was kept as long as it must be, or the person whom it is about asks."),
            ground != ErasureGround.RETENTION or (until is not None and until < today),
            "ground",
        ),
        Condition(_("No legal hold is in force."), not holds_in_force(case)),
        Condition(_("Nothing is open any more: the police, a referral, a return."), not open_matters(case)),
        Condition(
            _("Every opening in an emergency is reviewed."),
            not case.emergency_openings.filter(reviewed_at__isnull=True).exists(),
        ),
        Condition(
            _("The files that were merged into this one are erased."),
            not case.duplicates.filter(erased_at__isnull=True).exists(),
        ),
    ]


def kept_until(case: Case) -> date | None:
    """Of a merged file, that of the one which goes on."""
    survivor = case.surviving_case
    return case.retain_until or (survivor.retain_until if survivor else None)


def holds_in_force(case: Case) -> list[LegalHold]:
    today = clock.today(case.agency.time_zone)
    lasting = Q(until__isnull=True) | Q(until__gte=today)
    return list(case.legal_holds.filter(lasting, lifted_at__isnull=True).select_related("placed_by"))


def standing(case: Case) -> Erasure | None:
    """The one that is asked for or carried out; there is never another."""
    return case.erasures.filter(dropped_at__isnull=True).select_related("asked_by", "confirmed_by").first()


def is_exported(case: Case, erasure: Erasure) -> bool:
    """Whether the export that was taken still is the whole file."""
    if erasure.exported_upto is None:
        return False
    later = AuditEvent.objects.filter(case_id=case.pk, id__gt=erasure.exported_upto)
    return not later.exclude(verb__in=[*READS, *OWN_VERBS]).exists()


@write
def ask_for_erasure(case_id: UUID, *, actor: User, ground: ErasureGround, reason: str) -> Erasure:
    """The first of two. Raises Invalid with the first condition that does not hold."""
    case = locked(case_id, actor)
    require(can_ask_for_erasure(actor, case))
    _require_conditions(case, ground)
    if standing(case):
        raise Invalid("", _("This is asked for already."))
    erasure = Erasure(case=case, ground=ground, asked_by=actor)
    erasure.reason = reason
    erasure.save(force_insert=True)
    if case.state != CaseState.DUPLICATE:
        figures.keep(case)
    record(actor, "erasure.asked", erasure, case_id=case.pk, ground=ground)
    notify(_both_sides(case) - {actor}, "erasure.asked", case, case_id=case.pk)
    return erasure


@write
def begin_export(case_id: UUID, *, actor: User) -> Begun:
    """Before the export is put together: what is written from now on may not be in it, and has to be exported anew.

    Nothing counts as exported yet: the export may still fail. Raises Erasure.DoesNotExist where nothing is asked for.
    """
    case = locked(case_id, actor)
    require(can_ask_for_erasure(actor, case))
    erasure = _asked(case)
    # Whoever writes in the case holds its lock, so no event below this number is still on its way.
    newest = AuditEvent.objects.filter(case_id=case.pk).aggregate(newest=Max("pk"))["newest"]
    return Begun(case.pk, erasure.pk, newest)


@write
def finish_export(begun: Begun, *, actor: User) -> Erasure:
    """When the last byte has left. Raises Erasure.DoesNotExist where it was taken back or confirmed meanwhile."""
    case = locked(begun.case_id, actor)
    require(can_ask_for_erasure(actor, case))
    erasure = _asked(case)
    if erasure.pk != begun.erasure_id:
        raise Erasure.DoesNotExist
    erasure.exported_by, erasure.exported_at, erasure.exported_upto = actor, clock.now(), begun.upto
    erasure.save(update_fields=["exported_by", "exported_at", "exported_upto"])
    record(actor, "erasure.exported", erasure, case_id=case.pk)
    return erasure


@write
def drop_erasure(case_id: UUID, *, actor: User) -> Erasure:
    """Either side takes it back; the file goes on being kept."""
    case = _locked_by_either(case_id, actor)
    erasure = _asked(case)
    erasure.dropped_by, erasure.dropped_at = actor, clock.now()
    erasure.save(update_fields=["dropped_by", "dropped_at"])
    record(actor, "erasure.dropped", erasure, case_id=case.pk)
    return erasure


@write
def confirm_erasure(case_id: UUID, *, actor: User) -> Erasure:
    """The second of two. From the commit on nothing of the file opens any more, whatever is restored."""
    case = _locked_by_either(case_id, actor)
    erasure = _asked(case)
    require(can_confirm_erasure(actor, case, erasure))
    _require_conditions(case, erasure.ground)
    if erasure.exported_upto is None:
        raise Invalid("", _("The file is not exported yet."))
    if not is_exported(case, erasure):
        raise Invalid("", _("Something has changed since the file was exported. Export it anew."))
    erasure.confirmed_by, erasure.confirmed_at = actor, clock.now()
    erasure.save(update_fields=["confirmed_by", "confirmed_at"])
    record(actor, "erasure.confirmed", erasure, case_id=case.pk, ground=erasure.ground)
    # While it is still known who supervises it.
    notify(_both_sides(case) - {actor}, "erasure.confirmed", case, case_id=case.pk)
    forget_words(case.child)
    forget_rows(case, by=actor)
    app.configure_task(FINISH).defer(case_id=str(case.pk))
    # At once where all is well; the job is for whatever fails, so a failure here fails nothing else.
    transaction.on_commit(lambda: destroy(case.pk), robust=True)
    return erasure


@write
def place_hold(case_id: UUID, *, actor: User, why: str, until: date | None = None) -> LegalHold:
    """`until` is the last day; without one somebody has to lift it."""
    case = locked(case_id, actor)
    require(can_hold(actor, case))
    today = clock.today(case.agency.time_zone)
    if until is not None and until < today:
        raise Invalid("until", _("The day cannot be in the past."))
    hold = LegalHold(case=case, placed_by=actor, until=until)
    hold.why = why
    hold.save(force_insert=True)
    record(actor, "hold.placed", hold, case_id=case.pk)
    return hold


@write
def lift_hold(case_id: UUID, hold_id: UUID, *, actor: User, because: str) -> LegalHold:
    """By somebody who did not place it. Raises LegalHold.DoesNotExist for one that is lifted already."""
    case = _locked_by_either(case_id, actor)
    hold = case.legal_holds.select_for_update(of=("self",)).select_related("placed_by")
    found = hold.get(pk=hold_id, lifted_at__isnull=True)
    require(can_lift_hold(actor, case, found))
    found.lifted_by, found.lifted_at = actor, clock.now()
    found.lifted_because = because
    found.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    record(actor, "hold.lifted", found, case_id=case.pk)
    notify([found.placed_by], "hold.lifted", case, case_id=case.pk)
    return found


def was_told(user: User, case: Case) -> bool:
    """Who may learn what became of an erased file: whoever asked, and whoever was told that it was asked for."""
    if user.agency_id != case.agency_id:
        return False
    told = Notification.objects.filter(receiver=user, case_id=case.pk, kind__startswith="erasure.")
    return told.exists() or case.erasures.filter(Q(asked_by=user) | Q(confirmed_by=user)).exists()


def _both_sides(case: Case) -> set[User]:
    return clocks.supervisors_of(case) | set(data_protection_officers(case.agency))


def _require_conditions(case: Case, ground: str) -> None:
    for condition in conditions(case, ground):
        if not condition.holds:
            raise Invalid(condition.field, _("Not yet: “%(what)s”") % {"what": condition.sentence})


def _asked(case: Case) -> Erasure:
    """Raises Erasure.DoesNotExist where nothing is asked for, or it is confirmed already."""
    return case.erasures.select_for_update(of=("self",)).get(
        dropped_at__isnull=True, confirmed_at__isnull=True
    )


def _locked_by_either(case_id: UUID, actor: User) -> Case:
    """Raises Case.DoesNotExist for whoever neither sees the case nor watches over it."""
    case = Case.objects.select_for_update(of=("self",)).select_related("agency").get(pk=case_id)
    if not grounds(actor, case) and not cases_of_officer(actor).filter(pk=case_id).exists():
        raise Case.DoesNotExist
    return case
