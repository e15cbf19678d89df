"""What covers a page, and the second factor: made, changed, asked for."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts import factors
from accounts.models import User
from cases.demo.people import demo_password
from cases.models import Case
from cases.wording.tour import stops_for
from tests.browser.visits.base import LONG_WORD, Act, House, Visit, send
from tests.cast import PASSWORD


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """Vera has more than one."""
    factors.add_passkey(people["vera"], LONG_WORD, {})
    factors.add_recovery_codes(people["vera"])


def visits(house: House) -> Iterator[Visit]:
    ana, vera, boris, nora = (house.people[name] for name in ("ana", "vera", "boris", "nora"))
    yield Visit("design", ana, reverse("design"))
    for user in ("ana", "sami", "petra", "konsul", "pia", "eskort", "fokus", "aida", "hotline", "stella"):
        for number in range(1, len(stops_for(house.people[user].role)) + 1):
            yield Visit(f"tour {user} {number}", house.people[user], reverse("tour", args=[number]))
    yield Visit("second_factor", ana, reverse("second_factor"))
    yield Visit("second_factor several", vera, reverse("second_factor"))
    yield Visit("second_factor_app", ana, reverse("second_factor_app"), _shows_it(ana))
    yield Visit("second_factor_app wrong", ana, reverse("second_factor_app"), _shows_it(ana, send()))
    yield Visit("second_factor_app asked", vera, reverse("second_factor_app"))
    yield Visit("second_factor_passkey", ana, reverse("second_factor_passkey"), _shows_it(ana))
    yield Visit("recovery_codes", boris, reverse("second_factor"), _makes_codes(boris))
    yield Visit("prove", ana, f"{reverse('prove')}?next=/cases/")
    yield Visit("prove wrong", ana, f"{reverse('prove')}?next=/cases/", send())
    yield Visit("mfa_authenticate", None, reverse("account_login"), _comes_to_the_code)
    yield Visit("mfa_authenticate wrong", None, reverse("account_login"), _enters_no_code)
    yield Visit("lock", nora, reverse("second_factor"), _covers)


def _shows_it(user: User, then: Act | None = None) -> Act:
    """The app that there is, before a page that changes it; in the visits after, it was shown already."""

    def act(page: Page) -> None:
        if page.locator("#id_proof-code").count():
            page.locator("#id_proof-password").fill(demo_password())
            page.locator("#id_proof-code").fill(_code_of(user))
            send()(page)
        if then:
            then(page)

    return act


def _code_of(user: User) -> str:
    (row,) = (row for row in factors.of(user) if row.type == factors.APP)
    step = max(factors.step_now() - factors.STEPS_ASIDE, row.data.get("last_step", -1) + 1)
    return factors.code_at(factors.opened(user, factors.APP, row.data["secret"]), step)


def _makes_codes(user: User) -> Act:
    def act(page: Page) -> None:
        page.locator("form[action$='codes/'] button").click()
        _shows_it(user)(page)
        expect(page.locator(".codes li")).to_have_count(10)

    return act


def _comes_to_the_code(page: Page) -> None:
    """The demo's password is another one, so this account gets the one of the tests."""
    if page.locator("#id_login").count():
        user = User.objects.get(username="admin")
        user.set_password(PASSWORD)
        user.save()
        page.locator("#id_login").fill("admin")
        page.locator("#id_password").fill(PASSWORD)
        send()(page)
    # Else it was asked already, in a visit before.
    expect(page.locator("#id_code")).to_be_visible()


def _enters_no_code(page: Page) -> None:
    _comes_to_the_code(page)
    send()(page)


def _covers(page: Page) -> None:
    """As its script asks for it, and then the page as the server answers it. Nobody else visits as nora."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    answer = page.request.post(reverse("lock"), form={"csrfmiddlewaretoken": token})
    assert answer.status == 423
    page.goto(reverse("second_factor"))
