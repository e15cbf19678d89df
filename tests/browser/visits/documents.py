"""The pages of documents, with names that are hard to lay out."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.access import Section
from accounts.models import User
from cases.models import Case, Document
from cases.models.documents import DocumentKind
from cases.services.documents import add_document, record_police_reference, report_document
from cases.services.incoming import take_in
from tests.browser.visits.base import LONG_NAME, LONG_WORD, House, Visit, send
from tests.cases import papers

# Answers with a file, which no browser shows.
NO_PAGE = frozenset({"document_open"})


def furnish(case: Case, people: dict[str, User]) -> None:
    """In every part of the file one, in several scripts; one reported, one that the police know of."""
    ana, sami = people["ana"], people["sami"]
    titles = ("Решение суда о представительстве", "قرار المحكمة", LONG_NAME, LONG_WORD, "Certificate")
    labels = (Section.LEGAL, Section.IDENTITY, Section.MEDICAL, Section.PLAN, Section.LEGAL)
    rows = [
        _add(case, ana, section, title, f"{LONG_WORD}.pdf")
        for section, title in zip(labels, titles, strict=True)
    ]
    for row in rows[-2:]:
        report_document(case.pk, row.pk, actor=ana)
    record_police_reference(case.pk, rows[-1].pk, actor=sami, reference="AZ 7/2026")


def _add(case: Case, actor: User, section: Section, title: str, filename: str) -> Document:
    return add_document(
        case.pk,
        actor=actor,
        section=section,
        kind=DocumentKind.DECISION,
        title=title,
        filename=filename,
        incoming=take_in(filename, papers.pdf()),
    )


def visits(house: House) -> Iterator[Visit]:
    ana, sami, full = house.people["ana"], house.people["sami"], [house.full.pk]
    for user in (ana, sami, house.people["petra"]):
        yield Visit(f"documents {user.username}", user, reverse("documents", args=full))
    bare = house.case(documents__isnull=True, state="screening")
    yield Visit("documents empty", sami, reverse("documents", args=[bare.pk]))
    yield Visit("document_new", ana, reverse("document_new", args=full))
    yield Visit("document_new wrong", ana, reverse("document_new", args=full), send())
    kept = house.full.documents.filter(quarantined_at__isnull=True)[0]
    reported = house.full.documents.filter(quarantined_at__isnull=False)[0]
    remove = reverse("document_remove", args=[*full, kept.pk])
    yield Visit("document_remove", ana, remove)
    yield Visit("document_remove wrong", ana, remove, send())
    yield Visit("document_report", ana, reverse("document_report", args=[*full, kept.pk]))
    police = reverse("document_police", args=[*full, reported.pk])
    yield Visit("document_police", sami, police)
