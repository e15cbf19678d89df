"""The pages of placement, of what happened, and of best interests."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.urls import reverse

import clock
from accounts.models import Agency, User
from cases.models import Case
from cases.models.choices import CaseState
from cases.models.situation import (
    FACTORS,
    Control,
    Exploitation,
    PlacementKind,
    Recruitment,
    Relationship,
    Solution,
)
from cases.services.account import Account, record_account
from cases.services.best_interests import Argued, finish_best_interests, save_best_interests
from cases.services.placement import Place, record_placement
from tests.browser.visits.base import LONG_WORD, WORDS, House, Visit, send

PAGES = ("placement", "account", "best_interests")


def furnish(case: Case, people: Mapping[str, User]) -> None:
    ana = people["ana"]
    _places(case, ana)
    account = Account(
        exploitation=[Exploitation.SEXUAL, Exploitation.FORCED_BEGGING],
        recruitment=[Recruitment.SOCIAL_NETWORKS],
        control=[Control.DEBT, Control.THREATS_TO_FAMILY],
        relationship=Relationship.ACQUAINTED,
        countries=["XA", "XB"],
        words=f"{WORDS}\n{LONG_WORD}",
    )
    record_account(case.pk, actor=ana, account=account)
    argued = Argued(
        version=1,
        factors={name: f"{LONG_WORD} {WORDS}" for name, _label in FACTORS},
        recommendation=Solution.CARE_HERE,
        conclusion=WORDS,
    )
    finish_best_interests(case.pk, actor=ana, argued=argued)
    save_best_interests(case.pk, actor=ana, argued=Argued(version=2, factors={"views": WORDS}))


def _places(case: Case, ana: User) -> None:
    """From a foster family into a cell: everything that a page of placement can say."""
    today = clock.today(case.agency.time_zone)
    shelter = Agency.objects.get(code="arvania-shelter")
    for days, kind, is_safe in (
        (9, PlacementKind.FOSTER, True),
        (4, PlacementKind.PARENTS, False),
        (1, PlacementKind.DETENTION, False),
    ):
        place = Place(
            kind=kind,
            is_safe=is_safe,
            address=f"{LONG_WORD} 17",
            since=today - timedelta(days=days),
            provider=shelter,
            telephone="+00 12 345 67 89",
            note=WORDS,
        )
        record_placement(case.pk, actor=ana, place=place)


def visits(house: House) -> Iterator[Visit]:
    ana, sami, full = house.people["ana"], house.people["sami"], [house.full.pk]
    for name in PAGES:
        yield Visit(f"{name} ana", ana, reverse(name, args=full))
        yield Visit(f"{name} sami", sami, reverse(name, args=full))
    fresh = house.case(
        state=CaseState.SCREENING,
        placements__isnull=True,
        account__isnull=True,
        best_interests__isnull=True,
    )
    worker = house.worker(fresh)
    for name in PAGES:
        yield Visit(f"{name} empty", worker, reverse(name, args=[fresh.pk]))
        yield Visit(f"{name} nothing", sami, reverse(name, args=[fresh.pk]))
    yield Visit("placement wrong", ana, reverse("placement", args=full), send())
    # The button that is meant to be pressed last finishes the version.
    yield Visit("best_interests_finish wrong", worker, reverse("best_interests", args=[fresh.pk]), send())
