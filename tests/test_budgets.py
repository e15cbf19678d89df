"""What a page may cost: queries, the same for few cases and for many, and bytes on a slow line."""

import gzip
from pathlib import Path

import pytest
from django.db import connections
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from cases.services.steps import take_step
from tests.cases import files
from tests.cast import Cast
from vault import keys

QUERIES = 12
KILOBYTE = 1024
STATIC = Path(__file__).parent.parent / "static"
CASE_PAGES = (
    "case",
    "case_identity",
    "consents",
    "consent_new",
    "case_risk",
    "case_duplicates",
    "case_history",
    "case_access",
)
LISTS = ("today", "case_list", "desk", "report_new")


def visit(user: User, address: str) -> tuple[int, int]:
    """Queries to both databases, and bytes of the page gzipped. Keys are not at hand: the first visit counts.

    The first page after something is new notes besides that it was shown, in one query; that was an earlier page.
    """
    client = Client()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(looked_upto=F("notification_count"))
    keys.forget_cached()
    with (
        CaptureQueriesContext(connections["default"]) as application,
        CaptureQueriesContext(connections["keys"]) as store,
    ):
        response = client.get(address)
    assert response.status_code == 200, address
    return len(application) + len(store), len(gzip.compress(response.content, 6))


def cases_of(cast: Cast, count: int) -> Case:
    """Ana's caseload; the last file has history, a candidate and answers."""
    for _each in range(count):
        case = files.screened(cast)
    files.satisfy_registration(case, cast.ana)
    files.look_at_safety(case, cast.ana)
    return case


@pytest.mark.parametrize("who", ["ana", "sami"])
def test_every_page_keeps_to_its_queries_and_bytes(cast: Cast, who: str) -> None:
    case = cases_of(cast, 3)
    files.reported(cast)
    addresses = [reverse(page) for page in LISTS]
    addresses += [
        reverse(page, args=[case.pk]) for page in CASE_PAGES if (who, page) != ("sami", "consent_new")
    ]
    spent = {address: visit(getattr(cast, who), address) for address in addresses}
    assert {address: cost for address, cost in spent.items() if cost[0] > QUERIES} == {}
    assert {address: cost for address, cost in spent.items() if cost[1] > 14 * KILOBYTE} == {}


@pytest.mark.parametrize("page", ["today", "case_list"])
def test_a_list_costs_the_same_for_few_cases_and_for_many(cast: Cast, page: str) -> None:
    cases_of(cast, 4)
    few, _bytes = visit(cast.ana, reverse(page))
    cases_of(cast, 30)
    many, size = visit(cast.ana, reverse(page))
    assert many == few
    assert size <= 30 * KILOBYTE


def test_an_imported_case_with_all_its_missing_evidence_keeps_to_the_budget(cast: Cast) -> None:
    case = files.in_state("monitoring", cast.sami.agency, worker=cast.ana, taken_over=False)
    assert visit(cast.ana, reverse("case", args=[case.pk]))[0] <= QUERIES
    files.look_at_safety(case, cast.ana)
    take_step(case.pk, "take_over", actor=cast.ana)
    queries, size = visit(cast.ana, reverse("case", args=[case.pk]))
    assert queries <= QUERIES
    assert size <= 14 * KILOBYTE


def test_a_first_visit_fits_a_slow_line(db: None) -> None:
    page = gzip.compress(Client().get(reverse("account_login")).content)
    files_of_ours = [gzip.compress(path.read_bytes()) for path in STATIC.iterdir() if path.is_file()]
    assert len(page) + sum(map(len, files_of_ours)) <= 60 * KILOBYTE
    assert 1 + len(files_of_ours) <= 5
