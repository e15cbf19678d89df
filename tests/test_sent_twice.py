"""Every form of every page, sent twice: the second changes nothing, tells nobody, and leads to where the first led."""

from uuid import uuid4

import pytest

from accounts.models import AuditEvent, Notification
from tests.permissions import entrance
from tests.permissions.base import DUTY, RELATIONS, ROLES, Viewer
from tests.permissions.world import (
    NAMES_NOTHING,
    TABLE,
    World,
    address,
    enter,
    world,
)
from tests.undone import undone
from workflow.models import Deadline

__all__ = ["world"]

# What the file of the matrix leaves nothing to do for: its step was taken before, or changes no more than it was.
NO_EFFECT = frozenset(
    {"case_police", "case_step resume", "duplicates_run", "notices_put_back", "notices_read", "testimony"}
) | {
    # It only asks.
    "case_search",
    # Its return is only thought of: no panel sits, nothing is decided, nobody is asked and nothing is planned.
    *("panel_alternate", "panel_complete", "panel_dissolve", "panel_told"),
    *("permit_new", "return_document_new", "return_request"),
    *("return_arrange", "return_route", "return_waiver_back"),
}
# Each has an answer of its own to the second: signing in and out, and the language of a page.
NO_WRITES = frozenset(
    {"set_language", *entrance.ROWS} | {name for name in TABLE if name.startswith("account_")}
)


def may_send(name: str) -> Viewer | None:
    """Somebody whose form is taken; in place of the duty worker, who is let in for a night, one who stays."""
    everybody = [(role, relation) for role in ROLES for relation in RELATIONS if (role, relation) != DUTY]
    if name in NAMES_NOTHING:
        everybody = [(role, "agency") for role in ROLES]
    return next((viewer for viewer in everybody if TABLE[name].post.expected(viewer) == 302), None)


def left_behind() -> tuple[int, int, int]:
    reads = ["case.read", "case.listed", "referral.read", "return.read", "emergency.read"]
    # Who sits there is asked before anything is sent, so it is written down each time.
    events = AuditEvent.objects.exclude(verb__in=[*reads, "account.proved_again"])
    return events.count(), Notification.objects.count(), Deadline.objects.count()


def _otherwise(value: object) -> object:
    """Words, as somebody would who went back and typed anew; a file that was read is at its end, so it is empty."""
    return f"{value} again" if isinstance(value, str) and " " in value else value


SENDERS = {name: may_send(name) for name in TABLE if name not in NO_WRITES and may_send(name)}


@pytest.mark.parametrize("sender", sorted({sender for sender in SENDERS.values() if sender}))
def test_it_has_its_effect_once(world: World, sender: Viewer) -> None:
    client = enter(world, sender[0], [sender[1]])
    without_effect = set()
    for name in (name for name, viewer in SENDERS.items() if viewer == sender):
        place = address(world, name)
        sent = {**place.data, "once": str(uuid4())}
        with undone():
            before = left_behind()
            first = client.post(place.url, sent)
            after = left_behind()
            for file in (value for value in sent.values() if hasattr(value, "seek")):
                file.seek(0)
            second = client.post(place.url, sent)
            assert (first.status_code, second.status_code) == (302, 302), name
            assert (second["Location"], left_behind()) == (first["Location"], after), name
            other = {field: _otherwise(value) for field, value in place.data.items()}
            third = client.post(place.url, other | {"once": sent["once"]})
            assert third.status_code < 500, name
            assert left_behind() == after, name
            # Where the first answer got lost, the second click is led to the address itself.
            assert client.get(place.url).status_code != 405 or name == "notices_read", name
        without_effect |= {name} if before == after else set()
    assert without_effect <= NO_EFFECT
