"""What happened in a case, newest first, cut to the sections that the reader may see."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from accounts.access import Section
from accounts.alphabets import listed, onward
from accounts.audit import LISTED
from accounts.models import AuditEvent
from cases.casefile import Change, changes_of
from cases.edges.lifecycle import LIFECYCLE
from cases.edges.tracks import TRACKS
from cases.models import EmergencyOpening
from cases.models.choices import Basis
from cases.wording import EVENTS, GROUNDS, READS, detail_words, page_words, reason_words

HOMEWARD = "Homeward"
# To which a reader is invited; None for those who work on the case and see all.
Conferences = Collection[UUID] | None
MOVES = [f"{LIFECYCLE.name}.{edge.name}" for edge in LIFECYCLE.edges]
# Verbs of the tracks: how each step reads once it is taken, as its machine says it.
STEPS = {
    f"{name}.{edge.name}": edge.happened or edge.label
    for name, track in TRACKS.items()
    for edge in track.machine.edges
}


@dataclass(frozen=True)
class Happening:
    at: datetime
    who: str
    text: str
    detail: str
    reason: str
    changes: tuple[Change, ...] = ()

    @property
    def note(self) -> str:
        return " · ".join(part for part in (self.detail, self.reason) if part)


def timeline(
    case_id: UUID,
    visible: Collection[Section],
    *,
    limit: int,
    before: int | None = None,
    section: Section | None = None,
    by: UUID | None = None,
    conferences: Conferences = None,
) -> list[AuditEvent]:
    """Events that changed something; of one section, or by one person. `before` is the number of an event."""
    events = _visible(case_id, visible, conferences).select_related("actor")
    if before is not None:
        events = events.filter(pk__lt=before)
    if section is not None:
        events = events.filter(sections__contains=[section.value])
    if by is not None:
        events = events.filter(actor=by)
    return list(events.order_by("-id")[:limit])


def people(
    case_id: UUID, visible: Collection[Section], conferences: Conferences = None
) -> list[tuple[UUID, str]]:
    """Everybody who did something that this reader sees, by name."""
    found = (
        _visible(case_id, visible, conferences)
        .filter(actor__isnull=False)
        .order_by("actor__name", "actor_id")
    )
    return list(found.values_list("actor_id", "actor__name").distinct())


def _visible(
    case_id: UUID, visible: Collection[Section], conferences: Conferences = None
) -> QuerySet[AuditEvent]:
    """One of a section exists only for those who see a part of it, one of a conference only for the invited."""
    hidden = [section.value for section in Section if section not in visible]
    events = AuditEvent.objects.filter(case_id=case_id, verb__in=[*EVENTS, *STEPS])
    events = events.exclude(sections__len__gt=0, sections__contained_by=hidden)
    if conferences is None:
        return events
    mine = Q(details__conference__in=list(map(str, conferences)))
    # Who opened it in an emergency is a matter of those who work on the case, and of their officers.
    return events.filter(~Q(verb__startswith="conference.") | mine).exclude(verb__startswith="emergency.")


def what_changed(
    case_id: UUID,
    events: Iterable[AuditEvent],
    visible: Collection[Section],
    *,
    for_team: bool,
    conferences: Conferences = None,
) -> Mapping[int, list[Change]]:
    """From what to what, by the number of the event. One write with several events tells it beside the first."""
    of_act: dict[UUID, int] = {}
    for event in events:
        if event.act is not None:
            of_act[event.act] = min(event.pk, of_act.get(event.act, event.pk))
    mine = conferences or ()
    found = changes_of(case_id, of_act, visible, for_team=for_team, conferences=mine) if of_act else {}
    return {of_act[act]: changes for act, changes in found.items()}


def in_words(event: AuditEvent, visible: Collection[Section], changes: Iterable[Change] = ()) -> Happening:
    """A reason is a note in somebody's own words, so it is shown to those who may read notes."""
    words = EVENTS.get(event.verb) or STEPS.get(event.verb) or READS.get(event.verb) or event.verb
    changes = tuple(changes)
    return Happening(
        at=event.at,
        # Nobody's own act: the clock's, or an import's from the command line.
        who=event.actor.name if event.actor else HOMEWARD,
        text=str(words),
        detail=_unsaid(_detail(event), changes),
        reason=reason_words(event.reason or "", by_itself=event.actor is None)
        if Section.NOTES in visible
        else "",
        changes=changes,
    )


