"""The directory of agencies, and the seal of the audit."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from playwright.sync_api import Page

from accounts import sealing
from accounts.models import Agency, User
from accounts.services import ENTRY, keep_entry
from accounts.vouching import look
from cases.models import Case
from tests.browser.visits.base import LONG_WORD, Act, House, Visit, send

# A form that stands on the entry, and a file.
NO_PAGE = frozenset({"agency_places", "audit_head"})


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """The demo's agencies have said what they have to say."""
    sealing.seal_all()
    look()


def visits(house: House) -> Iterator[Visit]:
    ana, petra = house.people["ana"], house.people["petra"]
    every = reverse("agency_list")
    own, legal = [petra.agency_id], [house.people["lex"].agency_id]
    village = [Agency.objects.get(code="belmora-village").pk]
    yield Visit("audit", house.people["aida"], reverse("audit"))
    yield Visit("agency_list", ana, every)
    yield Visit("agency_list keeper", petra, f"{every}?free=on")
    yield Visit("agency_list nothing", ana, f"{every}?service=Livelihood&open=on&free=on&language=ar")
    yield Visit("agency_list wrong", ana, f"{every}?country=QQ")
    yield Visit("agency keeper", petra, reverse("agency", args=own))
    yield Visit("agency wrong places", petra, reverse("agency", args=own), _many_places)
    yield Visit("agency old", ana, reverse("agency", args=legal))
    yield Visit("agency silent", ana, reverse("agency", args=village))
    yield Visit("agency_edit", petra, reverse("agency_edit", args=own))
    yield Visit("agency_edit wrong", petra, reverse("agency_edit", args=own), _nothing_right)
    yield Visit("agency_edit meanwhile", petra, reverse("agency_edit", args=own), _overtaken(petra))


def _many_places(page: Page) -> None:
    page.locator("#id_places_free").fill("99")
    send()(page)


def _nothing_right(page: Page) -> None:
    page.locator("#id_telephone").fill("")
    page.locator("#id_email").fill(LONG_WORD)
    page.locator("#id_youngest").fill("18")
    page.locator("#id_opening_hours_0_closes").select_option("")
    send()(page)


def _overtaken(keeper: User) -> Act:
    """A colleague saves while the page is open."""

    def act(page: Page) -> None:
        told = Agency.objects.values(*ENTRY).get(pk=keeper.agency_id)
        keep_entry(keeper.agency_id, actor=keeper, told=told | {"contact": LONG_WORD})
        send()(page)

    return act
