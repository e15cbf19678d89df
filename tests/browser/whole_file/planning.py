"""From assessed to active: the child heard, goals, agreement, and a supervisor who did not write the plan."""

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import ServiceType
from cases.edges.lifecycle import LIFECYCLE
from cases.guards import lifecycle as guards
from cases.guards import tracks as track_guards
from cases.models.choices import GivenBy
from cases.models.plan import Means, Track
from cases.models.registers import NeedDomain
from tests.browser.whole_file.steps import Act, Person
from workflow.machine import Guard


def needs_are_assessed(act: Act) -> None:
    """Care does not wait for the plan, and what its own plan waits for is said."""
    ana = act.by("ana")
    ana.is_refused_in("rehabilitation", "assess_needs", track_guards.NEEDS_RECORDED)
    ana.goes_where_it_says(track_guards.NEEDS_RECORDED)
    ana.at.choose("Part of life", NeedDomain.SCHOOLING.label)
    ana.at.fill("What the child needs there", "She has missed two years of school.")
    ana.at.press("Save")
    ana.at.sees("Recorded.")
    ana.takes_track_step("rehabilitation", "assess_needs")
    ana.is_refused_in(
        "rehabilitation",
        "agree_plan",
        track_guards.HEARD_ABOUT_PLAN,
        track_guards.REPRESENTATIVE_AGREES,
        track_guards.REHABILITATION_GOALS,
        education_from=act.today + timedelta(days=14),
    )


def the_plan_is_written(act: Act) -> None:
    ana = act.by("ana")
    ana.is_refused("plan", guards.CHILD_HEARD, guards.GOALS_SET, guards.PLAN_AGREED)
    ana.goes_where_it_says(guards.CHILD_HEARD)
    ana.goes_on("Record what the child says")
    _hears_the_child(ana)
    ana.puts_right(guards.GOALS_SET)
    for track in Track:
        ana.at.sees("Set a goal: %(track)s", track=ana.at.say(track.label))
        ana.goes_on("Set a goal")
        _sets_a_goal(ana)
    ana.puts_right(guards.PLAN_AGREED)
    ana.goes_on("Record the answer")
    _records_the_agreement(ana)
    ana.takes_step("plan")
    assert act.row.plan_author == ana.user


def _hears_the_child(ana: Person) -> None:
    ana.at.choose("How the child was heard", Means.DRAWING.label)
    ana.at.fill("What the child says", "I want to live with my aunt and go to school.")
    ana.at.press("Save")
    ana.at.sees("What the child says is recorded.")


def _sets_a_goal(ana: Person) -> None:
    ana.at.select("Kind of service", ServiceType.SOCIAL_CARE.label)
    ana.at.fill("Goal", "To be safe, and well again.")
    ana.at.press("Set the goal")
    ana.at.sees("The goal is set.")


def _records_the_agreement(ana: Person) -> None:
    ana.at.choose("Who answered?", GivenBy.GUARDIAN.label)
    ana.at.choose("Answer", "Agrees with the plan")
    ana.at.press("Record the answer")
    ana.at.sees("The answer is recorded.")


def sami_approves_what_ana_may_not(act: Act) -> None:
    ana, sami = act.by("ana"), act.by("sami")
    may_not_herself(ana, "activate", guards.PLAN_APPROVED_BY_ANOTHER)
    sami.finds_file()
    sami.at.sees("Nothing is missing for the next step.")
    sami.takes_step("activate")
    assert (act.row.state, act.row.plan_approver) == ("active", sami.user)


def may_not_herself(author: Person, name: str, *missing: Guard) -> None:
    """The page of the case says why, and whose it is; the step's own address is closed to her, in both directions."""
    edge = LIFECYCLE.edge(name)
    author.opens_file()
    author.reads(LIFECYCLE, edge, missing, within="#blocks")
    whose = author.at.say(LIFECYCLE.hand_labels["supervisor"])
    expect(author.at.page.locator("#blocks")).to_contain_text(
        author.at.say("This step belongs to %(who)s.", who=whose)
    )
    expect(author.at.link(edge.label)).to_have_count(0)
    answer = author.at.page.goto(reverse("case_step", args=[author.case.pk, name]))
    assert answer
    assert answer.status == 403
    author.at.sees("You cannot do this")


def the_plan_is_reviewed(act: Act) -> None:
    ana = act.by("ana")
    ana.opens_file()
    folded = ana.at.main.locator("#next details.more > summary")
    if folded.count():
        folded.click()
    row = ana.at.main.locator(".task", has_text=ana.at.say("Review the plan"))
    ana.at.hands.click(row.get_by_role("link", name=ana.at.begins("Record")))
    ana.at.fill("What the review found", "The goals still fit.")
    ana.at.press("Record the review")
    ana.at.sees("The review is recorded. The clock of reviews runs anew.")


def rehabilitation_begins(act: Act) -> None:
    ana = act.by("ana")
    ana.takes_track_step("rehabilitation", "agree_plan", education_from=act.today + timedelta(days=14))
    ana.takes_track_step("rehabilitation", "begin_rehabilitation")
