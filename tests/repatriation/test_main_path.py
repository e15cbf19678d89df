"""The whole way, step by step, each by the one in whose hands it lies."""

from cases.models import Case
from repatriation.models import Return
from tests.repatriation import ways
from tests.repatriation.ways import MAIN, Company


def test_it_leads_home(people: Company, case: Case) -> None:
    way = ways.considered(people.cast, case)
    for name, actor, facts in MAIN:
        for fact in facts:
            fact(people, way)
        ways.step(way, name, getattr(people, actor))
    assert Return.objects.get(pk=way.pk).state == "completed"
    assert Case.objects.get(pk=case.pk).durable_solution == "handed_over"
