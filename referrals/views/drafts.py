"""From the case to the offer: to whom, which fields, how it looks there, and a second signature across a border."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile, last_saved
from accounts.permissions import require
from accounts.posting import posted_from
from cases.models.choices import OPEN_STATES
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.tabs import case_tabs
from referrals.fields import field_of
from referrals.forms import ChangeDraftForm, FieldsForm, ReferForm, TransferForm
from referrals.guards import is_to_be_looked_at, not_given_yet
from referrals.lists import OF_A_CASE
from referrals.models import Disclosure, Referral
from referrals.models.choices import ReferralState
from referrals.permissions import Hand, can_refer, can_transfer
from referrals.services import drafting
from referrals.views.loading import OpenedReferral, open_referral, send_referral
from referrals.views.referral import Facts, offer_facts


def _open_to_refer(request: HttpRequest, case_id: UUID) -> OpenedCase:
    """Whom else the child was offered to is nothing that a recipient or a post knows to exist."""
    return read_case(request, case_id, exists=lambda opened: can_refer(reader(request), opened.case))


@require_safe
def case_referrals(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What was asked of others for this child, and the ledger: who holds which data, since when, on what ground."""
    opened = _open_to_refer(request, case_id)
    tools = OF_A_CASE.asked(request)
    rows = Referral.objects.filter(case=case_id).select_related("recipient")
    for name in ("service", "state"):
        rows = rows.filter(**{name: tools.chosen(name)}) if tools.chosen(name) else rows
    ledger = (
        Disclosure.objects.filter(case=case_id, opened_at__isnull=False)
        .select_related("recipient", "given_by")
        .order_by("recipient__name", "opened_at")
    )
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_referrals"),
        "rows": tools.ordered(rows, "-made_at", "pk"),
        "tools": tools,
        "may_refer": opened.case.state in OPEN_STATES,
        "may_transfer": opened.case.state in OPEN_STATES and can_transfer(reader(request), opened.case),
        "former": opened.case.former_owners.select_related("agency"),
        "ledger": [(row, field_of(row.field).label) for row in ledger],
    }
    return render(request, "referrals/case.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def referral_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened, user = _open_to_refer(request, case_id), reader(request)
    form = ReferForm(request.POST if request.method == "POST" else None, case=opened.case)
    made: list[Referral] = []
    if request.method == "POST" and form.accepted(
        lambda _entered: made.extend(
            drafting.draft_referrals(case_id, actor=user, to=form.chosen, offer=form.offer)
        )
    ):
        if len(made) == 1:
            return redirect("referral_pack", made[0].pk)
        messages.success(request, _("Drafted. Choose for each what it is given, then send it."))
        return redirect("case_referrals", case_id)
    context = {"case": opened.case, "tabs": case_tabs(opened, "case_referrals"), "form": form}
    return render(request, "referrals/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A supervisor offers the whole case to another agency."""
    opened, user = _open_to_refer(request, case_id), reader(request)
    require(can_transfer(user, opened.case))
    form = TransferForm(request.POST if request.method == "POST" else None, case=opened.case)
    made: list[Referral] = []
    if request.method == "POST" and form.accepted(
        lambda entered: made.append(
            drafting.draft_transfer(case_id, actor=user, recipient=entered["recipient"], offer=form.offer)
        )
    ):
        return redirect("referral_preview", made[0].pk)
    context = {"case": opened.case, "tabs": case_tabs(opened, "case_referrals"), "form": form}
    return render(request, "referrals/transfer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def referral_edit(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    opened = send_referral(request, referral_id)
    row = opened.referral
    require(not row.transfer or Hand.SUPERVISOR in opened.hands)
    if row.state != ReferralState.DRAFT:
        return redirect("referral", referral_id)
    form = _draft_form(request.POST if request.method == "POST" else None, row)
    try:
        if request.method == "POST" and form.accepted(
            lambda _entered: drafting.change_draft(
                referral_id,
                actor=reader(request),
                recipient=form.chosen[0],
                service=form.chosen[1],
                offer=form.offer,
                seen=form.seen_state,
            )
        ):
            messages.success(request, _("Saved. Look at the pack again before you send it."))
            return redirect("referral_preview", referral_id)
    except Meanwhile:
        fresh = Referral.objects.get(pk=referral_id)
        form = form.written_meanwhile(lambda data: _draft_form(data, fresh), reader=reader(request))
    context = {"referral": row, "form": form}
    return render(request, "referrals/edit.html", context, status=422 if form.errors else 200)


def _draft_form(data: QueryDict | None, row: Referral) -> ChangeDraftForm:
    names = ("purpose", "needs", "request", "legal_basis", "basis_words", "transfer_basis")
    initial = {name: getattr(row, name) or "" for name in names} | {"to": f"{row.recipient_id}:{row.service}"}
    if row.answer_by:
        # The day is that of the agency, which west of Greenwich ends when it is the next one in UTC.
        initial["answer_by"] = row.answer_by.astimezone(ZoneInfo(row.case.agency.time_zone)).date()
    return ChangeDraftForm(data, case=row.case, transfer=row.transfer, row=row, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
def referral_pack(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Field by field, nothing ticked beforehand; beside a field, why this service usually needs it."""
    opened = send_referral(request, referral_id)
    row, user = opened.referral, reader(request)
    if row.transfer:
        return redirect("referral_preview", referral_id)
    data = request.POST if request.method == "POST" else None
    form = FieldsForm(data, referral=row, user=user)
    try:
        if request.method == "POST" and form.accepted(
            lambda _entered: drafting.choose_fields(
                referral_id, actor=user, codes=form.codes, seen=form.seen_state
            )
        ):
            # With an answer to which nothing was added it leads on to the referral.
            return redirect("referral_preview", referral_id)
    except Meanwhile:
        fresh = Referral.objects.get(pk=referral_id)
        form = form.written_meanwhile(lambda data: FieldsForm(data, referral=fresh, user=user), reader=user)
    context = {"referral": row, "form": form}
    return render(request, "referrals/pack.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def referral_preview(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """As the recipient will see it: first the offer, then what opens when it accepts."""
    # Before the row is read: what somebody saves between the two has not been seen.
    seen = last_saved(Referral(pk=referral_id))
    opened = send_referral(request, referral_id)
    row = opened.referral
    if not is_to_be_looked_at(row):
        return redirect("referral", referral_id)
    if not (row.wanted or row.transfer):
        return redirect("referral_pack", referral_id)
    if request.method == "POST":
        try:
            drafting.mark_previewed(referral_id, actor=reader(request), seen=request.POST.get("seen", ""))
        except Invalid as error:
            messages.warning(request, error.sentence)
            return redirect("referral_preview", referral_id)
        step = "send" if row.state == ReferralState.DRAFT else "provide"
        return redirect("referral_step", referral_id, step)
    context = {
        "referral": row,
        "offer": offer_facts(row),
        "seen": seen,
        "pack": _pack(opened),
    }
    return render(request, "referrals/preview.html", context)


def _pack(opened: OpenedReferral) -> Facts:
    """What the recipient holds when the next move is made: what it was given as it was then, and the rest as it is."""
    row = opened.referral
    given = [(field_of(each.field), each.value) for each in opened.pack]
    further = [(field_of(code), field_of(code).read(row.case)) for code in not_given_yet(row)]
    return [(str(field.label), field.words(value)) for field, value in given + further if value is not None]


def _ground(row: Referral) -> Facts:
    """Who signs answers for it as well."""
    facts = [
        (_("Why may data be shared?"), row.get_legal_basis_display() if row.legal_basis else ""),
        (_("The ground in words"), row.basis_words or ""),
        (_("Why data may leave the country"), row.get_transfer_basis_display() if row.transfer_basis else ""),
    ]
    return [(label, value) for label, value in facts if value]


@require_http_methods(["GET", "HEAD", "POST"])
def referral_cosign(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    seen = last_saved(Referral(pk=referral_id))
    opened = open_referral(request, referral_id)
    require(Hand.SUPERVISOR in opened.hands)
    row = opened.referral
    if not is_to_be_looked_at(row):
        return redirect("referral", referral_id)
    if request.method == "POST":
        try:
            drafting.cosign(referral_id, actor=reader(request), seen=request.POST.get("seen", ""))
        except Invalid as error:
            messages.warning(request, error.sentence)
            return redirect("referral_cosign", referral_id)
        messages.success(request, _("Signed. The worker can send it now."))
        return redirect("referral", referral_id)
    context = {
        "referral": row,
        "seen": seen,
        "offer": offer_facts(row),
        "ground": _ground(row),
        "pack": _pack(opened),
    }
    return render(request, "referrals/cosign.html", context)


def _its_page(request: HttpRequest, referral_id: UUID) -> str:
    send_referral(request, referral_id)
    return reverse("referral", args=[referral_id])


@posted_from(_its_page)
def referral_again(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    send_referral(request, referral_id)
    try:
        draft = drafting.draft_again(referral_id, actor=reader(request))
    except Invalid as error:
        messages.warning(request, error.sentence)
        return redirect("referral", referral_id)
    messages.success(request, _("A new version is drafted. Choose again what is given."))
    return redirect("referral_edit", draft.pk)
