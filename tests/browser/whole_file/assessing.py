"""From registered to assessed: partners let in, safety, placement, representation, best interests."""

from datetime import timedelta

from playwright.sync_api import expect

from accounts.access import Section
from cases.edges.tracks import TRACKS
from cases.guards import lifecycle as guards
from cases.guards.tracks import NO_CONFLICT
from cases.models.choices import Risk, Safety
from cases.models.people import Contact, PersonRole
from cases.models.situation import FACTORS, PlacementKind, Solution
from tests.browser.whole_file.steps import Act, Person

GUARDIAN = "Greta Halm"
COURT = "Guardianship court"


def partners_are_let_in(act: Act) -> None:
    for username, section in (("dr-mila", Section.MEDICAL), ("lex", Section.LEGAL)):
        sami_gives_access(act, username, section)
        partner = act.by(username)
        partner.finds_file()
        # The one track that was given, and no other.
        expect(partner.at.main.locator(".lane a")).to_have_text([partner.at.say(section.label)])


def sami_gives_access(act: Act, username: str, section: Section) -> None:
    sami = act.by("sami")
    sami.opens_file()
    sami.at.follow("Who can see this and why")
    sami.at.unfold("Give personal access")
    sami.at.fill("Account name", username)
    sami.at.choose("Sections", section.label)
    sami.at.tick("May also write in these sections")
    sami.at.enter_day("Until the end of", act.today + timedelta(days=90))
    sami.at.fill("Why", "Cares for the child.")
    sami.at.press("Give access")
    sami.at.sees("The access is given, and its holder is told.")


def the_assessment_is_completed(act: Act) -> None:
    ana = act.by("ana")
    ana.is_refused(
        "assess",
        guards.SAFETY_LOOKED_AT,
        guards.REPRESENTATION,
        guards.PLACEMENT,
        guards.BEST_INTERESTS_ASSESSMENT,
    )
    ana.goes_where_it_says(guards.SAFETY_LOOKED_AT)
    looks_at_safety(ana, Risk.MEDIUM)
    ana.puts_right(guards.PLACEMENT)
    places(ana, PlacementKind.SHELTER)
    ana.puts_right(guards.BEST_INTERESTS_ASSESSMENT)
    argues_best_interests(ana)
    ana.puts_right(guards.REPRESENTATION)
    ana.at.sees(TRACKS["representation"].label)
    _lex_asks_for_a_guardian(act.by("lex"))
    ana.takes_step("assess")
    assert act.row.state == "assessed"


def looks_at_safety(worker: Person, level: Risk) -> None:
    worker.at.choose("Risk", level.label)
    worker.at.choose("Is the child safe where it is now?", Safety.SAFE.label)
    worker.at.tick("I have seen or spoken with the child")
    worker.at.press("Save")
    worker.at.sees("Saved. The clocks follow the new risk level.")


def places(worker: Person, kind: PlacementKind) -> None:
    worker.at.choose("Where is the child?", kind.label)
    worker.at.choose("Is the child safe there?", "Yes")
    worker.at.fill("Address", "Mill Lane 3")
    worker.at.press("Save")
    expect(worker.at.page.locator("h2").first).to_have_text(worker.at.say(kind.label))


def argues_best_interests(worker: Person) -> None:
    """Kept as a draft first: it does not count yet."""
    first, *others = FACTORS
    worker.at.fill(first[1], "She wants to stay with her aunt.")
    worker.at.press("Save the draft")
    worker.at.sees("The draft is saved. It counts once it is finished.")
    for _name, label in others:
        worker.at.fill(label, "Argued with the child.")
    worker.at.choose("Recommendation", Solution.STAY_WITH_FAMILY.label)
    worker.at.fill("Conclusion", "To stay with her aunt.")
    worker.at.press("Finish this version")
    worker.at.sees("This version is finished and stays as it is.")


def _lex_asks_for_a_guardian(lex: Person) -> None:
    lex.takes_track_step(
        "representation",
        "request_representative",
        authority=COURT,
        pending_because="The court sits on Monday.",
    )


def the_guardian_is_appointed(act: Act) -> None:
    lex = act.by("lex")
    appoint = lex.opens_track_step("representation", "appoint_representative")
    lex.reads(TRACKS["representation"].machine, appoint, [NO_CONFLICT])
    _ana_records_the_guardian(act.by("ana"))
    who = f"{GUARDIAN} · {lex.at.say(PersonRole.GUARDIAN.label)}"
    lex.takes_track_step(
        "representation", "appoint_representative", person=who, authority=COURT, number="4 P 12/26"
    )
    lex.at.sees(GUARDIAN)


def _ana_records_the_guardian(ana: Person) -> None:
    ana.opens_tab("Child", "People")
    ana.at.follow("Record a person")
    ana.at.select("Who is this to the child?", PersonRole.GUARDIAN.label)
    ana.at.fill("Name", GUARDIAN)
    ana.at.choose("May this person be spoken to about the child?", Contact.SAFE.label)
    ana.at.press("Save")
    ana.at.sees("Recorded.")
