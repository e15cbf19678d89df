"""Who is named in a message with an @ is told so, if it is somebody who reads the thread."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts.access import Role
from accounts.models import Notification, User
from cases.models import Case, DutyShift
from cases.services.assignment import assign_worker
from referrals.models import Message, Referral
from referrals.permissions import reads_thread
from referrals.services.mentions import can_be_named
from referrals.services.writing import write_message
from tests.cases import files
from tests.cases.asking import get, told
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import accepted, step
from tests.referrals.thread import colleague, page, send


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def mentions(user: User) -> int:
    return told(user).count("referral.mentioned")


def test_who_is_named_is_told_that_and_the_others_as_ever(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    referral, paolo = accepted_referral, colleague(cast.petra, "paolo")
    write_message(referral.pk, actor=cast.ana, words="@Petra, can you and @sami. meet?")
    assert (told(cast.petra)[-1], mentions(cast.petra)) == ("referral.mentioned", 1)
    assert "referral.message" not in told(cast.petra)
    # Of the writer’s own side, who would not hear of it otherwise.
    assert told(cast.sami)[-1] == "referral.mentioned"
    assert told(paolo) == ["referral.message"]
    for reader in (cast.ana, cast.petra):
        shown = page(reader, referral)
        for name in ("Petra", "Sami"):
            assert f'<bdi class="chip plain">{name}</bdi>' in shown
        assert "@Petra" not in shown
    notice = Notification.objects.filter(receiver=cast.petra).order_by("number").last()
    assert notice is not None
    assert (notice.target_label, notice.target_id) == ("referrals.referral", referral.pk)
    assert "You are named in a message of a referral." in get(cast.petra, "today").content.decode()


@pytest.mark.parametrize("name", ["omar", "ben", "aida", "tomas", "nobody-here", "off"])
def test_a_name_without_access_stays_a_word_and_tells_nothing(cast: Cast, case: Case, name: str) -> None:
    """The same answer whether there is such an account or not, at home and elsewhere."""
    off = colleague(cast.petra, "off")
    User.objects.filter(pk=off.pk).update(is_active=False)
    referral = accepted(cast, case)
    before = Notification.objects.count()
    answer = send(cast.petra, referral, f"Ask @{name}, please.")
    assert answer.status_code == 302
    assert Notification.objects.count() == before + 1
    assert told(cast.ana)[-1] == "referral.message"
    assert not Notification.objects.filter(kind="referral.mentioned").exists()
    assert f"Ask @{name}, please." in page(cast.ana, referral)
    assert not Message.objects.get().mentioned.exists()


def test_who_gets_access_later_was_not_named(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    write_message(accepted_referral.pk, actor=cast.petra, words="Ask @ben.")
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    assert mentions(cast.ben) == 0
    assert "Ask @ben." in page(cast.ben, accepted_referral)


def test_who_loses_access_later_cannot_open_it(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    write_message(accepted_referral.pk, actor=cast.petra, words="@ana, please call.")
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    assert mentions(cast.ana) == 1
    assert get(cast.ana, "referral", accepted_referral.pk).status_code == 404
    assert get(cast.ana, "today").status_code == 200


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("@petra", ["petra"]),
        ("(@petra) – @PETRA!", ["petra"]),
        ("@petra...", ["petra"]),
        ("@petra and @sami", ["petra", "sami"]),
        ("write to desk@petra or x.@petra", []),
        ("@petra2 @pet @@petra", []),
        ("<b>@petra</b>", ["petra"]),
        ("@ana", []),
    ],
)
def test_how_somebody_is_named(
    cast: Cast, case: Case, words: str, named: list[str], accepted_referral: Referral
) -> None:
    """Oneself too, but nobody is told what they wrote themselves."""
    message = write_message(accepted_referral.pk, actor=cast.ana, words=words)
    assert sorted(message.mentioned.values_list("username", flat=True)) == named
    assert {user.username for user in (cast.ana, cast.petra, cast.sami) if mentions(user)} == set(named)
    assert "<b>" not in page(cast.ana, accepted_referral)


def test_the_page_says_who_can_be_named(cast: Cast, case: Case, sent_referral: Referral) -> None:
    colleague(cast.petra, "quiet", Role.ANALYST)
    for number in range(7):
        colleague(cast.petra, f"helper-{number}")
    theirs = "".join(f"<bdi>@helper-{number}</bdi>, " for number in range(5))
    assert f"You can name: {theirs}<bdi>@sami</bdi>, <bdi>@vera</bdi>" in page(cast.ana, sent_referral)
    for reader in (cast.petra, cast.ana):
        can = {account for side in can_be_named(sent_referral, reader) for account in side}
        everybody = set(User.objects.select_related("agency"))
        assert can == {user for user in everybody if reads_thread(user, sent_referral)} - {reader}
    step(sent_referral, "decline", cast.petra)
    assert "You can name" not in page(cast.ana, sent_referral)


def test_who_is_on_duty_can_be_named_while_the_shift_runs(
    cast: Cast, case: Case, clock_at: Any, accepted_referral: Referral
) -> None:
    referral, now = accepted_referral, clock.now()
    DutyShift.objects.create(
        agency=cast.ana.agency,
        worker=cast.ben,
        planned_by=cast.sami,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )
    assert cast.ben in can_be_named(referral, cast.petra)[1]
    write_message(referral.pk, actor=cast.petra, words="@ben?")
    clock_at.forward(timedelta(hours=2))
    assert cast.ben not in can_be_named(referral, cast.petra)[1]
    write_message(referral.pk, actor=cast.petra, words="@ben?")
    assert mentions(cast.ben) == 1
