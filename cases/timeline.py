"""What happened in a case, newest first, cut to the sections that the reader may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.access import Section
from accounts.models import AuditEvent
from cases.wording import EVENTS, READS, detail_words


@dataclass(frozen=True)
class Happening:
    at: datetime
    who: str
    text: str
    detail: str
    reason: str

    @property
    def note(self) -> str:
        return " · ".join(part for part in (self.detail, self.reason) if part)


def timeline(
    case_id: UUID, visible: Collection[Section], *, limit: int, before: int | None = None
) -> list[AuditEvent]:
    """Events that changed something. One that belongs to a section exists only for those who see a part of it."""
    events = AuditEvent.objects.filter(case_id=case_id, verb__in=EVENTS).select_related("actor")
    if before is not None:
        events = events.filter(pk__lt=before)
    hidden = [section.value for section in Section if section not in visible]
    return list(events.exclude(sections__len__gt=0, sections__contained_by=hidden).order_by("-id")[:limit])


def in_words(event: AuditEvent) -> Happening:
    words = EVENTS.get(event.verb) or READS.get(event.verb) or event.verb
    return Happening(
        at=event.at,
        who=event.actor.name if event.actor else "",
        text=str(words),
        detail=detail_words(event.details),
        reason=event.reason or "",
    )


def readings(case_id: UUID, *, limit: int) -> list[AuditEvent]:
    """Who opened the file, newest first."""
    events = AuditEvent.objects.filter(case_id=case_id, verb__in=READS)
    return list(events.select_related("actor__agency").order_by("-id")[:limit])
