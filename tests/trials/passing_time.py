"""Rules of a drive: the clock goes on, the agency moves to another zone, and workers sweep what is due."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import rule

import clock
from accounts import policy
from accounts.models import Agency
from tests.trials.drive import Drive
from workflow import deadlines
from workflow.models import Deadline

# Nights on which an hour is missing or comes twice, ends of leap Februaries, and where zones part on the same night.
NIGHTS = (
    (2027, 3, 28), (2027, 10, 31), (2028, 2, 28), (2028, 2, 29), (2028, 3, 26), (2028, 10, 29),
    (2029, 3, 25), (2031, 12, 31), (2032, 2, 29), (2036, 2, 28), (2036, 2, 29),
)  # fmt: skip
ZONES = (
    "Europe/Vienna",
    "Europe/Chisinau",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
)


class PassingTime(Drive):
    """Every deadline that came due has fired once when a sweep is over, even if a worker died in one."""

    @rule(hours=st.sampled_from((0.25, 1, 7, 25, 24 * 3, 24 * 8, 24 * 32, 24 * 100)))
    def time_passes(self, hours: float) -> None:
        self.clock_at.forward(timedelta(hours=hours))

    @rule(night=st.sampled_from(NIGHTS), minute=st.integers(-90, 200))
    def a_night(self, night: tuple[int, int, int], minute: int) -> None:
        """On, or just before, a night that is an hour shorter or longer, or that only some years have."""
        at = datetime(*night, tzinfo=ZoneInfo(ZONES[0])) + timedelta(minutes=minute)
        if at > clock.now():
            self.clock_at(at)

    @rule(zone=st.sampled_from(ZONES))
    def agency_moves(self, zone: str) -> None:
        home = self.people["ana"].agency_id
        Agency.objects.filter(pk=home).update(time_zone=zone)
        for person in self.people.values():
            person.agency.refresh_from_db()

    @rule(crash=st.booleans())
    def sweep(self, crash: bool) -> None:
        """Two workers, the first of which may die over its second deadline; then one that was started anew."""
        due = set(self._due())
        if crash:
            self._sweep_and_die()
        deadlines.sweep()
        deadlines.sweep()
        policy.forget_kept()
        assert deadlines.sweep() == 0
        assert not self._due()
        for deadline in due:
            assert self.fired["overdue", deadline] == 1, "a deadline that was due did not fire once"

    def _due(self) -> list[UUID]:
        rows = Deadline.objects.open().filter(due_at__lte=clock.now(), overdue_at=None)
        return list(rows.values_list("pk", flat=True))

    def _sweep_and_die(self) -> None:
        """The callback runs and the process dies before its transaction commits: nothing of it has happened."""
        seen: list[UUID] = []

        def die(deadline: Deadline) -> None:
            seen.append(deadline.pk)
            if len(seen) > 1:
                self.fired["overdue", deadline.pk] -= 1
                raise KeyboardInterrupt

        deadlines.on_overdue(die)
        try:
            deadlines.sweep()
        except KeyboardInterrupt:
            self.tally["worker died"] += 1
        finally:
            deadlines._overdue.remove(die)
