"""From active to closed, and open again: the durable solution, the last visit, the closure, a supervisor each time."""

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

import clock
from cases.guards import lifecycle as guards
from cases.models import Task
from cases.models.closing import DurableSolution
from cases.models.plan import VisitKind
from cases.models.situation import PlacementKind
from tests.browser.whole_file.assessing import argues_best_interests, places
from tests.browser.whole_file.planning import may_not_herself
from tests.browser.whole_file.steps import Act, Person
from tests.cases import files
from workflow.models import Deadline

WHY = "She lives safely with her aunt, and will."
ERRAND = "Send the vaccination card to the school."


def no_durable_solution_is_required(act: Act) -> None:
    ana, sami = act.by("ana"), act.by("sami")
    ana.is_refused("begin_monitoring", guards.DURABLE_SOLUTION)
    ana.goes_where_it_says(guards.DURABLE_SOLUTION)
    ana.at.sees("A supervisor of the team confirms it.")
    _sami_is_refused_every_solution(sami)
    ana.opens_tab("Child", "Placement")
    places(ana, PlacementKind.KINSHIP)
    _confirms(sami)
    sami.at.sees("Confirmed: no durable solution is required.")
    ana.takes_step("begin_monitoring")
    assert act.row.state == "monitoring"


def _sami_is_refused_every_solution(sami: Person) -> None:
    _confirms(sami)
    sami.at.sees("This needs a safe placement with parents or relatives, and a risk that is not high.")
    for solution in (DurableSolution.HANDED_OVER, DurableSolution.INTEGRATION):
        refused = sami.at.page.locator(".check", has_text=sami.at.say(solution.label))
        expect(refused).to_contain_text(sami.at.say("Only a return, carried out to its end, records this."))
        expect(refused.locator("summary .rule")).to_have_text(list(guards.DURABLE_SOLUTION.source))
    assert files.fresh(sami.case).durable_solution == ""


def _confirms(sami: Person) -> None:
    sami.finds_file()
    sami.goes_where_it_says(guards.DURABLE_SOLUTION)
    sami.at.fill("Why no durable solution is required", WHY)
    sami.at.press("Confirm: none is required")


def an_errand_is_left(act: Act) -> None:
    """Something that somebody still has to do keeps the case from closing."""
    ana, mila = act.by("ana"), act.by("dr-mila")
    ana.opens_tab("Plan")
    ana.at.follow("Give a task")
    ana.at.fill("What is to be done", ERRAND)
    ana.at.select("Who does it", f"{mila.user.name} · {mila.user.agency.name}")
    ana.at.enter_day("Until the end of", act.today + timedelta(days=7))
    ana.at.press("Give the task")
    ana.at.sees("The task is given. It stands on Today until it is done.")


def the_case_is_closed(act: Act) -> None:
    ana, sami = act.by("ana"), act.by("sami")
    missing = (
        guards.VISITS_DONE,
        guards.NOTHING_OPEN,
        guards.CLOSURE_SUMMARY,
        guards.RETENTION_DATE,
        guards.CLOSURE_APPROVED_BY_ANOTHER,
    )
    sami.is_refused("close", *missing)
    may_not_herself(ana, "close", *missing)
    _ana_visits(ana)
    _dr_mila_does_her_errand(act.by("dr-mila"))
    _ana_writes_the_closure(ana)
    may_not_herself(ana, "close", guards.CLOSURE_APPROVED_BY_ANOTHER)
    sami.finds_file()
    sami.at.sees("Nothing is missing for the next step.")
    sami.takes_step("close")
    assert (act.row.state, act.row.closure_approver) == ("closed", sami.user)


def _ana_visits(ana: Person) -> None:
    ana.puts_right(guards.VISITS_DONE)
    ana.at.follow("Plan a visit")
    ana.at.choose("Where", VisitKind.HOME.label)
    ana.at.enter_day("Day", clock.today(ana.case.agency.time_zone))
    ana.at.press("Plan the visit")
    ana.at.sees("The visit is planned. It stands on Today until it is made.")
    ana.at.hands.click(
        ana.at.main.get_by_role("link", name=ana.at.begins("Record", then=VisitKind.HOME.label))
    )
    ana.at.choose("How the child was seen", "The child was seen alone")
    ana.at.fill("What was seen and heard", "She laughs again.")
    ana.at.press("Record the visit")
    ana.at.sees("The visit is recorded. The clock of contact runs anew from that day.")


def _dr_mila_does_her_errand(mila: Person) -> None:
    mila.at.goes_to("Today")
    errand = mila.at.main.locator(".task", has_text=ERRAND)
    mila.at.hands.click(errand.get_by_role("link", name=mila.at.begins("Record")))
    mila.at.fill("What came of it", "Sent.")
    mila.at.press("Record that it is done")
    mila.at.sees("The task is done.")
    assert not Task.objects.filter(case=mila.case, done_at=None).exists()


def _ana_writes_the_closure(ana: Person) -> None:
    ana.puts_right(guards.CLOSURE_SUMMARY)
    today = clock.today(ana.case.agency.time_zone)
    ana.at.fill("Summary", "She lives with her aunt and goes to school.")
    ana.at.enter_day("Child informed on", today)
    ana.at.enter_day("Guardian or parent informed on", today)
    ana.at.press("Save")
    ana.at.sees("Written. A supervisor closes the case.")


def the_partners_have_left(act: Act) -> None:
    for username in ("dr-mila", "lex"):
        answer = act.by(username).at.page.goto(reverse("case", args=[act.case.pk]))
        assert answer
        assert answer.status == 404


def the_case_is_reopened(act: Act) -> None:
    ana, sami = act.by("ana"), act.by("sami")
    reopen = sami.opens_step("reopen")
    sami.at.press(reopen.label)
    sami.at.sees("We need an answer here.")
    assert act.row.state == "closed"
    sami.takes_step("reopen", Reason="Her aunt fell ill.")
    assert act.row.state == "active"
    due = Deadline.objects.open().get(case_id=act.case.pk, kind="best_interests_again")
    assert due.due_at <= clock.now() + timedelta(days=7)
    _ana_argues_anew(ana)
    assert not Deadline.objects.open().filter(pk=due.pk).exists()


def _ana_argues_anew(ana: Person) -> None:
    ana.at.goes_to("Today")
    row = ana.at.main.locator(".task", has_text=ana.at.say("Make a new best-interests assessment"))
    ana.at.hands.click(row.get_by_role("link", name=ana.at.begins("Open")))
    ana.at.sees("Version %(version)s, draft", version=2)
    argues_best_interests(ana)
