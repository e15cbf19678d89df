"""Pages of single sections: identity, consent, risk and safety."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Section
from accounts.alphabets import listed
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.base import FileForm
from cases.forms.identity import IdentityForm, IdNumberForm, PersonNameForm
from cases.forms.protection import ConsentForm, RiskForm
from cases.models import Child, IdNumber, PersonName
from cases.models.choices import Answer, GivenBy, Purpose, Risk, Safety
from cases.permissions import Hand
from cases.services import identity as identities
from cases.services.consents import is_in_force, record_consent, withdrawals_to_decide
from cases.services.risk import assess_risk
from cases.views.loading import OpenedCase, opened_case, read_case, reader, write_case
from cases.views.tabs import case_tabs


@require_http_methods(["GET", "HEAD", "POST"])
def case_identity(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Identity on request: opening this page is what shows it, and is recorded."""
    opened = read_case(request, case_id, Section.IDENTITY)
    child = opened.case.child
    form = _identity_form(request.POST if request.method == "POST" else None, opened)
    if request.method == "POST":
        require(opened.writes(Section.IDENTITY))
        try:
            if form.accepted(
                lambda entered: identities.record_identity(
                    case_id, actor=reader(request), identity=form.identity(), seen=form.seen_state
                )
            ):
                _tell_saved(request, opened)
                return redirect("case_identity", case_id)
        except Meanwhile:
            child.refresh_from_db()
            form = form.written_meanwhile(lambda data: _identity_form(data, opened), reader=reader(request))
    return _identity_page(request, opened, form)


def _identity_form(data: QueryDict | None, opened: OpenedCase) -> IdentityForm:
    child = opened.case.child
    return IdentityForm(
        data,
        row=child,
        initial=IdentityForm.stored_in(child),
        today=clock.today(opened.case.agency.time_zone),
    )


def _tell_saved(request: HttpRequest, opened: OpenedCase) -> None:
    messages.success(request, _("Saved. If a name or the birth date changed, run the duplicate check again."))
    child, today = Child.objects.get(case=opened.case), clock.today(opened.case.agency.time_zone)
    if child.is_certainly_adult(today):
        said = _(
            "By this birth date the person is %(age)s. If it is right, a supervisor decides how the case ends."
        )
        messages.warning(request, said % {"age": child.age_on(today)})


def _identity_page(
    request: HttpRequest,
    opened: OpenedCase,
    form: FileForm,
    *,
    adding: FileForm | None = None,
) -> HttpResponse:
    child: Child = opened.case.child
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_identity"),
        "child": child,
        "form": form,
        "names": child.names.filter(removed_at__isnull=True),
        "numbers": child.id_numbers.filter(removed_at__isnull=True),
        "name_form": adding if isinstance(adding, PersonNameForm) else PersonNameForm(),
        "number_form": adding if isinstance(adding, IdNumberForm) else IdNumberForm(),
        "may_write": opened.may_record(Section.IDENTITY),
        "facts": _identity_facts(child),
    }
    wrong = bool(form.errors or (adding and adding.errors))
    return render(request, "cases/identity.html", context, status=422 if wrong else 200)


def _identity_facts(child: Child) -> list[tuple[str, str]]:
    """For readers who may not write."""
    born = date_format(child.birth_date, "j E Y") if child.birth_date else ""
    return [
        (_("Known as"), child.known_as or ""),
        (_("Gender"), child.get_gender_display()),
        (_("Birth date"), f"{born} ({child.get_birth_certainty_display()})" if born else ""),
        (_("Reasons to believe a child"), child.get_presumed_because_display()),
        (_("Citizenships"), listed(country_name(code) for code in child.citizenships or [])),
        (_("Languages"), child.languages or ""),
    ]


def _identity_address(request: HttpRequest, case_id: UUID, **_part: UUID) -> str:
    """Where the forms below stand, for those who may open it."""
    if not opened_case(request, case_id).sees(Section.IDENTITY):
        raise Http404
    return reverse("case_identity", args=[case_id])


@posted_from(_identity_address)
def name_add(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _add(request, case_id, PersonNameForm(request.POST), identities.add_name)


@posted_from(_identity_address)
def number_add(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _add(request, case_id, IdNumberForm(request.POST), identities.add_id_number)


def _add(request: HttpRequest, case_id: UUID, form: FileForm, service: Callable[..., object]) -> HttpResponse:
    opened = write_case(request, case_id, Section.IDENTITY)
    if form.accepted(lambda entered: service(case_id, actor=reader(request), **entered)):
        messages.success(request, _("Added."))
        return redirect("case_identity", case_id)
    return _identity_page(request, opened, _identity_form(None, opened), adding=form)


@posted_from(_identity_address)
def name_remove(request: HttpRequest, case_id: UUID, name_id: UUID) -> HttpResponse:
    return _remove(request, case_id, name_id, identities.remove_name)


@posted_from(_identity_address)
def number_remove(request: HttpRequest, case_id: UUID, number_id: UUID) -> HttpResponse:
    return _remove(request, case_id, number_id, identities.remove_id_number)


def _remove(request: HttpRequest, case_id: UUID, part_id: UUID, service: Callable[..., None]) -> HttpResponse:
    write_case(request, case_id, Section.IDENTITY)
    try:
        service(case_id, part_id, actor=reader(request))
    except (PersonName.DoesNotExist, IdNumber.DoesNotExist):
        raise Http404 from None
    except Invalid as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Removed. History keeps that it was there."))
    return redirect("case_identity", case_id)


@require_safe
def consents(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.LEGAL)
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "consents"),
        "consents": opened.case.facts.consents,
        "in_force": {each.pk for each in opened.case.facts.consents if is_in_force(opened.case, each)},
        "to_decide": withdrawals_to_decide(case_id) if Hand.SUPERVISOR in opened.hands else [],
        "may_write": opened.may_record(Section.LEGAL),
    }
    return render(request, "cases/consents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def consent_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.LEGAL)
    if opened.case.has_ended and request.method != "POST":
        return redirect("consents", case_id)
    today = clock.today(opened.case.agency.time_zone)
    form = ConsentForm(request.POST or None, initial={"given_on": today})
    if request.method == "POST" and form.accepted(
        lambda entered: record_consent(
            case_id,
            actor=reader(request),
            purpose=Purpose(entered["purpose"]),
            answer=Answer(entered["answer"]),
            given_by=GivenBy(entered["given_by"]),
            given_on=entered["given_on"],
            explained=entered["explained"],
            recipient=entered["recipient"],
        )
    ):
        messages.success(request, _("The answer is recorded."))
        return redirect("consents", case_id)
    context = {"case": opened.case, "form": form}
    return render(request, "cases/consent_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def case_risk(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.RISK)
    form = RiskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(opened.writes(Section.RISK))
        if form.accepted(
            lambda entered: assess_risk(
                case_id,
                actor=reader(request),
                level=Risk(entered["level"]),
                safety=Safety(entered["safety"]),
                child_seen=entered["child_seen"],
                note=entered["note"],
            )
        ):
            messages.success(request, _("Saved. The clocks follow the new risk level."))
            return redirect("case", case_id)
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_risk"),
        "form": form,
        "assessments": opened.case.risk_assessments.select_related("assessed_by")[:20],
        "may_write": opened.may_record(Section.RISK),
    }
    return render(request, "cases/risk.html", context, status=422 if form.errors else 200)
