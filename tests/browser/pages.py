"""Every page that Homeward has, with files full enough to be hard to lay out, for tests that look at all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.template.loader import render_to_string
from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import Page

import clock
from accounts.access import Section
from accounts.models import Agency, User
from cases.demo.imported import take_over_caseload
from cases.demo.partners import give_to_partners
from cases.demo.people import make_people
from cases.demo.stories import stories, tell, tell_of_the_north
from cases.models import Case, Report
from cases.models.choices import Answer, CaseState, Danger, GivenBy, IdKind, NameKind, Purpose, Risk, Safety
from cases.services import access, consents, identity, risk, steps
from cases.services.duplicates import run_duplicate_check
from cases.services.reports import Told, make_report, take_report
from tests.browser.visits import (
    assessing,
    care,
    closing,
    directory,
    documents,
    entrance,
    exceptional,
    export,
    lists,
    meetings,
    people,
    plan,
    referrals,
    returns,
    returns_consulate,
    returns_finding,
    returns_handover,
    returns_journey,
    returns_panel,
    team,
    voices,
)
from tests.browser.visits.base import LONG_NAME, LONG_WORD, WORDS, Act, House, Visit, send
from tests.browser.windows import Windows

# Stories of one kind: more of them only fill the lists.
ALIKE = 2
AREAS = (
    people,
    assessing,
    care,
    plan,
    voices,
    documents,
    closing,
    export,
    team,
    referrals,
    returns_journey,
    directory,
    entrance,
    exceptional,
    meetings,
    returns_finding,
    returns_panel,
    returns_consulate,
    returns_handover,
    lists,
)

NO_PAGE = frozenset(
    # Forms of other pages are sent there; their mistakes come back as those pages.
    {
        "set_language",
        "set_keys",
        "draft_drop",
        "leave",
        "tour_end",
        "notices_put_back",
        "view_put_back",
        "view_remove",
        "notices_read",
        "desk_take",
        "access_end",
        "name_remove",
        "number_remove",
    }
    | {
        "duplicates_run",
        "person_remove",
        "link_remove",
        "cover_end",
        "duty_cancel",
        "referral_again",
        "agency_places",
        "point_remove",
        "permit_remove",
        "return_waiver_back",
        "erasure_confirm",
        "erasure_drop",
        "hold_lift",
    }
    | {
        "handover_arrive",
        "handover_begin",
        "handover_receiver",
        "handover_line",
        "handover_remarks",
        "handover_sign",
        "handover_complete",
        "handover_fail",
    }
    # What is answered is a file, or a word for a machine.
    | {
        "passkey_options",
        "still_here",
        "draft_keep",
        "factor_remove",
        "unlock",
        "identity_login",
        "identity_callback",
    }
    | {
        "document_open",
        "referral_file",
        "referral_document",
        "case_file_pdf",
        "erasure_export",
        "case_ledger_pdf",
        "referral_letter",
        "referral_register_csv",
        "calendar_feed",
        "return_calendar",
        "minute_paper",
        "request_paper",
        "mandate_paper",
        "travel_pack",
        "handover_paper",
        "visit_paper",
        "audit_head",
        "healthz",
    }
)


def furnish() -> House:
    people = make_people()
    told = Counter[str]()
    for story in stories():
        told[story.state] += 1
        if told[story.state] <= ALIKE:
            tell(story, people)
    tell_of_the_north(people)
    take_over_caseload(people)
    give_to_partners(people)
    full = _full_file(people)
    report = Report.objects.filter(taken_at__isnull=True).order_by("received_at")[0]
    return House(people, full, report)


def _full_file(people: dict[str, User]) -> Case:
    ana, sami = people["ana"], people["sami"]
    # One that she may compare, one of a colleague, one of another agency.
    for worker, reporter in (("ana", "hotline"), ("carla", "hotline"), ("omar", "omar")):
        _alike(people[reporter], people[worker])
    case = _alike(people["hotline"], ana)
    steps.take_step(case.pk, "begin_screening", actor=ana)
    for given, family in (("ليلى", "ندى"), ("Мира", "Белан"), (LONG_WORD, "Tarn")):
        identity.add_name(case.pk, actor=ana, kind=NameKind.ALIAS, given=given, family=family)
    identity.add_id_number(
        case.pk, actor=ana, kind=IdKind.PASSPORT, country="XB", number="B" + "0123456789" * 3
    )
    for level in (Risk.MEDIUM, Risk.HIGH):
        risk.assess_risk(
            case.pk,
            actor=ana,
            level=level,
            safety=Safety.WITH_MEASURES,
            child_seen=True,
            note=f"{LONG_WORD} {WORDS}",
        )
    _answers(case, people)
    run_duplicate_check(case.pk, actor=ana)
    access.grant_personally(
        case.pk,
        actor=sami,
        account=people["petra"],
        sections=[Section.IDENTITY, Section.LEGAL, Section.MEDICAL, Section.SHELTER],
        may_write=False,
        until=clock.now() + timedelta(days=10),
        reason="Cover during the move.",
    )
    for area in AREAS:
        area.furnish(case, people)
    return Case.objects.get(pk=case.pk)


def _alike(reporter: User, worker: User) -> Case:
    details = {"name": LONG_NAME, "age": "14", "languages": "Romani, Russian", "gender": "Feminine"}
    told = Told(words=f"{WORDS}\n{LONG_WORD}", place=LONG_WORD, danger=Danger.YES, details=details)
    return take_report(make_report(told, actor=reporter).pk, actor=worker)


def _answers(case: Case, people: dict[str, User]) -> None:
    ana, today = people["ana"], clock.today(people["ana"].agency.time_zone)
    shelter = Agency.objects.get(code="arvania-shelter")
    for purpose, answer, recipient in (
        (Purpose.TRACING, Answer.REFUSED, None),
        (Purpose.DATA, Answer.ASSENT, None),
        (Purpose.SHARING, Answer.ASSENT, shelter),
    ):
        consents.record_consent(
            case.pk,
            actor=ana,
            purpose=purpose,
            answer=answer,
            given_by=GivenBy.CHILD,
            given_on=today,
            explained=WORDS,
            recipient=recipient,
        )


def visits(house: House) -> Iterator[Visit]:
    """Every page once for each person who sees something else there, and every form with its mistakes."""
    yield from _entrance(house)
    yield from _overviews(house)
    yield from _reports(house)
    yield from _case_pages(house)
    yield from _sections(house)
    yield from _mistakes(house)
    for area in AREAS:
        yield from area.visits(house)
    yield from returns.visits(house)
    yield from _refusals(house)


def _entrance(house: House) -> Iterator[Visit]:
    ana, login = house.people["ana"], reverse("account_login")
    yield Visit("account_login", None, login)
    yield Visit(
        "account_login wrong", None, login, _fill_and_send({"#id_login": "ana", "#id_password": "no"})
    )
    yield Visit("account_logout", ana, reverse("account_logout"))
    yield Visit("account_signup", None, reverse("account_signup"))
    change = reverse("account_change_password")
    yield Visit("account_change_password", ana, change)
    yield Visit("account_change_password wrong", ana, change, send())


def _overviews(house: House) -> Iterator[Visit]:
    for username in ("ana", "sami", "hotline", "aida", "stella"):
        yield Visit(f"today {username}", house.people[username], reverse("today"))
    yield Visit("today late", house.people["sami"], reverse("today") + "?show=late")
    yield Visit("case_list", house.people["sami"], reverse("case_list") + "?state=all")
    yield Visit("case_search", house.people["ana"], reverse("case_search"))
    yield Visit("case_list empty", house.people["petra"], reverse("case_list") + "?state=closed")


def _reports(house: House) -> Iterator[Visit]:
    ana, hotline, report = house.people["ana"], house.people["hotline"], house.report
    yield Visit("desk", ana, reverse("desk"))
    yield Visit("desk nothing", house.people["omar"], reverse("desk"))
    yield Visit("desk_report", ana, reverse("desk_report", args=[report.pk]))
    yield Visit("report_new", hotline, reverse("report_new"))
    yield Visit("receipt", hotline, reverse("receipt", args=[report.pk]))
    taken = Report.objects.filter(case__isnull=False, made_by=hotline).order_by("received_at", "pk")[0]
    yield Visit("receipt taken", hotline, reverse("receipt", args=[taken.pk]))


def _case_pages(house: House) -> Iterator[Visit]:
    ana, sami = house.people["ana"], house.people["sami"]
    full = [house.full.pk]
    for user in (ana, sami):
        yield Visit(f"case full {user.username}", user, reverse("case", args=full))
    yield Visit("case petra", house.people["petra"], reverse("case", args=full))
    others = {
        "imported": house.case(imported_at__isnull=False, taken_over_at__isnull=True, state=CaseState.ACTIVE),
        "taken-over": house.case(taken_over_at__isnull=False),
        "suspended": house.case(state=CaseState.SUSPENDED),
        "duplicate": house.case(state=CaseState.DUPLICATE),
        "unassigned": house.case(state=CaseState.REPORTED),
    }
    for name, case in others.items():
        yield Visit(f"case {name}", sami, reverse("case", args=[case.pk]))
    yield Visit("case_history", ana, reverse("case_history", args=full))
    yield Visit("case_report", ana, reverse("case_report", args=full))
    yield Visit("case_access sami", sami, reverse("case_access", args=full))
    yield Visit("case_access aida", house.people["aida"], reverse("case_access", args=full))
    yield Visit("case_assign", sami, reverse("case_assign", args=full))
    yield Visit("case_propose_end", sami, reverse("case_propose_end", args=full))
    missing = [house.case(state=CaseState.SUSPENDED).pk]
    yield Visit("case_police", sami, reverse("case_police", args=missing))
    yield Visit("case_step register", ana, reverse("case_step", args=[*full, "register"]))
    yield Visit("case_step merge", sami, reverse("case_step", args=[*full, "mark_duplicate"]))
    yield Visit("case_override", sami, reverse("case_override", args=[*full, "register", "consent_services"]))


def _sections(house: House) -> Iterator[Visit]:
    ana, sami, full = house.people["ana"], house.people["sami"], [house.full.pk]
    for name in ("case_identity", "consents", "case_risk", "case_duplicates"):
        yield Visit(f"{name} ana", ana, reverse(name, args=full))
        yield Visit(f"{name} sami", sami, reverse(name, args=full))
    yield Visit("consent_new", ana, reverse("consent_new", args=full))
    fresh = house.case(state=CaseState.SCREENING, consents__isnull=True, duplicate_checks__isnull=True)
    for name in ("case_identity", "consents", "case_duplicates"):
        yield Visit(f"{name} empty", house.worker(fresh), reverse(name, args=[fresh.pk]))


def _mistakes(house: House) -> Iterator[Visit]:
    """Forms sent as they come, or with something impossible in them."""
    ana, sami, full = house.people["ana"], house.people["sami"], [house.full.pk]
    yield Visit("report_new wrong", house.people["hotline"], reverse("report_new"), send())
    yield Visit("consent_new wrong", ana, reverse("consent_new", args=full), send())
    yield Visit("case_risk wrong", ana, reverse("case_risk", args=full), send())
    born = {"#id_birth_date_day": "31", "#id_birth_date_year": "2090"}
    yield Visit("case_identity wrong", ana, reverse("case_identity", args=full), _fill_and_send(born))
    for name, form in (("name_add", "/names/"), ("number_add", "/numbers/")):
        yield Visit(
            f"{name} wrong", ana, reverse("case_identity", args=full), send(f"form[action$='{form}']")
        )
    decide = "form[action*='/duplicates/']:not([action$='/run/'])"
    yield Visit("duplicate_decide wrong", ana, reverse("case_duplicates", args=full), send(decide))
    yield Visit("case_assign wrong", sami, reverse("case_assign", args=full), send())
    yield Visit("case_propose_end wrong", sami, reverse("case_propose_end", args=full), send())
    missing = [house.case(state=CaseState.SUSPENDED).pk]
    yield Visit("case_police wrong", sami, reverse("case_police", args=missing), send())
    grant = send("form[action$='/access/grant/']")
    yield Visit("access_grant wrong", sami, reverse("case_access", args=full), grant)
    yield Visit("case_step refused", ana, reverse("case_step", args=[*full, "register"]), send())
    yield Visit("case_step wrong", sami, reverse("case_step", args=[*full, "mark_duplicate"]), send())
    override = reverse("case_override", args=[*full, "register", "consent_services"])
    yield Visit("case_override wrong", sami, override, send())


def _refusals(house: House) -> Iterator[Visit]:
    ana = house.people["ana"]
    yield Visit("404", ana, "/nowhere/")
    yield Visit("403", house.people["stella"], reverse("desk"))
    yield Visit("403_csrf", ana, reverse("account_logout"), _forge)
    for template in ("400.html", "500.html"):
        yield Visit(template, ana, "/", _instead(template))


def _fill_and_send(values: dict[str, str]) -> Act:
    def act(page: Page) -> None:
        for field, value in values.items():
            page.locator(field).fill(value)
        send()(page)

    return act


def _forge(page: Page) -> None:
    page.locator("main [name=csrfmiddlewaretoken]").evaluate("field => { field.value = 'forged' }")
    send()(page)


def _instead(template: str) -> Act:
    """What Django shows when it cannot answer: nothing that a test could bring about by asking."""

    def act(page: Page) -> None:
        body = render_to_string(template)
        page.route("**/broken/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto("/broken/")

    return act


def opened(windows: Windows, wanted: Iterable[Visit], language: str) -> Iterator[tuple[Visit, Page]]:
    """One window for each person."""
    pages: dict[User | None, Page] = {}
    for visit in wanted:
        if visit.user not in pages:
            pages[visit.user] = windows(visit.user, language=language)
        visit.make(pages[visit.user])
        yield visit, pages[visit.user]


def names_of_addresses() -> set[str]:
    return {pattern.name for pattern in _patterns(get_resolver().url_patterns) if pattern.name}


def _patterns(entries: list[Any]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _patterns(entry.url_patterns)
