"""One return while it is told: of which file it is, and who takes its steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import clock
from accounts.models import Agency, User
from cases.demo.files import File
from cases.demo.times import clock_set_back
from cases.models.choices import Answer, GivenBy, Purpose
from cases.services.consents import record_consent
from repatriation.models import Return
from repatriation.services.moving import take_return_step
from repatriation.services.opening import consider_return

HOME = "XB"


@dataclass(frozen=True)
class Way:
    file: File
    pk: UUID

    def row(self) -> Return:
        """As it is now."""
        return Return.objects.select_related("panel", "case__agency").get(pk=self.pk)

    def who(self, username: str) -> User:
        return self.file.people[username] if username else self.file.worker

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """A moment that has been planned, whatever the hour at which the demo is made."""
        with clock_set_back(clock.now() - moment):
            yield

    def step(self, edge: str, *, by: str = "", reason: str = "", **values: Any) -> None:
        """Taken now, by the worker of the case unless somebody else is named."""
        take_return_step(self.pk, edge, actor=self.who(by), values=values, reason=reason)


def consider(file: File, country: str = HOME) -> Way:
    way = consider_return(file.case_id, actor=file.worker, country=country)
    return Way(file, way.pk)


def agree(file: File, purpose: Purpose, recipient: Agency | None = None) -> None:
    """The child says yes to this, today."""
    record_consent(
        file.case_id,
        actor=file.worker,
        purpose=purpose,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=clock.today(file.worker.agency.time_zone),
        recipient=recipient,
    )
