"""The people around a child, each in the section that its part in the story belongs to."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Section
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.lists import Asked
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.people import PersonForm
from cases.lists import PEOPLE
from cases.models import Person
from cases.models.choices import OPEN_STATES
from cases.models.people import Conflict, Contact
from cases.services.people import add_person, appointed_representative, change_person, remove_person
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.tabs import case_tabs
from vault import keys

SECTIONS = (Section.CONTACTS, Section.ACCOUNT)
CONTACT_CHIP = {Contact.SAFE: "done", Contact.UNSAFE: "late", Contact.UNKNOWN: "plain"}


@dataclass(frozen=True)
class Card:
    """One person as the page shows it."""

    person: Person
    facts: list[tuple[str, str]]
    contact_chip: str
    contact: str
    conflict: str
    is_appointed: bool
    may_write: bool


@require_safe
def people(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = _opened(request, case_id)
    keys.prefetch([case_id])
    tools = PEOPLE.asked(request)
    rows = opened.case.people.filter(removed_at__isnull=True).select_related("agency")
    seen = [person for person in tools.ordered(rows, "added_at", "pk") if opened.sees(person.section)]
    appointed = appointed_representative(opened.case) if opened.sees(Section.LEGAL) else None
    cards = [_card(opened, person, appointed) for person in seen]
    shown = [card for card in cards if _is_wanted(card.person, tools)]
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "people"),
        "tools": tools,
        "around": [card for card in shown if card.person.section == Section.CONTACTS],
        "suspects": [card for card in shown if card.person.section == Section.ACCOUNT],
        "sees_around": opened.sees(Section.CONTACTS),
        "sees_suspects": opened.sees(Section.ACCOUNT),
        "in_conflict": any(card.is_appointed and not card.person.may_represent for card in cards),
        "may_add": bool(_writable(opened)),
    }
    return render(request, "cases/people.html", context)


def _is_wanted(person: Person, tools: Asked) -> bool:
    """Asked of each, because a warning about one must not go with the row."""
    wanted = ((tools.chosen("role"), person.role), (tools.chosen("contact"), person.contact))
    return all(chosen in ("", code) for chosen, code in wanted)


def _opened(request: HttpRequest, case_id: UUID) -> OpenedCase:
    """Whoever sees neither those around the child nor those suspected has no such page."""
    opened = read_case(request, case_id, shown=SECTIONS)
    if not opened.sees_any(SECTIONS):
        raise Http404
    return opened


def _writable(opened: OpenedCase) -> list[Section]:
    if opened.case.state not in OPEN_STATES:
        return []
    return [section for section in SECTIONS if opened.writes(section)]


def _card(opened: OpenedCase, person: Person, appointed: UUID | None) -> Card:
    return Card(
        person=person,
        facts=_facts(person),
        contact_chip=CONTACT_CHIP[Contact(person.contact)],
        contact=_("Not known whether contact is safe")
        if person.contact == Contact.UNKNOWN
        else person.get_contact_display(),
        conflict="" if person.conflict == Conflict.NONE else person.get_conflict_display(),
        is_appointed=person.pk == appointed,
        may_write=person.section in _writable(opened),
    )


def _facts(person: Person) -> list[tuple[str, str]]:
    facts = [
        (_("Telephone"), person.telephone),
        (_("Languages"), person.languages),
        (_("Country"), country_name(person.country) if person.country else ""),
        (_("Address"), person.address),
        (_("Works for"), person.agency.name if person.agency else ""),
        (_("Note"), person.note),
    ]
    return [(label, value) for label, value in facts if value]


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = _opened(request, case_id)
    require(any(map(opened.writes, SECTIONS)))
    sections = [section for section in SECTIONS if opened.writes(section)]
    form = PersonForm(request.POST if request.method == "POST" else None, sections=sections)
    if request.method == "POST" and form.accepted(
        lambda entered: add_person(case_id, actor=reader(request), told=form.told())
    ):
        messages.success(request, _("Recorded."))
        return redirect("people", case_id)
    return _form_page(request, opened, form, {"title": _("Record a person")})


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, case_id: UUID, person_id: UUID) -> HttpResponse:
    opened = _opened(request, case_id)
    person = _person_or_404(opened, person_id)
    require(opened.writes(person.section))
    form = _form_of(request.POST if request.method == "POST" else None, person)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_person(
                case_id, person_id, actor=reader(request), told=form.told(), seen=form.seen_state
            )
        except Invalid as error:
            form.refuse(error)
        except Meanwhile:
            fresh = _person_or_404(opened, person_id)
            form = form.written_meanwhile(lambda data: _form_of(data, fresh), reader=reader(request))
        except Person.DoesNotExist:
            raise Http404 from None
        else:
            _say_what_follows(request, opened, changed)
            return redirect("people", case_id)
    return _form_page(request, opened, form, {"title": _("Change a person")})


def _form_of(data: QueryDict | None, person: Person) -> PersonForm:
    return PersonForm(data, sections=[person.section], row=person, initial=PersonForm.stored_in(person))


def _say_what_follows(request: HttpRequest, opened: OpenedCase, person: Person) -> None:
    messages.success(request, _("Saved."))
    if not person.may_represent and appointed_representative(opened.case) == person.pk:
        messages.warning(
            request,
            _("The appointed representative has a conflict of interest. It is now a task to report that."),
        )


def _its_page(request: HttpRequest, case_id: UUID, **_part: UUID) -> str:
    """Where the forms below stand, for those who may open it."""
    if not opened_case(request, case_id).sees_any(SECTIONS):
        raise Http404
    return reverse("people", args=[case_id])


@posted_from(_its_page)
def person_remove(request: HttpRequest, case_id: UUID, person_id: UUID) -> HttpResponse:
    opened = _opened(request, case_id)
    require(opened.writes(_person_or_404(opened, person_id).section))
    try:
        remove_person(case_id, person_id, actor=reader(request))
    except Person.DoesNotExist:
        raise Http404 from None
    except Invalid as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Removed. History keeps that it was there."))
    return redirect("people", case_id)


def _person_or_404(opened: OpenedCase, person_id: UUID) -> Person:
    person = opened.case.people.filter(pk=person_id, removed_at__isnull=True).first()
    if person is None or not opened.sees(person.section):
        raise Http404
    return person


def _form_page(
    request: HttpRequest, opened: OpenedCase, form: PersonForm, context: dict[str, Any]
) -> HttpResponse:
    context |= {"case": opened.case, "form": form}
    return render(request, "cases/person.html", context, status=422 if form.errors else 200)
