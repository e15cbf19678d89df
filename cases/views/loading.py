"""How every page of a case begins: what you may not see does not exist, and what you see is recorded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest

from accounts import live, presence
from accounts.access import Level, Section
from accounts.audit import record_read
from accounts.live import Topic
from accounts.models import User
from accounts.permissions import require
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import (
    WORKING_HANDS,
    conferences_visible,
    grounds_of_many,
    hands_in_section,
    hands_on,
    opens_file,
    sections_on,
)
from cases.services.telling import CASE_TOPIC


def reader(request: HttpRequest) -> User:
    """The signed-in account; LoginRequiredMiddleware has sent everybody else away."""
    return cast(User, request.user)


@dataclass(frozen=True)
class OpenedCase:
    """A case with the grounds on which this reader sees it."""

    case: Case
    grounds: list[CaseAccess]
    sections: Mapping[Section, Level]
    hands: frozenset[str]

    @property
    def works_on_it(self) -> bool:
        """Whether steps, conditions and tasks of the case are this reader's business."""
        return bool(self.hands & WORKING_HANDS)

    @property
    def reads_history(self) -> bool:
        """Who did what and when: not for a post, which was asked one thing, nor for an hour in an emergency."""
        return any(ground.basis not in {Basis.REQUEST, Basis.EMERGENCY} for ground in self.grounds)

    @property
    def may_take_away(self) -> bool:
        """The file on paper. An emergency is for reading now, and leaves nothing in a pocket."""
        return any(ground.basis != Basis.EMERGENCY for ground in self.grounds)

    def conferences_of(self, user: User) -> frozenset[UUID] | None:
        """Those to which this reader is invited; None for those who work on the case: they see all."""
        if self.works_on_it:
            return None
        return frozenset(conferences_visible(user, self.case, self.grounds).values_list("pk", flat=True))

    def hands_in(self, section: Section) -> frozenset[str]:
        """The same, with the partner's hand in a section that this reader was given to write."""
        return hands_in_section(self.grounds, section)

    def sees(self, section: Section) -> bool:
        return section in self.sections

    def sees_any(self, sections: Iterable[Section]) -> bool:
        return any(map(self.sees, sections))

    def writes(self, section: Section) -> bool:
        return self.sections.get(section, Level.NONE) >= Level.WRITE

    def may_record(self, section: Section) -> bool:
        """Whether a page offers its forms: a file that has ended is only shown."""
        return self.writes(section) and not self.case.has_ended


def tell_of_emergency(request: HttpRequest, rows: Iterable[CaseAccess]) -> None:
    """So that every page of a file that is open for an hour says so (`cases.context`)."""
    urgent = next((row for row in rows if row.basis == Basis.EMERGENCY), None)
    request.emergency = urgent  # type: ignore[attr-defined]


def opened_case(request: HttpRequest, case_id: UUID) -> OpenedCase:
    """The case, or 404 for a stranger: one query for grounds, case, owner and child.

    Its page changes with it, and knows who else works on it there.
    """
    case_topic, page_topic = Topic(CASE_TOPIC, case_id), live.page_topic(request.path)
    rows = list(
        CaseAccess.objects.live_for(reader(request))
        .filter(case_id=case_id)
        .annotate(seen=live.code_of(case_topic))
        .select_related("case__agency", "case__child", "case__legal", "case__medical", "case__rehabilitation")
    )
    if not opens_file(rows):
        raise Http404
    tell_of_emergency(request, rows)
    live.watch(request, case_topic, getattr(rows[0], "seen", ""))
    live.watch(request, page_topic)
    opened = OpenedCase(rows[0].case, rows, sections_on(rows), hands_on(rows))
    if opened.works_on_it:
        presence.expect(request, partial(_company, reader(request), opened.case, case_topic, page_topic))
    return opened


def _company(user: User, case: Case, *topics: Topic) -> list[list[User]]:
    """Who else has the file open, and who this very page: of those who work on it too."""
    there = presence.others_at(user, *topics)
    if not there[0]:
        return []
    held = grounds_of_many(there[0], [case.pk])
    working = {each for each, _case in held if hands_on(held[each, case.pk]) & WORKING_HANDS}
    return [[each for each in people if each in working] for people in there]


def read_case(
    request: HttpRequest,
    case_id: UUID,
    *needed: Section,
    shown: Iterable[Section] = (),
    verb: str = "case.read",
    exists: Callable[[OpenedCase], bool] | None = None,
) -> OpenedCase:
    """For pages that show the file: the reading is recorded before anything leaves; no record, no page.

    A page of sections that this reader does not have does not exist either, nor one of which `exists` says so.
    """
    opened = opened_case(request, case_id)
    if not all(opened.sees(section) for section in needed) or (exists and not exists(opened)):
        raise Http404
    visible = [section for section in (*needed, *shown) if opened.sees(section)]
    why = [row.basis for row in opened.grounds]
    record_read(reader(request), opened.case, case_id=case_id, sections=visible, basis=why, verb=verb)
    return opened


def write_case(request: HttpRequest, case_id: UUID, section: Section) -> OpenedCase:
    """For pages that change one section: 404 without sight of it, 403 with sight only."""
    opened = read_case(request, case_id, section)
    require(opened.writes(section))
    return opened
