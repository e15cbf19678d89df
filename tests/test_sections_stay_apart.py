"""What lies in a section appears on no page of somebody who does not hold it: words planted in each, looked for in all.

Who holds what is declared here in words of its own, as in the matrix of addresses.
"""

from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from itertools import combinations, permutations

import pytest
from django.test import Client
from django.urls import reverse

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, ImportedValues, Report
from cases.models.choices import Answer, Basis, GivenBy, Purpose, Risk, Safety
from cases.services.consents import record_consent
from cases.services.identity import add_id_number, add_name, record_identity
from cases.services.risk import assess_risk
from cases.services.steps import take_step
from tests.cases import files, whole_file
from tests.cast import Cast
from tests.kept import kept
from tests.permissions.world import TABLE, World, address, build

# What was planted in the file that was told to us; each word stands nowhere else.
TOLD: Mapping[str, tuple[str, ...]] = {
    "identity": ("Oriolanda", "Kestrelova", "B77-OSPREY", "Sandpiperish", "seventeen-or-so", "אלמוגית"),
    "contacts": ("aunt-with-a-wren", "Журавлёва"),
    "shelter": ("house-behind-the-heron", "شارع"),
    "account": ("man-with-the-magpie", "Сорокин"),
    "risk": ("High risk", "threats-by-a-buzzard"),
    "legal": ("explained-with-a-plover", "Help and case management", "court-of-the-plover"),
    "medical": ("fever-of-the-finch",),
    "rehabilitation": ("school-of-the-starling",),
    "plan": ("visit-the-lapwing",),
    "notes": ("last-seen-near-the-dovecote", "note-on-notes"),
    # A note on a section is for those who hold both; what the team writes for itself is for the team.
    "of those who work on it": (
        "closing-with-a-cuckoo",
        *(
            f"note-on-{section.value}"
            for section in Section
            if section not in (Section.NOTES, Section.DOCUMENTS)
        ),
    ),
}
PAPERS: Mapping[str, tuple[str, ...]] = {
    section.value: (f"paper-on-{section.value}",) for section in Section if section != Section.DOCUMENTS
}
# The imported file has every section, with a word in each that tells which it is.
TAKEN_OVER = {section.value: f"swallow-in-{section.value}" for section in Section}

HOLDS: Mapping[str, frozenset[str]] = {
    "consular": frozenset({"identity"}),
    "panel": frozenset(
        {
            "identity",
            "contacts",
            "account",
            "risk",
            "legal",
            "rehabilitation",
            "return_decision",
            "return_journey",
        }
    ),
    "emergency": frozenset({"identity", "contacts", "shelter", "risk", "medical", "return_journey"}),
    "escort": frozenset(),
    "referred": frozenset(),
}
# A document goes with its section: the label alone opens nothing.
GIVEN = [section.value for section in Section if section != Section.DOCUMENTS]
ALONE = {f"personal {section}": frozenset({section}) for section in GIVEN}
# To ask every page for each section alone takes long. Three of these six hold each section, and no two sections the
# same three: for every two there is somebody who holds the one without the other. A note on a section is for those who
# hold both, so notes are held alone.
READERS, EACH = 6, 3
OF_WHOM = dict(
    zip((name for name in GIVEN if name != Section.NOTES), combinations(range(READERS), EACH), strict=False)
)
APART = {"personal notes": ALONE["personal notes"]} | {
    f"personal, reader {number}": frozenset(name for name, readers in OF_WHOM.items() if number in readers)
    for number in range(READERS)
}
WHO: Mapping[str, tuple[str, Basis]] = {
    "consular": ("konsul", Basis.REQUEST),
    "panel": ("pia", Basis.PANEL),
    "emergency": ("omar", Basis.EMERGENCY),
    "escort": ("eskort", Basis.ESCORT),
    "referred": ("fokus", Basis.REFERRAL),
}
LISTS = (
    ("case_list", "state=all"),
    ("case_list", "risk=high"),
    ("case_list", "risk=low"),
    ("case_list", "unassigned=1"),
    ("today", ""),
    ("today", "show=late"),
)


@kept
def world(cast: Cast) -> World:
    """The matrix's world, with words in every section of its case."""
    world = build(cast)
    case, ana = world.case, cast.ana
    whole_file.fill(case, ana, world.foreign)
    record_identity(case.pk, actor=ana, identity=files.identity(known_as="Oriolanda"))
    add_name(case.pk, actor=ana, kind="alias", given="Kestrelova", family="")
    add_id_number(case.pk, actor=ana, kind="passport", country="XB", number="B77-OSPREY")
    assess_risk(
        case.pk,
        actor=ana,
        level=Risk.HIGH,
        safety=Safety.SAFE,
        child_seen=True,
        note="threats-by-a-buzzard",
    )
    record_consent(
        case.pk,
        actor=ana,
        purpose=Purpose.SERVICES,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=clock.today("Europe/Vienna"),
        explained="explained-with-a-plover",
    )
    _tell(case)
    take_step(case.pk, "suspend", actor=ana, reason="last-seen-near-the-dovecote")
    return world


