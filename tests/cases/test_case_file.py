import pytest
from accounts.access import Section
from cases.casefile import case_file
from cases.models import Case
from tests.cast import Cast
import clock
from datetime import timedelta

def test_x(cast: Cast, registered: Case, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        f = case_file(registered.pk, list(Section), for_team=True)
    for c in f.chapters:
        print("#", c.title)
        for e in c.entries:
            print("  ", e.title, [(x.label, x.value) for x in e.facts])
    g = case_file(registered.pk, list(Section), clock.now()+timedelta(1), for_team=True)
    assert f == g
