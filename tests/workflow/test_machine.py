"""The table itself: what it refuses to be, and how it judges. No database."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from django.utils.translation import gettext_lazy

from tests.workflow.parcels import CHECKED, PARCELS, STAMPED, WORKER, ParcelState, edges, machine
from workflow.machine import (
    Attempt,
    Edge,
    Field,
    Guard,
    NotInHand,
    Override,
    Refused,
    visible_length,
)


@dataclass
class Thing:
    """Whatever has a state and facts: the machine asks for no model."""

    state: str = "packed"
    held_from: str = ""
    is_addressed: bool = True
    is_stamped: bool = True
    weight: int = 1
    packer: UUID | None = None
    checker: UUID | None = None
    spoilt: dict[str, Any] = field(default_factory=dict)


WORKER_ACCOUNT: Any = SimpleNamespace(role="case_worker")
SUPERVISOR_ACCOUNT: Any = SimpleNamespace(role="supervisor")
SEND = PARCELS.edge("send")


def by(actor: Any, **values: Any) -> Attempt:
    return Attempt(actor, **values)


def test_it_collects_every_failure_not_only_the_first() -> None:
    thing = Thing(is_addressed=False, is_stamped=False, weight=9)
    with pytest.raises(Refused) as refused:
        PARCELS.take(SEND, thing, by(WORKER_ACCOUNT))
    assert [failure.code for failure in refused.value.failures] == ["addressed", "stamped", "weighed"]
    assert refused.value.edge is SEND


def test_it_keeps_what_holds_beside_what_fails() -> None:
    with pytest.raises(Refused) as refused:
        PARCELS.take(SEND, Thing(is_stamped=False), by(WORKER_ACCOUNT))
    judged = [(result.code, result.passed) for result in refused.value.results]
    assert judged == [("addressed", True), ("stamped", False), ("weighed", True)]


def test_a_refusal_says_codes_only() -> None:
    with pytest.raises(Refused, match=r"^send: weighed$"):
        PARCELS.take(SEND, Thing(weight=9), by(WORKER_ACCOUNT))


def test_a_failure_carries_its_parameters_into_the_sentence() -> None:
    (failure,) = [result for result in PARCELS.judge(SEND, Thing(weight=9), by(None)) if not result.passed]
    assert failure.params == {"over": 4}
    assert failure.sentence == "It is too heavy by 4 kg."


def test_a_sentence_without_its_parameters_still_reads() -> None:
    weighed = PARCELS.judge(SEND, Thing(), by(None))[2]
    assert weighed.passed
    assert weighed.sentence == "It is too heavy by … kg."


def test_what_holds_names_its_numbers_too() -> None:
    guard = Guard(
        "few",
        "At most %(most)s.",
        (),
        lambda thing, _attempt: thing.weight <= 4,
        limits=lambda _thing: {"most": 4},
    )
    light, heavy = (guard.judge(Thing(weight=weight), by(None)) for weight in (4, 5))
    assert (light.passed, light.sentence) == (True, "At most 4.")
    assert (heavy.passed, heavy.sentence) == (False, "At most 4.")


def test_a_stored_result_comes_back_in_the_readers_language() -> None:
    guard = Guard("name", gettext_lazy("Name"), (), lambda _thing, _attempt: False)
    asking = machine(
        edges=[Edge("send", "Send", ("packed",), ("sent",), WORKER, (guard,)), *edges()[1:]],
    )
    stored = asking.judge(asking.edge("send"), Thing(), by(None))[0].stored()
    assert stored == {"code": "name", "params": {}, "passed": False, "overridden_by": None}
    restored = asking.restore(stored)
    assert restored.guard is guard
    with translation.override("de"):
        assert restored.sentence == "Name"


def test_a_stored_result_of_a_guard_that_is_gone_keeps_its_code() -> None:
    by_id = uuid4()
    stored = {"code": "gone", "params": {}, "passed": False, "overridden_by": str(by_id)}
    restored = PARCELS.restore(stored)
    assert (restored.sentence, restored.overridden_by, restored.blocks) == ("gone", by_id, False)


def test_an_override_lets_its_guard_pass_and_no_other() -> None:
    thing = Thing(is_stamped=False, is_addressed=False)
    override = uuid4()
    results = PARCELS.judge(SEND, thing, by(None), lambda codes: {"stamped": override, "addressed": override})
    assert [(result.code, result.blocks) for result in results] == [
        ("addressed", True),
        ("stamped", False),
        ("weighed", False),
    ]
    assert results[1].overridden_by == override


def test_overrides_are_looked_up_only_for_failures_that_allow_one() -> None:
    asked: list[frozenset[str]] = []

    def lookup(codes: frozenset[str]) -> dict[str, UUID]:
        asked.append(codes)
        return {}

    PARCELS.judge(SEND, Thing(is_addressed=False), by(None), lookup)
    assert asked == []
    PARCELS.judge(SEND, Thing(is_addressed=False, is_stamped=False), by(None), lookup)
    assert asked == [frozenset({"stamped"})]


def test_nobody_overrides_what_can_never_be() -> None:
    deliver = PARCELS.edge("deliver")
    results = PARCELS.judge(deliver, Thing(state="sent"), by(None), lambda codes: {CHECKED.code: uuid4()})
    assert results[0].blocks


def test_a_check_that_raises_is_seen() -> None:
    with pytest.raises(AttributeError):
        PARCELS.judge(SEND, SimpleNamespace(state="packed"), by(None))


def test_a_check_that_forgets_to_answer_is_seen() -> None:
    forgetful = Guard("forgetful", "?", (), lambda _thing, _attempt: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(TypeError, match="forgetful"):
        forgetful.judge(Thing(), by(None))


def test_it_is_in_the_hands_of_the_table_only() -> None:
    with pytest.raises(NotInHand):
        PARCELS.take(SEND, Thing(), by(SUPERVISOR_ACCOUNT))
    with pytest.raises(NotInHand):
        PARCELS.take(SEND, Thing(), by(None))
    assert PARCELS.take(SEND, Thing(), by(WORKER_ACCOUNT)).target == "sent"


def test_the_clock_takes_its_own_edges_and_nobody_else_does() -> None:
    lose = PARCELS.edge("lose")
    assert PARCELS.take(lose, Thing(state="sent"), by(None)).target == "lost"
    clocky = machine(hands=lambda user, thing: frozenset({"clock"}))
    with pytest.raises(NotInHand):
        clocky.take(clocky.edge("lose"), Thing(state="sent"), by(WORKER_ACCOUNT))


def test_the_hand_is_asked_before_any_guard_tells_something() -> None:
    with pytest.raises(NotInHand):
        PARCELS.take(SEND, Thing(is_addressed=False), by(SUPERVISOR_ACCOUNT))


def test_it_goes_where_the_edge_chooses() -> None:
    release = PARCELS.edge("release")
    assert PARCELS.take(release, Thing("held", held_from="sent"), by(WORKER_ACCOUNT)).target == "sent"


def test_a_choice_outside_the_table_is_a_bug() -> None:
    with pytest.raises(ValueError, match="does not lead to lost"):
        PARCELS.take(PARCELS.edge("release"), Thing("held", held_from="lost"), by(WORKER_ACCOUNT))


def test_an_edge_that_keeps_the_state_leads_to_where_it_was() -> None:
    assert PARCELS.take(PARCELS.edge("repack"), Thing("held"), by(WORKER_ACCOUNT)).target == "held"


@pytest.mark.parametrize("reason", ["", "    ", "abcd", "a  \n  b", "\u200b\u200b\u200b\u200b\u200b"])
def test_what_must_be_entered_is_asked_without_a_form_too(reason: str) -> None:
    with pytest.raises(Refused, match="entered_reason"):
        PARCELS.take(PARCELS.edge("hold"), Thing(), by(WORKER_ACCOUNT, reason=reason))


@pytest.mark.parametrize("entry", [{"reason": "a torn label"}, {"values": {"reason": "a torn label"}}])
def test_a_reason_counts_wherever_it_was_entered(entry: dict[str, Any]) -> None:
    assert PARCELS.take(PARCELS.edge("hold"), Thing(), by(WORKER_ACCOUNT, **entry)).target == "held"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", ["a"], [None, "", " "]),
        ("code", ["died"], [None, "", "else"]),
        ("case", [uuid4()], [None]),
        ("yes", [True], [None, False]),
    ],
)
def test_each_kind_of_entry(kind: str, good: list[Any], bad: list[Any]) -> None:
    entry = Field("it", kind, "It", choices=(("died", "Died"),))
    assert all(entry.is_entered(by(None, values={"it": value})) for value in good)
    assert not any(entry.is_entered(by(None, values={"it": value})) for value in bad)
    optional = Field("it", kind, "It", choices=(("died", "Died"),), required=False)
    assert optional.is_entered(by(None))


def test_an_unknown_kind_of_entry_is_a_bug() -> None:
    with pytest.raises(ValueError, match="colour"):
        Field("it", "colour", "It")


def test_visible_length_counts_what_can_be_read() -> None:
    assert visible_length("  two   words\u200b\n") == len("two words")


def test_it_finds_edges_by_name_and_by_state() -> None:
    assert PARCELS.edge("send") is SEND
    assert [edge.name for edge in PARCELS.edges_from("held")] == ["release", "repack"]
    assert PARCELS.edges_from("lost") == ()
    assert PARCELS.guard("stamped") is STAMPED
    assert [guard.code for guard in PARCELS.guards] == [
        "addressed",
        "stamped",
        "weighed",
        "checked_by_another",
    ]


def _edge(name: str = "more", **changes: Any) -> Edge:
    settled: dict[str, Any] = {
        "name": name,
        "label": "More",
        "sources": ("sent",),
        "targets": ("held",),
        "who": WORKER,
    }
    return Edge(**(settled | changes))


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"edges": (*edges(), _edge("send"))}, "two edges with one name"),
        ({"edges": (*edges(), _edge(sources=("nowhere",)))}, "unknown state nowhere"),
        ({"edges": (*edges(), _edge(who=frozenset({"stranger"})))}, "unknown hand stranger"),
        ({"edges": edges()[:-1]}, "lost cannot be reached"),
        ({"final": frozenset({ParcelState.LOST})}, "delivered is a dead end"),
        ({"initial": "somewhere"}, "unknown state somewhere"),
        (
            {"edges": (*edges(), _edge(guards=(Guard("stamped", "?", (), lambda _t, _a: True),)))},
            "two guards with the code stamped",
        ),
    ],
)
def test_a_faulty_table_does_not_start(fault: dict[str, Any], says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says):
        machine(**fault)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"targets": ()}, "leads nowhere"),
        ({"targets": ("held", "lost")}, "nothing that chooses"),
        ({"stays": True}, "leads nowhere else"),
        ({"who": frozenset()}, "nobody's hand"),
    ],
)
def test_a_faulty_edge_does_not_start(fault: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        _edge(**fault)


def test_what_can_never_be_overridden_needs_the_database() -> None:
    with pytest.raises(ValueError, match="database must refuse too"):
        Guard("alone", "?", (), lambda _t, _a: False, override=Override.NEVER)
    with pytest.raises(ValueError, match="supervisor may allow"):
        Guard("both", "?", (), lambda _t, _a: False, override=Override.SUPERVISOR, violation="TRUE")