def _tell(case: Case) -> None:
    """The report, which the matrix's world tells otherwise."""
    report = Report.objects.get(case=case)
    report.words, report.place = "man-with-the-magpie", "house-behind-the-heron"
    report.details = {
        "name": "Sandpiperish",
        "age": "seventeen-or-so",
        "gender": "Feminine",
        "languages": "Belmoran",
        "reporter": "aunt-with-a-wren",
    }
    report.save()


@kept
def imported(cast: Cast) -> Case:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    for section, word in TAKEN_OVER.items():
        kept = ImportedValues(case=case, section=section)
        kept.values = {"word": word}
        kept.save()
    return case


def let_in(case: Case, cast: Cast, relation: str) -> User:
    name, basis = WHO.get(relation, ("tomas", Basis.PERSONAL))
    viewer: User = getattr(cast, name)
    if basis == Basis.PERSONAL:
        until = clock.now() + timedelta(days=1)
        held = sorted({**ALONE, **APART}[relation])
        files.ground(case, basis, account=viewer, until=until, sections=held)
    else:
        files.ground(case, basis, account=viewer)
    return viewer


def all_pages(client: Client, world: World) -> dict[str, str]:
    """Every page that opens, of every address of the matrix, and the lists with their filters.

    What is no page (a paper, a document) has tests of its own.
    """
    pages = {}
    asked = {row: address(world, row).url for row in TABLE if row != "account_logout"}
    asked |= {f"{name}?{query}": f"{reverse(name)}?{query}" for name, query in LISTS}
    for row, url in asked.items():
        answer = client.get(url)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/"):
            pages[row] = unescape(answer.content.decode())
    return pages


def filters_cut(row: str, page: str) -> str:
    """Lists offer `High risk` as a filter to everybody; an offer tells whom it was made how urgent it is."""
    if row in ("design", "tour"):
        # Of components and of the first day, with invented words.
        return ""
    if row.startswith("referrals"):
        return page.replace("High risk", "")
    return page.replace("High risk", "", 1) if row.startswith(("case_list", "today")) else page


def leaks(
    pages: Mapping[str, str], planted: Mapping[str, tuple[str, ...]], held: frozenset[str]
) -> list[str]:
    """Words of a section that is not held, and the page which shows them."""
    return [
        f"{row}: {word} ({section})"
        for section, words in planted.items()
        if section not in held
        for word in words
        for row, page in pages.items()
        if word in filters_cut(row, page)
    ]


def test_any_two_sections_are_told_apart() -> None:
    for one, other in permutations(GIVEN, 2):
        assert any(one in held and other not in held for held in APART.values()), (one, other)


@pytest.mark.usefixtures("quick_answers")
@pytest.mark.parametrize("relation", [*HOLDS, *APART])
def test_nothing_of_a_section_that_is_not_held(world: World, cast: Cast, relation: str) -> None:
    client, held = Client(), {**HOLDS, **APART}[relation]
    client.force_login(let_in(world.case, cast, relation))
    pages = all_pages(client, world)
    assert leaks(pages, TOLD, held) == []
    assert leaks(pages, PAPERS, held) == []
    # What is held is found, or the search would prove nothing.
    everything = " ".join(filters_cut(row, page) for row, page in pages.items())
    planted = [word for section in held & TOLD.keys() for word in (*TOLD[section], *PAPERS.get(section, ()))]
    assert [word for word in planted if word not in everything] == []
    if "risk" not in held:
        # Whoever may not know the risk cannot ask by it: the list stays what it is.
        asked = [world.case.code in pages[f"case_list{query}"] for query in ("", "?risk=high", "?risk=low")]
        assert len(set(asked)) == 1


@pytest.mark.parametrize("relation", [*HOLDS, *ALONE])
def test_nothing_taken_over_of_a_section_that_is_not_held(imported: Case, cast: Cast, relation: str) -> None:
    client = Client()
    client.force_login(let_in(imported, cast, relation))
    pages = {
        name: client.get(reverse(name, args=[imported.pk])).content.decode()
        for name in ("case", "case_history", "case_identity", "consents", "case_risk", "case_report")
    }
    shown = {section for section, word in TAKEN_OVER.items() if any(word in page for page in pages.values())}
    assert shown == {**HOLDS, **ALONE}[relation]


@pytest.mark.parametrize("relation", [name for name, held in {**HOLDS, **ALONE}.items() if held])
def test_a_file_links_to_no_page_that_does_not_exist_for_its_reader(
    world: World, cast: Cast, relation: str
) -> None:
    client = Client()
    client.force_login(let_in(world.case, cast, relation))
    page = client.get(reverse("case", args=[world.case.pk])).content.decode()
    links = {part.split('"')[0] for part in page.split('href="/cases/')[1:]}
    assert {link: 200 for link in links} == {link: client.get(f"/cases/{link}").status_code for link in links}


@pytest.mark.usefixtures("quick_answers")
def test_a_worker_sees_all_that_was_planted(world: World, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ana)
    everything = " ".join(all_pages(client, world).values())
    planted = [word for words in (*TOLD.values(), *PAPERS.values()) for word in words]
    assert [word for word in planted if word not in everything] == []
