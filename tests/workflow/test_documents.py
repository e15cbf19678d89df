"""The pages made from the machines: the same each time, and as the table stands now."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.workflow.parcels import PARCELS, edges, machine
from workflow import docs, registry
from workflow.machine import Edge, Machine

PAGE = docs.page(PARCELS)


def test_it_names_every_edge_state_hand_and_guard() -> None:
    for edge in PARCELS.edges:
        assert f"| `{edge.name}` | {edge.label} |" in PAGE
    for guard in PARCELS.guards:
        assert f"| `{guard.code}` |" in PAGE
    for state in PARCELS.states.values:
        assert f"`{state}`" in PAGE
    assert "a supervisor" in PAGE
    assert "Clock" in PAGE


def test_a_guard_says_sentence_source_mark_and_remedy() -> None:
    assert "| `stamped` | It bears a stamp. | POST 2 | ⚠ | Buy a stamp (`parcel_stamp`) |" in PAGE
    assert (
        "| `checked_by_another` | It was checked by somebody who did not pack it. | POST 4 | ✖ | – |" in PAGE
    )
    assert "| `weighed` | It is too heavy by ‹over› kg. | POST 3 | – | – |" in PAGE


def test_an_edge_says_what_must_be_entered() -> None:
    assert "| `hold` | Hold | `packed`, `sent` | `held` | a worker, a supervisor | Reason | – |" in PAGE
    assert "| `repack` | Repack | `packed`, `held` | stays |" in PAGE


def test_the_diagram_draws_every_step() -> None:
    diagram = docs.diagram(PARCELS).splitlines()
    assert diagram[:3] == ["```mermaid", "stateDiagram-v2", "    [*] --> packed"]
    for edge in PARCELS.edges:
        for source, target in edge.steps:
            assert any(line.startswith(f"    {source} --> {target}: ") for line in diagram), edge.name
    assert {"    delivered --> [*]", "    lost --> [*]"} <= set(diagram)


def test_many_arrows_become_one_box() -> None:
    every = ("packed", "sent", "held", "lost")
    drop = Edge("drop", "Drop", every, ("lost",), frozenset({"worker"}))
    pick = Edge("pick", "Pick", ("delivered",), every, frozenset({"worker"}), choose=lambda _p, _a: "lost")
    diagram = docs.diagram(machine(edges=(*edges(), drop, pick)))
    assert 'state "packed, sent, held, lost" as several_1' in diagram
    assert "several_1 --> lost: drop" in diagram
    assert "delivered --> several_1: pick" in diagram


def test_a_bar_in_a_sentence_does_not_break_the_table() -> None:
    barred = Edge("bar", "One | two", ("packed",), ("sent",), frozenset({"worker"}))
    assert "| One &#124; two |" in docs.page(machine(edges=(*edges(), barred)))


@pytest.fixture
def only_parcels(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(registry, "_machines", {"parcel": PARCELS})
    return PARCELS


def test_the_command_writes_checks_and_clears_away(only_parcels: Machine, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"parcel\.md"):
        call_command("document_workflows", "--check", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "gone.md").write_text("no machine")
    call_command("document_workflows", folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["parcel.md"]
    call_command("document_workflows", "--check", folder=tmp_path)
    (tmp_path / "parcel.md").write_text("by hand")
    with pytest.raises(CommandError):
        call_command("document_workflows", "--check", folder=tmp_path)


def test_it_is_english_whoever_runs_it(only_parcels: Machine) -> None:
    here = docs.pages()
    with translation.override("ru"):
        assert docs.pages() == here


def test_the_pages_in_the_repository_are_current() -> None:
    folder = Path(settings.BASE_DIR) / "docs" / "workflows"
    ours = set(docs.differing(folder)) - {"parcel.md"}
    assert ours == set(), "run manage.py document_workflows"


def test_two_machines_need_two_names(only_parcels: Machine) -> None:
    with pytest.raises(Exception, match="two machines are called parcel"):
        registry.add(machine())
    assert (registry.machines(), registry.machine("parcel")) == ((PARCELS,), PARCELS)
