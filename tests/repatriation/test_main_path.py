"""The whole way, step by step, each by the one in whose hands it lies."""

from cases.models import Case
from repatriation.edges.returns import RETURN
from repatriation.models import Return
from tests.repatriation import ways
from tests.repatriation.ways import MAIN, Company
from workflow.machine import Attempt


def test_it_leads_home(people: Company, case: Case) -> None:
    way = ways.considered(people.cast, case)
    for name, actor, facts in MAIN:
        for fact in facts:
            fact(people, way)
        _reads_whole(way, name)
        ways.step(way, name, getattr(people, actor))
    assert Return.objects.get(pk=way.pk).state == "completed"
    assert Case.objects.get(pk=case.pk).durable_solution == "handed_over"


def _reads_whole(way: Return, step: str) -> None:
    """No condition leaves a number out, also where it holds: it stands among what is there already."""
    fresh = ways.fresh_row(way)
    for result in RETURN.judge(RETURN.edge(step), fresh, Attempt(None)):
        assert "…" not in result.sentence, result.code
