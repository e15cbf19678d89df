"""Opening a file without any other ground, because a child is in danger now, and the review that follows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.access import Level, Relation, Section, level
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.limits import counted, forget, give_back
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, CaseAccess, EmergencyOpening
from cases.models.choices import OPEN_STATES, Basis
from cases.models.emergency import EmergencyVerdict
from cases.permissions import can_open_in_emergency, emergencies_watched_by, sections, watchers_of
from cases.services import clocks, grounds
from workflow import deadlines
from workflow.machine import visible_length
from workflow.services import SHORTEST_REASON, data_protection_officers

MINUTES, REVIEW_HOURS = "emergency.minutes", "emergency.review_hours"
REFUSED, GUESSING = "emergency.refused", "emergency.guessing"
# So many wrong codes within the time; whoever reads a code aloud over a bad line needs two or three.
MOST_TRIES = 5
WITHIN_SECONDS = 900


class NoSuchFile(Invalid):
    """No file of this code that could be opened so. It never says which of the reasons it is."""

    def __init__(self) -> None:
        sentence = _("No open file of your country has this code. Ask for it again, sign by sign.")
        super().__init__("case_code", sentence)


def open_in_emergency(code: str, *, actor: User, reason: str) -> EmergencyOpening:
    """Opens it for `emergency.minutes` and tells whoever reviews it. Raises Invalid; every wrong code is recorded.

    No write itself: a refusal takes a write back, and its own trace must stay.
    """
    require(can_open_in_emergency(actor))
    _require_words("reason", reason)
    tries = f"emergency:{actor.pk}"
    number = counted(tries, WITHIN_SECONDS)
    if number > MOST_TRIES:
        if number == MOST_TRIES + 1:
            _tell_of_guessing(actor)
        raise Invalid("case_code", _("Too many tries. Wait fifteen minutes, or call a supervisor."))
    try:
        opening = _open(code, actor=actor, reason=reason)
    except NoSuchFile:
        _record_refusal(actor)
        raise
    except Invalid:
        # A right code of a file that is open already: nobody guessed.
        give_back(tries)
        raise
    forget(tries)
    return opening


@write
def _open(code: str, *, actor: User, reason: str) -> EmergencyOpening:
    case = _locked_by_code(code, actor)
    if _sections_given() <= sections(actor, case).keys():
        raise Invalid("case_code", _("This file is open to you already. You find it among your cases."))
    now = clock.now()
    minutes = policy.get(MINUTES, agency=case.agency)
    opening = EmergencyOpening(
        pk=uuid4(),
        case=case,
        opened_by=actor,
        opened_at=now,
        until=now + timedelta(minutes=minutes),
    )
    opening.reason = reason
    opening.save(force_insert=True)
    grounds.open_ground(case, Basis.EMERGENCY, opening.pk, account=actor, until=opening.until, by=actor)
    _start_review(opening, case)
    record(actor, "emergency.opened", opening, case_id=case.pk, reason=reason, minutes=minutes)
    told = clocks.reviewers_of(case) - {actor}
    notify(told, "emergency.opened", opening, case_id=case.pk)
    return opening


def _locked_by_code(code: str, actor: User) -> Case:
    """An open file of the same country, whose agency lets files be opened so."""
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(
            code=code,
            state__in=OPEN_STATES,
            erased_at__isnull=True,
            agency__country=actor.agency.country,
        )
        .first()
    )
    if case is None or not policy.get(MINUTES, agency=case.agency):
        raise NoSuchFile
    return case


def _sections_given() -> set[Section]:
    return {section for section in Section if level(Relation.EMERGENCY, section) > Level.NONE}


def _start_review(opening: EmergencyOpening, case: Case) -> None:
    hours = policy.get(REVIEW_HOURS, agency=case.agency)
    due_at = opening.opened_at + timedelta(hours=hours)
    clocks.start_task(case, clocks.EMERGENCY_REVIEW, due_at, opening=str(opening.pk))


def keep_review_due(case: Case, actor: User) -> None:
    """Whatever else ends with a case: what was opened in an emergency is still to be reviewed."""
    for opening in EmergencyOpening.objects.waiting().filter(case=case):
        _start_review(opening, case)


def drop_reviewed(case: Case, _actor: User) -> None:
    """A merge that is undone revives what it cancelled; what was reviewed meanwhile is not asked for again."""
    for opening in EmergencyOpening.objects.filter(case=case, reviewed_at__isnull=False):
        deadlines.meet(case.pk, clocks.EMERGENCY_REVIEW, {"opening": str(opening.pk)})


def ended_early(openings: Iterable[EmergencyOpening]) -> dict[UUID, datetime]:
    """When the ground behind each of these was taken away before its time, for those where it was."""
    rows = CaseAccess.objects.filter(
        basis=Basis.EMERGENCY, basis_id__in=[each.pk for each in openings], ended_at__isnull=False
    )
    return {basis_id: at for basis_id, at in rows.values_list("basis_id", "ended_at") if at}


@write
def review_emergency(
    opening_id: UUID, *, actor: User, verdict: EmergencyVerdict, note: str
) -> EmergencyOpening:
    """Once, and never by the one who opened it. Raises EmergencyOpening.DoesNotExist where it is not theirs to see."""
    case_id = emergencies_watched_by(actor).values_list("case_id", flat=True).get(pk=opening_id)
    # Cases before what hangs on them, as everywhere.
    case = Case.objects.select_for_update(of=("self",)).select_related("agency").get(pk=case_id)
    opening = (
        EmergencyOpening.objects.select_for_update(of=("self",))
        .select_related("opened_by")
        .get(pk=opening_id, case=case)
    )
    require(opening.opened_by_id != actor.pk)
    if opening.reviewed_at is not None:
        raise Invalid("", _("Somebody else has reviewed this in the meantime."))
    _require_words("note", note)
    opening.verdict, opening.reviewed_by, opening.reviewed_at = verdict, actor, clock.now()
    opening.note = note
    opening.save()
    deadlines.meet(case.pk, clocks.EMERGENCY_REVIEW, {"opening": str(opening.pk)})
    record(actor, "emergency.reviewed", opening, case_id=case.pk, reason=note, verdict=verdict)
    notify([opening.opened_by], "emergency.reviewed", opening)
    if verdict == EmergencyVerdict.NOT_JUSTIFIED:
        _end_opening(opening, by=actor)
        officers = set(data_protection_officers(case.agency)) - {actor}
        notify(officers, "emergency.not_justified", opening, case_id=case.pk)
    return opening


def _end_opening(opening: EmergencyOpening, *, by: User) -> None:
    """What was no emergency is none for the rest of the time either."""
    rows = CaseAccess.objects.live().filter(basis=Basis.EMERGENCY, basis_id=opening.pk)
    for row in rows.select_related("account", "case"):
        grounds.end_ground(row, by=by)


def _require_words(field: str, words: str) -> None:
    if visible_length(words) < SHORTEST_REASON:
        short = _("Say why in at least %(count)s characters: others will rely on it.")
        raise Invalid(field, short % {"count": SHORTEST_REASON})


@transaction.atomic
def _record_refusal(actor: User) -> None:
    """Without the code: what somebody guessed is not kept beside what there is."""
    record(actor, REFUSED, actor)


@transaction.atomic
def _tell_of_guessing(actor: User) -> None:
    record(actor, GUESSING, actor)
    notify(watchers_of(actor), GUESSING, actor)
