"""One file while it is told: whose it is, who works on it, and on which of its days something happens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import clock
from accounts.access import Section
from accounts.models import User
from cases.demo.partners import give
from cases.demo.stories import Story, report_id_of, tell
from cases.demo.times import clock_set_back
from cases.edges.tracks import TRACKS
from cases.models import Case, Report
from cases.models.choices import Risk, Safety
from cases.services import steps
from cases.services.notes import write_note
from cases.services.risk import assess_risk
from cases.services.tracks import take_track_step

TRACK_OF: Mapping[str, str] = {
    edge.name: track.machine.name for track in TRACKS.values() for edge in track.machine.edges
}


@dataclass(frozen=True)
class File:
    story: Story
    case_id: UUID
    people: dict[str, User]

    @property
    def worker(self) -> User:
        return self.people[self.story.worker]

    @property
    def today(self) -> date:
        return clock.today(self.worker.agency.time_zone)

    @property
    def half(self) -> int:
        """0 or 1, by which words differ from file to file; the last bit tells the citizenship already."""
        return self.story.number // 2 % 2

    def case(self) -> Case:
        return Case.objects.get(pk=self.case_id)

    @contextmanager
    def day(self, number: float) -> Iterator[None]:
        """Counted from the report; a fraction is a part of a day."""
        with self.ago(self.story.days_ago - number):
            yield

    @contextmanager
    def ago(self, days: float) -> Iterator[None]:
        """Counted back from now."""
        with clock_set_back(timedelta(days=days)):
            yield

    def step(self, edge: str, *, by: str = "", reason: str = "", **values: Any) -> None:
        """One step of the case itself, by the worker unless somebody else is named."""
        actor = self.people[by] if by else self.worker
        steps.take_step(self.case_id, edge, actor=actor, reason=reason, values=values)

    def track_step(self, edge: str, *, by: str = "", reason: str = "", **values: Any) -> None:
        """One step of a track, taken today. What is so many days from today is given as a span of time."""
        entered = {
            name: self.today + value if isinstance(value, timedelta) else value
            for name, value in values.items()
        }
        take_track_step(
            self.case_id,
            TRACK_OF[edge],
            edge,
            actor=self.people[by] if by else self.worker,
            values={"happened_on": self.today} | entered,
            reason=reason,
        )

    def give(self, *usernames: str) -> None:
        give(self.case_id, self.people, *usernames, days=180)

    def note(self, section: Section, words: str, *, by: str = "") -> UUID:
        actor = self.people[by] if by else self.worker
        return write_note(self.case_id, actor=actor, section=section, words=words).pk

    def risk(self, level: Risk, note: str, safety: Safety = Safety.SAFE) -> None:
        assess_risk(self.case_id, actor=self.worker, level=level, safety=safety, child_seen=True, note=note)


def begin(story: Story, people: dict[str, User]) -> File | None:
    """Told as far as the register; None when it was told before."""
    if Report.objects.filter(pk=story.report_id, taken_at__isnull=False).exists():
        return None
    tell(story, people)
    report = Report.objects.get(pk=story.report_id)
    return File(story, report.case_key, people)


def code_of(number: int) -> str:
    """The code of another file of the demo, by the number of its story."""
    return Case.objects.get(pk=Report.objects.get(pk=report_id_of(number)).case_key).code
