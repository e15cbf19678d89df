"""The tour of the first day: a few stops for each role, each with a page that it may open and a small example.

Nothing of a case is in it. Upper rooms add the stops at their own pages when they start.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.access import Role


@dataclass(frozen=True)
class Stop:
    """`page` is the name of an address; `example` a template in `templates/cases/tour/`."""

    title: StrPromise
    words: StrPromise
    page: str
    example: str


OWNERS = (Role.CASE_WORKER, Role.SUPERVISOR)
OTHERS = (
    Role.SERVICE_PROVIDER,
    Role.CONSULAR_OFFICER,
    Role.PANEL_MEMBER,
    Role.FOCAL_POINT,
    Role.ESCORT,
)
WITHOUT_FILES = (Role.ANALYST, Role.ADMINISTRATOR)
# Where on the way it stands, for whom, and what.
Placed = tuple[int, Collection[Role], Stop]
_stops: list[Placed] = [
    (
        5,
        [Role.INTAKE],
        Stop(
            _("Report a child"),
            _("Three answers are enough. What you know besides helps, and nobody waits for it."),
            "report_new",
            "receipt",
        ),
    ),
    (
        10,
        [*OWNERS, *OTHERS],
        Stop(
            _("What is due"),
            _(
                "What you have to do stands here, what hurts most first: what, why, and until "
                "when. What is new stands above."
            ),
            "today",
            "due",
        ),
    ),
    (
        10,
        [Role.INTAKE],
        Stop(
            _("Your reports"),
            _("Each of your reports stands here with its receipt, and whether the desk has taken it."),
            "today",
            "receipt",
        ),
    ),
    (
        10,
        [Role.DATA_PROTECTION_OFFICER],
        Stop(
            _("Who opened which file"),
            _(
                "Every opening of a file of your agency stands here: who, when and why. The "
                "files are not open to you."
            ),
            "today",
            "log",
        ),
    ),
    (
        10,
        WITHOUT_FILES,
        Stop(
            _("A quiet page"),
            _("No file is open to you, whatever you try. When something is asked of you, it stands here."),
            "today",
            "quiet",
        ),
    ),
    (
        20,
        OWNERS,
        Stop(
            _("A case at a glance"),
            _(
                "A case says what comes next, what blocks it and where things stand. What "
                "blocks is a sentence, with the "
                "way that moves it on and why it is asked."
            ),
            "case_list",
            "glance",
        ),
    ),
    (
        25,
        [Role.CASE_WORKER],
        Stop(
            _("Find a file"),
            _(
                "A part of a name in any script is enough, or a birth date, a number or a "
                "code. You find what you may see."
            ),
            "case_search",
            "find",
        ),
    ),
    (
        25,
        [Role.SUPERVISOR],
        Stop(
            _("Your team"),
            _(
                "Who has how much, what waits for your approval, and what nobody has. Files change hands here."
            ),
            "team",
            "team",
        ),
    ),
    (
        30,
        [Role.DATA_PROTECTION_OFFICER],
        Stop(
            _("Openings in an emergency"),
            _(
                "When somebody opens a file in an emergency, you are told at once. You say whether it was one."
            ),
            "emergency_reviews",
            "log",
        ),
    ),
    (
        31,
        [Role.DATA_PROTECTION_OFFICER],
        Stop(
            _("What one person read"),
            _("Ask what somebody opened in a week, and see whose reading was out of the usual."),
            "people_access",
            "log",
        ),
    ),
    (
        32,
        [Role.DATA_PROTECTION_OFFICER],
        Stop(
            _("The seal of the audit"),
            _(
                "What was written down is sealed, so that nobody can change it unseen. Here "
                "you see whether the seal holds."
            ),
            "audit",
            "seal",
        ),
    ),
    (
        60,
        [
            Role.SERVICE_PROVIDER,
            Role.CONSULAR_OFFICER,
            Role.PANEL_MEMBER,
            Role.FOCAL_POINT,
            Role.INTAKE,
            Role.ADMINISTRATOR,
        ],
        Stop(
            _("Whom to call"),
            _("Each agency says here what it offers, when it is open, and who answers at night."),
            "agency_list",
            "agency",
        ),
    ),
    (
        70,
        [Role.CONSULAR_OFFICER, Role.ANALYST],
        Stop(
            _("Is a paper genuine?"),
            _(
                "Papers that leave bear a code. Here anybody learns whether one is genuine and "
                "still holds, and no more."
            ),
            "verify",
            "paper",
        ),
    ),
    (
        80,
        [Role.SERVICE_PROVIDER, Role.PANEL_MEMBER, Role.ESCORT, *WITHOUT_FILES],
        Stop(
            _("What you sign in with"),
            _(
                "A password, and an app or a passkey. Add a second one, so that a lost "
                "telephone does not lock you out."
            ),
            "second_factor",
            "factor",
        ),
    ),
    (
        90,
        list(Role),
        Stop(
            _("Leave at once"),
            _(
                "“Leave” ends your session and opens another site; so does the key Shift, "
                "three times. “Cover” hides the "
                "page until you are back. Your language and your keys are chosen in your account."
            ),
            "account_change_password",
            "leave",
        ),
    ),
]


def add(stops: Iterable[Placed]) -> None:
    _stops.extend(stops)


def stops_for(role: str) -> list[Stop]:
    return [stop for _place, roles, stop in sorted(_stops, key=lambda each: each[0]) if role in roles]
