"""The pages of people and of links, with somebody of every kind and files from near and far."""

from collections.abc import Iterator, Mapping

from django.urls import reverse

from accounts.models import Agency, User
from cases.models import Case
from cases.models.choices import CaseState
from cases.models.people import Conflict, Contact, LinkKind, PersonRole
from cases.services.links import add_link
from cases.services.people import Particulars, add_person
from tests.browser.visits.base import LONG_NAME, LONG_WORD, WORDS, House, Visit, send

SOMEBODY = (
    (PersonRole.MOTHER, LONG_NAME, Contact.UNKNOWN, Conflict.NONE),
    (PersonRole.FATHER, "كريم ندى", Contact.UNSAFE, Conflict.SUSPECTED),
    (PersonRole.GUARDIAN, "Мира Белан", Contact.SAFE, Conflict.OWN_GAIN),
    (PersonRole.INTERPRETER, LONG_WORD, Contact.SAFE, Conflict.SAME_COMMUNITY),
    (PersonRole.SUSPECT, "Gradan", Contact.UNSAFE, Conflict.NONE),
)


def furnish(case: Case, people: Mapping[str, User]) -> None:
    ana, sami = people["ana"], people["sami"]
    shelter = Agency.objects.get(code="arvania-shelter")
    for role, name, contact, conflict in SOMEBODY:
        told = Particulars(
            role=role,
            name=name,
            telephone="+00 12 345 67 89",
            address=LONG_WORD,
            languages="Romani, Russian",
            note=WORDS,
            country="XB",
            agency=shelter,
            contact=contact,
            conflict=conflict,
        )
        add_person(case.pk, actor=ana, told=told)
    # Sami sees the whole team's files, ana her own.
    others = Case.objects.visible_to(sami).exclude(pk=case.pk).order_by("code")
    for other, kind in zip(others[:3], LinkKind, strict=True):
        add_link(case.pk, actor=sami, code=other.code, kind=kind)


def visits(house: House) -> Iterator[Visit]:
    ana, sami, full = house.people["ana"], house.people["sami"], [house.full.pk]
    for name in ("people", "links"):
        yield Visit(f"{name} ana", ana, reverse(name, args=full))
        yield Visit(f"{name} sami", sami, reverse(name, args=full))
    fresh = house.case(state=CaseState.SCREENING, people__isnull=True, links_received__isnull=True)
    for name in ("people", "links"):
        yield Visit(f"{name} empty", house.worker(fresh), reverse(name, args=[fresh.pk]))
    person = house.full.people.filter(removed_at__isnull=True).first()
    assert person
    yield Visit("person_new", ana, reverse("person_new", args=full))
    yield Visit("person_new wrong", ana, reverse("person_new", args=full), send())
    yield Visit("person_edit", ana, reverse("person_edit", args=[*full, person.pk]))
    yield Visit("link_add wrong", ana, reverse("links", args=full), send())
