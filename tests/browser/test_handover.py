"""A handover on two telephones while the line comes and goes: nothing is lost, nothing is done twice."""

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, Request, expect

from accounts.models import User
from cases.models import Case
from repatriation.models import Handover, HandoverSignature, MonitoringVisit, Return
from tests.browser.windows import PHONE, Windows
from tests.cases.asking import verbs
from tests.cast import PASSWORD, Cast
from tests.entering import code_of
from tests.repatriation import handovers, ways
from tests.repatriation.ways import Company

WAITS = "Not sent yet – trying again"


@pytest.fixture
def people(cast: Cast) -> Company:
    return ways.company(cast)


@pytest.fixture
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


def tick(page: Page, place: int, there: bool = True) -> None:
    page.locator(f"#{'there' if there else 'not-there'}-{place}").click()


def cut(page: Page) -> BrowserContext:
    page.context.set_offline(True)
    return page.context


def waits(page: Page) -> Locator:
    return page.locator("form [data-waiting]:not([hidden])")


def posts(page: Page) -> list[str | None]:
    """What this page sends from now on; filled in as it happens."""
    sent: list[str | None] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.post_data)

    page.on("request", note)
    return sent


def sign(page: Page, user: User) -> None:
    page.locator("#sign_password").fill(PASSWORD)
    page.locator("#sign_code").fill(code_of(user))
    page.locator("#sign").click()


def without_lost_lines(windows: Windows) -> None:
    """A browser complains of each try while there is no line; that is what these tests are about."""
    windows.complaints[:] = [each for each in windows.complaints if "ERR_INTERNET" not in each]


def test_on_two_telephones_while_the_line_comes_and_goes(
    windows: Windows, people: Company, case: Case
) -> None:
    way = handovers.arrived(people, case)
    address = reverse("handover", args=[way.pk])
    escort, receiver = windows(people.eskort, width=PHONE), windows(people.tomas, width=PHONE)
    for page in (escort, receiver):
        page.goto(address)
        page.evaluate("document.body.dataset.mark = 'same page'")
    escort.get_by_role("button", name="Begin the handover").click()
    expect(escort.locator("#there-1")).to_be_visible()
    # The other page follows by itself.
    expect(receiver.locator("#there-1")).to_be_visible()

    # The first cut: the receiver ticks, changes its mind, and writes a remark.
    line = cut(receiver)
    tick(receiver, 1, there=False)
    tick(receiver, 1)
    receiver.locator("#remarks_words").fill("The bear has lost an eye.")
    receiver.get_by_role("button", name="Save the remarks").click()
    expect(waits(receiver)).to_have_text([f"{WAITS}: There", f"{WAITS}: Save the remarks"])
    escort.get_by_label("Yes, it is the one named").check()
    escort.get_by_label("Passport").check()
    escort.get_by_role("button", name="Save what I have seen").click()
    expect(escort.get_by_text("The escort has looked").first).to_be_visible()
    assert Handover.objects.get(way=way).ticked == []
    line.set_offline(False)
    expect(receiver.locator("[data-sending]")).to_have_text("Saved")
    expect(waits(receiver)).to_have_count(0)
    expect(escort.locator("#there-1")).to_have_attribute("aria-pressed", "true")
    expect(escort.locator("#remarks_words")).to_have_value("The bear has lost an eye.")
    assert verbs(case.pk).count("return.line_ticked") == 2
    assert verbs(case.pk).count("return.handover_remarked") == 1

    # The second cut: the answer to what was done is lost, though the server has it.
    escort.route("**/handover/line/", lambda route: (route.fetch(), route.abort())[-1], times=1)
    sent = posts(escort)
    tick(escort, 2)
    expect(receiver.locator("#there-2")).to_have_attribute("aria-pressed", "true")
    expect(escort.locator("#there-2")).to_have_attribute("aria-pressed", "true")
    expect(escort.locator("[data-sending]")).to_have_text("Saved")
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert verbs(case.pk).count("return.line_ticked") == 3

    line = cut(escort)
    sign(escort, people.eskort)
    expect(waits(escort)).to_contain_text(WAITS)
    assert not HandoverSignature.objects.exists()
    line.set_offline(False)
    expect(escort.get_by_text("You have signed.")).to_be_visible()
    sign(receiver, people.tomas)
    for page in (escort, receiver):
        expect(page.get_by_text("The child was handed over.")).to_be_visible()
        assert page.evaluate("document.body.dataset.mark") == "same page"
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert Return.objects.get(pk=way.pk).state == "monitoring"
    assert HandoverSignature.objects.count() == 2
    without_lost_lines(windows)


def test_a_wrong_password_is_said_where_it_was_typed(windows: Windows, people: Company, case: Case) -> None:
    way = handovers.begun(people, case)
    handovers.gone_through(people, way)
    page = windows(people.tomas, width=PHONE)
    page.goto(reverse("handover", args=[way.pk]))
    page.locator("#sign_password").fill("guessed")
    page.locator("#sign_code").fill(code_of(people.tomas))
    page.locator("#sign").click()
    expect(page.get_by_text("This is not your password. Nothing was signed.").first).to_be_visible()
    expect(page.locator("#sign_password")).to_have_value("")
    expect(page.locator("#sign_code")).to_have_value("")
    sign(page, people.tomas)
    expect(page.get_by_text("You have signed.")).to_be_visible()


def test_without_script_the_plain_forms_work(windows: Windows, people: Company, case: Case) -> None:
    way = handovers.begun(people, case)
    page = windows(people.eskort, script=False, width=PHONE)
    page.goto(reverse("handover", args=[way.pk]))
    for place in (1, 2):
        tick(page, place)
    page.get_by_label("Yes, it is the one named").check()
    page.get_by_label("Passport").check()
    page.get_by_role("button", name="Save what I have seen").click()
    sign(page, people.eskort)
    expect(page.get_by_text("You have signed.")).to_be_visible()
    assert page.locator("[data-waiting]:visible, [data-sending]:visible").count() == 0


def test_a_visit_is_reported_on_the_way(windows: Windows, people: Company, case: Case) -> None:
    way = handovers.monitored(people, case)
    page = windows(people.tomas, width=PHONE)
    page.goto(reverse("return_visit", args=[way.pk, 1]))
    line = cut(page)
    page.locator("[name=seen_alone][value=yes]").check()
    page.locator("[name=safe][value=yes]").check()
    page.locator("[name=occupation][value=school]").check()
    page.get_by_role("button", name="Report it").click()
    expect(waits(page)).to_contain_text(WAITS)
    line.set_offline(False)
    expect(page.get_by_text("Reported").first).to_be_visible()
    assert MonitoringVisit.objects.get(way=way, number=1).reported_by == people.tomas
    assert verbs(case.pk).count("return.visit_reported") == 1
    without_lost_lines(windows)
