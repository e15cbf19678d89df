"""Taking an answer back, and what a supervisor decides then."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.permissions import require
from cases.forms.closing import DecideWithdrawalForm, WithdrawForm
from cases.models import Case, Consent
from cases.models.choices import OPEN_STATES, GivenBy, Purpose
from cases.permissions import Hand
from cases.registry import what_follows
from cases.services.consents import (
    WITHDRAWN,
    decide_withdrawal,
    effects_of_withdrawal,
    is_in_force,
    withdraw_consent,
)
from cases.views.loading import OpenedCase, read_case, reader, write_case
from vault import keys
from workflow.models import Deadline


@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request: HttpRequest, case_id: UUID, consent_id: UUID) -> HttpResponse:
    """What follows is shown before anybody confirms it."""
    opened = write_case(request, case_id, Section.LEGAL)
    keys.prefetch([case_id])
    consent = next((each for each in opened.case.facts.consents if each.pk == consent_id), None)
    if consent is None or not is_in_force(opened.case, consent):
        raise Http404
    today = clock.today(opened.case.agency.time_zone)
    data = request.POST if request.method == "POST" else None
    form = WithdrawForm(data, initial={"given_on": today})
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data | {"given_by": GivenBy(form.cleaned_data["given_by"])}
        try:
            withdraw_consent(case_id, consent_id, actor=reader(request), **entered)
        except Consent.DoesNotExist:
            raise Http404 from None
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The answer is withdrawn."))
            # Whoever was given the file because of this answer has just lost it.
            still = Case.objects.visible_to(reader(request)).filter(pk=case_id).exists()
            return redirect("consents", case_id) if still else redirect("today")
    context = _effects(opened, consent) | {"case": opened.case, "form": form, "consent": consent}
    return render(request, "cases/consent_withdraw.html", context, status=422 if form.errors else 200)


def _effects(opened: OpenedCase, consent: Consent) -> dict[str, Any]:
    """Who else holds access is the business of those who work on the case; others get a number."""
    effects = effects_of_withdrawal(opened.case, consent)
    return {
        "ahead": [edge.label for edge, is_ahead in effects.steps if is_ahead],
        "behind": [edge.label for edge, is_ahead in effects.steps if not is_ahead],
        "grants": effects.grants if opened.works_on_it else [],
        "grants_count": len(effects.grants),
        "follows": what_follows(opened.case, consent),
        "to_decide": effects.to_decide and opened.case.state in OPEN_STATES,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal_decide(request: HttpRequest, case_id: UUID, purpose: str) -> HttpResponse:
    opened = read_case(request, case_id, Section.LEGAL)
    require(Hand.SUPERVISOR in opened.hands)
    waiting = Deadline.objects.open().filter(case_id=case_id, kind=WITHDRAWN, params={"purpose": purpose})
    if purpose not in Purpose.values or not waiting.exists():
        raise Http404
    form = DecideWithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.accepted(
        lambda entered: decide_withdrawal(
            case_id, actor=reader(request), purpose=Purpose(purpose), reason=entered["reason"]
        )
    ):
        messages.success(request, _("The decision is recorded."))
        return redirect("consents", case_id)
    context = {"case": opened.case, "form": form, "purpose": Purpose(purpose).label}
    return render(request, "cases/withdrawal_decide.html", context, status=422 if form.errors else 200)