def steps_taken(case_id: UUID) -> list[tuple[str, str]]:
    """From which state to which, oldest first: every step that moved the case."""
    moves = AuditEvent.objects.filter(case_id=case_id, verb__in=MOVES).order_by("id")
    return [
        (details["from"], details["to"])
        for details in moves.values_list("details", flat=True)
        if details["from"] != details["to"]
    ]


def _step_words(event: AuditEvent) -> str:
    """`Residence: No permit → Permit requested`, in the words of the machine; one that keeps its state, without."""
    track = TRACKS[event.verb.partition(".")[0]]
    labels = dict(track.machine.states.choices)
    ends = dict.fromkeys(str(labels.get(event.details.get(end), "")) for end in ("from", "to"))
    return f"{track.label}: {onward(end for end in ends if end)}"


def _detail(event: AuditEvent) -> str:
    return _step_words(event) if event.verb in STEPS else detail_words(event.details)


def _unsaid(detail: str, changes: Collection[Change]) -> str:
    """The parts of it that the changes do not say as well."""
    said = {words for change in changes for words in (change.title, change.before, change.after)}
    return " · ".join(
        part for part in detail.split(" · ") if not said.issuperset(part.split(onward(("", ""))))
    )


@dataclass
class Reading:
    """One person's openings of the file that follow each other without anybody between, on the same grounds.

    `why` says on which; where each page is told of itself, which sections it showed.
    """

    at: datetime
    who: str
    agency: str
    text: str
    why: str
    times: int = 1


def readings(case_id: UUID, *, limit: int, before: int | None = None) -> tuple[list[Reading], int | None]:
    """Who opened the file and why they may, newest first, of `limit` openings; and where the older ones begin."""
    events = AuditEvent.objects.filter(case_id=case_id, verb__in=READS).select_related("actor__agency")
    if before is not None:
        events = events.filter(pk__lt=before)
    taken = list(events.order_by("-id")[: limit + 1])
    older = taken[limit - 1].pk if len(taken) > limit else None
    return _runs(taken[:limit]), older


def readings_under(opening: EmergencyOpening) -> list[Reading]:
    """What the opener looked at while the emergency lasted, newest first."""
    events = _in_emergency().filter(
        case_id=opening.case_id,
        actor=opening.opened_by_id,
        at__range=(opening.opened_at, opening.until),
    )
    return _runs(list(events.select_related("actor__agency").order_by("-id")), by_page=True)


def pages_read(openings: Iterable[EmergencyOpening]) -> dict[UUID, int]:
    """How many pages the opener looked at under each of these, in one query."""
    under = _in_emergency().filter(
        case_id=OuterRef("case_id"),
        actor=OuterRef("opened_by"),
        at__range=(OuterRef("opened_at"), OuterRef("until")),
    )
    pages = under.order_by().values("case_id").annotate(pages=Count("pk")).values("pages")
    rows = EmergencyOpening.objects.filter(pk__in=[each.pk for each in openings])
    return dict(rows.annotate(pages=Coalesce(Subquery(pages), 0)).values_list("pk", "pages"))


def _in_emergency() -> QuerySet[AuditEvent]:
    """On this ground alone or beside another; lists open nothing."""
    read = [verb for verb in READS if verb != LISTED]
    return AuditEvent.objects.filter(verb__in=read, details__basis__contains=[Basis.EMERGENCY.value])


def _runs(events: list[AuditEvent], *, by_page: bool = False) -> list[Reading]:
    """With `by_page` each page is told of itself, and what stood on it."""
    found: list[Reading] = []
    last: object = None
    for event in events:
        page = (event.details.get("page"), event.sections) if by_page else None
        same = (event.actor_id, event.verb, event.details.get("basis"), localdate(event.at), page)
        if same == last:
            found[-1].times += 1
        else:
            found.append(_reading(event, by_page=by_page))
        last = same
    return found


def _reading(event: AuditEvent, *, by_page: bool) -> Reading:
    grounds = event.details.get("basis", [])
    if by_page:
        held = [str(section.label) for section in Section if section in event.sections]
        what = page_words(event.verb, event.details.get("page", ""))
        return Reading(event.at, _who(event), "", what, ", ".join(held))
    return Reading(
        at=event.at,
        who=_who(event),
        agency=event.actor.agency.name if event.actor else "",
        text=str(READS[event.verb]),
        why=listed(str(GROUNDS[ground]) for ground in grounds if ground in GROUNDS),
    )


def _who(event: AuditEvent) -> str:
    return event.actor.name if event.actor else ""
