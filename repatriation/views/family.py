"""Tracing and relationship: who of the file's people is related to the child, what shows it, and what was found."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.access import Section
from accounts.countries import country_name
from accounts.permissions import require
from cases.models import Person
from cases.models.people import Contact
from cases.views.loading import reader
from repatriation.forms.finding import RelationshipForm
from repatriation.models import Relationship
from repatriation.models.finding import is_implicated
from repatriation.services.families import people_around, readable_documents, verify_relationship
from repatriation.views.loading import OpenedReturn, open_return
from repatriation.views.papers import Link, case_page, paper_link
from repatriation.views.parts import part_tabs

CONTACT_CHIP = {Contact.SAFE: "done", Contact.UNSAFE: "late", Contact.UNKNOWN: "plain"}


@dataclass(frozen=True)
class Relative:
    """One person as the page shows it."""

    person: Person
    country: str
    is_implicated: bool
    contact_chip: str
    shown: list[tuple[Relationship, Link | None]]


@require_http_methods(["GET", "HEAD", "POST"])
def return_family(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = _opened(request, return_id)
    way, user = opened.way, reader(request)
    form = RelationshipForm(
        request.POST if request.method == "POST" else None,
        case=way.case,
        documents=readable_documents(way.case, user),
        initial={"verified_on": clock.today(way.case.agency.time_zone)},
    )
    if request.method == "POST":
        require(opened.writes_decision)
        if form.accepted(
            lambda entered: verify_relationship(
                return_id, entered["person"].pk, actor=user, shown=form.shown()
            )
        ):
            messages.success(request, _("Recorded."))
            return redirect("return_family", return_id)
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_family"),
        "people": _relatives(opened),
        "form": form if opened.writes_decision else None,
        "people_url": case_page(opened, "people"),
    }
    return render(request, "repatriation/family.html", context, status=422 if form.errors else 200)


def _opened(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    """The page names people of the file, so their sections are read with it."""
    opened = open_return(request, return_id, Section.RETURN_DECISION, Section.CONTACTS, Section.ACCOUNT)
    if not opened.reads_decision:
        raise Http404
    return opened


def _relatives(opened: OpenedReturn) -> list[Relative]:
    """Whoever is suspected stands there only for those who read what happened."""
    shown: dict[UUID, list[tuple[Relationship, Link | None]]] = {}
    for row in opened.way.relationships.select_related("verified_by", "document"):
        shown.setdefault(row.person_id, []).append((row, paper_link(opened, row.document)))
    return [
        Relative(
            person,
            country_name(person.country) if person.country else "",
            is_implicated(person),
            CONTACT_CHIP[Contact(person.contact)],
            shown.get(person.pk, []),
        )
        for person in people_around(opened.way.case)
        if person.section in opened.sections
    ]
