"""The tracks of care as lanes: how far each has come, where it stopped, and one line of why."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Section
from cases.edges.legal import STRAND_LABELS
from cases.edges.medical import MEDICAL
from cases.edges.rehabilitation import REHABILITATION
from cases.edges.tracks import TRACKS, TrackMachine
from cases.models import Case
from cases.models.plan import Track
from cases.models.tracks import (
    Identification,
    MedicalState,
    Proceedings,
    Protection,
    Redress,
    RehabilitationState,
    Representation,
    Residence,
)
from cases.settled import unsettled_strands, unsettled_tracks
from cases.views.loading import OpenedCase

# The way that each machine goes from its first state when nothing gets in between.
PATHS: Mapping[str, tuple[str, ...]] = {
    "representation": (Representation.REQUESTED, Representation.APPOINTED),
    "identification": (
        Identification.REQUESTED,
        Identification.POSSIBLE_VICTIM,
        Identification.VICTIM,
    ),
    "residence": (Residence.PERMIT_REQUESTED, Residence.PERMITTED),
    "protection": (Protection.CLAIMED, Protection.GRANTED),
    "proceedings": (Proceedings.OPEN, Proceedings.CLOSED),
    "redress": (Redress.SOUGHT, Redress.AWARDED),
    "medical": (
        MedicalState.TRIAGE,
        MedicalState.ASSESSMENT,
        MedicalState.TREATMENT,
        MedicalState.STABLE_FOLLOW_UP,
        MedicalState.COMPLETED,
    ),
    "rehabilitation": (
        RehabilitationState.NEEDS_ASSESSED,
        RehabilitationState.PLAN_AGREED,
        RehabilitationState.IN_PROGRESS,
        RehabilitationState.REVIEW,
        RehabilitationState.ACHIEVED,
    ),
}
# States beside the way: the place on it where they stand, and how that is marked.
BESIDE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("identification", Identification.NOT_A_VICTIM): (Identification.VICTIM, "stop"),
    ("residence", Residence.REFUSED): (Residence.PERMITTED, "stop"),
    ("protection", Protection.REFUSED_FINAL): (Protection.GRANTED, "stop"),
    ("protection", Protection.WITHDRAWN): (Protection.GRANTED, "stop"),
    ("proceedings", Proceedings.PAUSED): (Proceedings.OPEN, "stop"),
    ("redress", Redress.REFUSED): (Redress.AWARDED, "stop"),
    ("medical", MedicalState.URGENT_CARE): (MedicalState.TRIAGE, "now"),
    ("rehabilitation", RehabilitationState.ON_HOLD): (RehabilitationState.IN_PROGRESS, "stop"),
    ("rehabilitation", RehabilitationState.PARTLY_ACHIEVED): (RehabilitationState.ACHIEVED, "now"),
    ("rehabilitation", RehabilitationState.ENDED): (RehabilitationState.ACHIEVED, "stop"),
}
NAMED = 2


@dataclass(frozen=True)
class Lane:
    title: str
    note: str
    kind: str
    url: str
    steps: list[tuple[str, str]]


def track_lanes(opened: OpenedCase) -> list[Lane]:
    """The tracks that this reader may see, each with the way to its page."""
    unsettled = unsettled_tracks(opened.case)
    return [
        _lane(opened.case, track, is_settled=track not in unsettled)
        for track in Track
        if opened.sees(Section(track))
    ]


def _lane(case: Case, track: Track, *, is_settled: bool) -> Lane:
    if track == Track.LEGAL:
        note, steps = _legal_note(case), _strand_marks(case)
    else:
        machine = TRACKS[MEDICAL.name if track == Track.MEDICAL else REHABILITATION.name]
        note, steps = state_words(machine, case), marks(machine, case)
    kind = "done" if is_settled else "due"
    return Lane(str(track.label), note, kind, reverse(track.value, args=[case.pk]), steps)


def _legal_note(case: Case) -> str:
    """The strands that wait, the first of them by name."""
    waiting = [
        _("%(strand)s: %(state)s") % {"strand": STRAND_LABELS[name], "state": state_words(TRACKS[name], case)}
        for name in unsettled_strands(case.legal)
    ]
    if not waiting:
        return _("Settled")
    more = len(waiting) - NAMED
    words = [ngettext("%(count)s more", "%(count)s more", more) % {"count": more}] if more > 0 else []
    return " · ".join([*waiting[:NAMED], *words])


def _strand_marks(case: Case) -> list[tuple[str, str]]:
    """One bar for each strand: settled, under way, or not begun."""
    waiting = unsettled_strands(case.legal)
    return [
        (str(label), "done" if name not in waiting else "now" if _has_begun(name, case) else "")
        for name, label in STRAND_LABELS.items()
    ]


def _has_begun(name: str, case: Case) -> bool:
    machine = TRACKS[name].machine
    return machine.state_of(case.legal) != machine.initial


def state_words(track: TrackMachine, case: Case) -> str:
    return str(track.machine.states(track.machine.state_of(track.row_of(case))).label)


def marks(track: TrackMachine, case: Case) -> list[tuple[str, str]]:
    """The way of one machine as bars; none for a state in which there is no way to go."""
    name, machine = track.machine.name, track.machine
    state = machine.state_of(track.row_of(case))
    place, mark = BESIDE.get((name, state), (state, "now"))
    path = PATHS[name]
    if place not in path:
        begun = state == machine.initial
        return [(str(machine.states(step).label), "") for step in path] if begun else []
    at = path.index(place)
    if at == len(path) - 1 and mark == "now":
        mark = "done"
    return [
        (str(machine.states(step).label), "done" if number < at else mark if number == at else "")
        for number, step in enumerate(path)
    ]
