"""Entries of the directory for its tests."""

from typing import Any

from accounts.models import Agency, User
from accounts.services import keep_entry

OFFICE: list[list[str] | None] = [["08:00", "16:30"]] * 5 + [None, None]
NOTHING: dict[str, Any] = {
    "services": [],
    "languages": ["en", "ru"],
    "opening_hours": None,
    "open_on_holidays": False,
    "places": None,
    "places_free": None,
    "youngest": None,
    "oldest": None,
    "takes": [],
    "who_is_taken": "",
    "telephone": "+00 100 210",
    "duty_phone": "",
    "email": "",
    "contact": "",
    "alternate": "",
    "how_to_reach": "",
}


def say(keeper: User, **told: Any) -> Agency:
    """What the keeper's agency says of itself; the rest is nothing."""
    return keep_entry(keeper.agency_id, actor=keeper, told=NOTHING | told)


def hours(*spans: tuple[str, str] | None) -> dict[str, str]:
    """A week as its lists send it; days that are not named are closed."""
    return {
        f"opening_hours_{day}_{end}": time
        for day, span in enumerate(spans)
        if span
        for end, time in zip(("opens", "closes"), span, strict=True)
    }
