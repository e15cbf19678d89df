from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import Section
from accounts.errors import Invalid
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.identity import CandidateForm
from cases.matching.facts import birth_key
from cases.models import Case, DuplicateCandidate
from cases.models.choices import CaseState, Verdict
from cases.permissions import Hand
from cases.presenting import CaseRow, listed_rows
from cases.services.duplicates import candidates_about, decide_candidate, run_duplicate_check
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.tabs import case_tabs
from cases.wording import REASONS

# Of a birth date as it is compared (`cases.matching.facts.Facts.born`).
FULL_DATE = len("20120304")


@dataclass(frozen=True)
class Compared:
    """What the file knows that a check can compare. An estimated age is nobody's birth date."""

    words: str
    is_little: bool

    @classmethod
    def of(cls, case: Case) -> "Compared":
        born = birth_key(case.child)
        is_dated = len(born) == FULL_DATE
        numbers = case.child.id_numbers.filter(removed_at__isnull=True).count()
        parts = [
            _("the names"),
            _("the birth date") if is_dated else _("the year of birth") if born else _("no birth date"),
            ngettext("%(count)s document number", "%(count)s document numbers", numbers) % {"count": numbers},
        ]
        return cls(", ".join(parts), not (is_dated or numbers))


@require_safe
def case_duplicates(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The candidates side by side; a file that this reader may not see stays masked."""
    return _page(request, _opened(request, case_id))


def _opened(request: HttpRequest, case_id: UUID) -> OpenedCase:
    """That a second file exists, and where, is the business of those who work on this one."""
    opened = read_case(request, case_id, Section.IDENTITY)
    if not opened.works_on_it:
        raise Http404
    return opened


def _its_page(request: HttpRequest, case_id: UUID, **_candidate: UUID) -> str:
    """Where the forms below stand, for those who may open it."""
    opened = opened_case(request, case_id)
    if not opened.works_on_it or not opened.sees(Section.IDENTITY):
        raise Http404
    return reverse("case_duplicates", args=[case_id])


@posted_from(_its_page)
def duplicates_run(request: HttpRequest, case_id: UUID) -> HttpResponse:
    require(_opened(request, case_id).writes(Section.IDENTITY))
    try:
        run_duplicate_check(case_id, actor=reader(request))
    except Invalid as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The duplicate check was run."))
    return redirect("case_duplicates", case_id)


@posted_from(_its_page)
def duplicate_decide(request: HttpRequest, case_id: UUID, candidate_id: UUID) -> HttpResponse:
    opened = _opened(request, case_id)
    form = CandidateForm(request.POST, prefix=str(candidate_id))
    if form.is_valid():
        data = form.cleaned_data
        try:
            decide_candidate(
                case_id,
                candidate_id,
                actor=reader(request),
                verdict=Verdict(data["verdict"]),
                note=data["note"],
            )
        except DuplicateCandidate.DoesNotExist:
            raise Http404 from None
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("case_duplicates", case_id)
    return _page(request, opened, {candidate_id: form})


def _page(
    request: HttpRequest, opened: OpenedCase, sent: dict[UUID, CandidateForm] | None = None
) -> HttpResponse:
    case, user = opened.case, reader(request)
    about = candidates_about(case)
    candidates = [found for found in about if found.case_id == case.pk]
    elsewhere = [found for found in about if found.other_id == case.pk]
    others = [*(found.other_id for found in candidates), *(found.case_id for found in elsewhere)]
    seen = {row.case.pk: row for row in listed_rows(user, [case.pk, *others])}
    rows: list[dict[str, Any]] = [
        {
            "candidate": found,
            "other": seen.get(found.other_id),
            "reasons": [REASONS[reason] for reason in found.reasons if reason in REASONS],
            "mine_to_decide": not case.has_ended and _decides(opened, sees_other=found.other_id in seen),
            "merge": _merge(opened, found, seen.get(found.other_id)),
            "form": (sent or {}).get(found.pk) or CandidateForm(prefix=str(found.pk)),
        }
        for found in candidates
    ]
    context = {
        "case": case,
        "tabs": case_tabs(opened, "case_duplicates"),
        "mine": seen.get(case.pk) or CaseRow(case=case, child="", age="", worker="", due=None),
        "rows": rows,
        "elsewhere": [{"candidate": found, "other": seen.get(found.case_id)} for found in elsewhere],
        # How little there was matters where nothing was found.
        "compared": Compared.of(case) if not rows else None,
        "check": case.facts.duplicate_check,
        "stands": case.facts.duplicate_check_stands,
        "may_write": opened.may_record(Section.IDENTITY),
    }
    return render(request, "cases/duplicates.html", context, status=422 if sent else 200)


def _decides(opened: OpenedCase, *, sees_other: bool) -> bool:
    return Hand.SUPERVISOR in opened.hands or (Hand.CASE_WORKER in opened.hands and sees_other)


def _merge(opened: OpenedCase, found: DuplicateCandidate, other: CaseRow | None) -> dict[str, str] | None:
    """What comes after “the same child”: the supervisor's step with the other file's code, or who takes it."""
    case = opened.case
    if found.verdict != Verdict.SAME or case.has_ended:
        return None
    if other is None:
        return {"url": "", "agency": found.other_agency.name}
    if Hand.SUPERVISOR not in opened.hands or other.case.state == CaseState.DUPLICATE:
        return {"url": ""}
    step = reverse("case_step", args=[case.pk, "mark_duplicate"])
    return {"url": f"{step}?{urlencode({'surviving_case': other.case.code})}", "code": other.case.code}
