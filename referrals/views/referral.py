"""One referral: the offer, the pack, what was written, what happened, and the next move."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.alphabets import listed
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.languages import language_name, written_language
from accounts.models import User
from accounts.permissions import require
from accounts.posting import posted_from
from accounts.presence import present
from cases.forms.steps import OverrideForm, StepForm
from cases.models import Case
from cases.models.choices import Gender, Risk
from cases.permissions import former_files
from cases.presenting import when_words
from cases.views.loading import reader
from cases.views.moved import moved_on
from referrals.edges import REFERRAL
from referrals.fields import field_of
from referrals.forms import MessageForm, NoteForm
from referrals.guards import COSIGNED
from referrals.models import Referral
from referrals.models.choices import CAN_BE_SENT_AGAIN, OFFERED, RUNNING, AgeBand, Need, ReferralState
from referrals.permissions import Hand, can_take_letter, visible_to
from referrals.registry import leads_for
from referrals.services import clocks, moving, writing
from referrals.services.events import REFERRAL_TOPIC
from referrals.views.given import papers_of
from referrals.views.loading import OpenedReferral, found_referral, open_referral, recorded
from referrals.views.thread import message_form, thread_of
from referrals.wording import CODES, event_words
from workflow.machine import Attempt, Edge, Override, Refused, WrongState
from workflow.services import judge

Facts = list[tuple[str, Any]]
# What is offered as a button of its own, before all else.
FIRST = ("accept", "take_over", "acknowledge", "provide", "begin_service", "complete", "confirm", "send")


@require_safe
def referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    return _page(request, first_look(request, referral_id))


def first_look(request: HttpRequest, referral_id: UUID) -> OpenedReferral:
    """The sender sees when somebody at the recipient first looked at the offer."""
    found = found_referral(request, referral_id)
    row = found.referral
    if found.is_recipient and row.opened_at is None and row.is_open:
        writing.mark_opened(row.pk, actor=reader(request))
        found = found_referral(request, referral_id)
    return recorded(request, found)


def _page(
    request: HttpRequest,
    opened: OpenedReferral,
    *,
    message: MessageForm | None = None,
    note: NoteForm | None = None,
) -> HttpResponse:
    row, user = opened.referral, reader(request)
    decides = (Hand.SUPERVISOR if row.transfer else Hand.SENDER) in opened.hands
    context = {
        "referral": row,
        "opened": opened,
        "offer": [] if opened.is_tombstone else offer_facts(row),
        "request_words": row.request if opened.reads_request else None,
        "clock_words": _clock_words(row),
        "together": _asked_together(opened, user),
        "answer": _answer_facts(row),
        "pack": [(str(field_of(each.field).label), _given(each)) for each in opened.pack],
        "papers": papers_of(opened),
        "leads": leads_for(row, user) if opened.holds_pack else [],
        "steps": steps_of(opened),
        "decides": decides,
        "waits_for_signature": Hand.SUPERVISOR in opened.hands
        and not COSIGNED.judge(row, Attempt(None)).passed,
        "again": decides and row.state in CAN_BE_SENT_AGAIN,
        "thread": thread_of(opened),
        "notes": list(row.service_notes.select_related("written_by")) if opened.hands else [],
        "events": [
            (event, event_words(event.kind), str(CODES.get(event.details.get("code", ""), "")))
            for event in row.events.select_related("by", "agency")
        ],
        "message_form": message or (message_form(request, opened) if row.is_open and opened.hands else None),
        "note_form": note or (NoteForm() if row.state in RUNNING and opened.is_recipient else None),
        "case_url": _case_url(opened, user),
        "basis": _basis(opened),
        "former": former_files(user).filter(transfer=row.pk).first(),
        "letter_language": _letter_language(row) if can_take_letter(user, row) else "",
        "others": _also_here(opened, user),
    }
    wrong = any(form is not None and form.errors for form in (message, note))
    return render(request, "referrals/referral.html", context, status=422 if wrong else 200)


def _also_here(opened: OpenedReferral, user: User) -> list[User]:
    """Who else has the page open now; who they are is a matter of the two sides."""
    if not opened.takes_part:
        return []
    return [each for each in present(REFERRAL_TOPIC, opened.referral.pk) if each != user]


def _asked_together(opened: OpenedReferral, user: User) -> list[Referral]:
    """What the sender asked of others at the same time: each answers alone, and none knows of the others."""
    row = opened.referral
    if row.together is None or not opened.is_sender:
        return []
    others = visible_to(user).filter(together=row.together).exclude(pk=row.pk)
    return list(others.select_related("recipient").order_by("recipient__name", "service"))


def _letter_language(row: Referral) -> str:
    return language_name(written_language(row.recipient.languages))


def _basis(opened: OpenedReferral) -> str:
    """Where a supervisor says another ground, while the referral lacks one."""
    if Hand.SUPERVISOR not in opened.hands or not clocks.lacks_basis(opened.referral):
        return ""
    return reverse("referral_basis", args=[opened.referral.pk])


def _case_url(opened: OpenedReferral, user: User) -> str:
    """Where this reader has the case: as the sender, with the pack, or because it was taken over."""
    row = opened.referral
    leads = opened.is_sender or opened.holds_pack
    if not leads and row.transfer:
        leads = Case.objects.visible_to(user).filter(pk=row.case_id).exists()
    return reverse("case", args=[row.case_id]) if leads else ""


def offer_facts(row: Referral) -> Facts:
    """What the recipient sees before it accepts; of a draft, as far as it is known."""
    summary = row.summary or {}
    needs = summary.get("needs", row.needs)
    facts = [
        (_("Service"), "" if row.transfer else row.get_service_display()),
        (_("What is asked for"), row.get_purpose_display() if row.purpose else ""),
        (_("Age"), str(AgeBand(summary["age"]).label) if summary else ""),
        (_("Gender"), str(dict(Gender.choices).get(summary.get("gender", ""), ""))),
        (_("Languages"), summary.get("languages", "")),
        (_("What the child needs"), listed(str(Need(need).label) for need in needs)),
        (_("Urgency"), str(Risk(row.urgency).label) if row.urgency else ""),
        (_("Sender"), f"{row.sender.name}, {country_name(row.sender.country.code)}"),
        (_("Recipient"), f"{row.recipient.name}, {country_name(row.recipient.country.code)}"),
    ]
    return [(label, value) for label, value in facts if value]


def _answer_facts(row: Referral) -> Facts:
    facts = [
        (_("Contact at the recipient"), row.contact),
        (_("When the contact is away"), row.alternate),
        (_("Responsible"), row.responsible),
        (_("From"), date_format(row.starts_on, "j E Y") if row.starts_on else ""),
        (_("Why declined"), row.get_declined_display() if row.declined else ""),
        (_("What happens to the child now"), row.get_handed_back_display() if row.handed_back else ""),
        (_("Outcome"), row.get_outcome_display() if row.outcome else ""),
        (_("Feedback"), row.feedback or ""),
    ]
    return [(label, value) for label, value in facts if value]


def _clock_words(row: Referral) -> str:
    if row.state == ReferralState.INFO_REQUESTED:
        return _("The recipient’s time stands still until the question is answered.")
    if row.state in OFFERED and row.answer_by:
        return _("Answer: %(when)s") % {"when": when_words(row.answer_by)}
    return ""


def _given(disclosure: Any) -> str:
    return field_of(disclosure.field).words(disclosure.value)


def steps_of(opened: OpenedReferral) -> list[tuple[Edge, str, bool]]:
    """The moves in this reader's hands from here: edge, address, and whether it is the one to make now."""
    row = opened.referral
    found = [
        edge for edge in REFERRAL.edges_from(row.state) if edge.who & opened.hands and _may_come(edge, row)
    ]
    found.sort(key=lambda edge: FIRST.index(edge.name) if edge.name in FIRST else len(FIRST))
    return [
        (edge, reverse("referral_step", args=[row.pk, edge.name]), number == 0 and edge.name in FIRST)
        for number, edge in enumerate(found)
    ]


def _may_come(edge: Edge, row: Referral) -> bool:
    """What can never hold of this referral is not offered: it is a service or a transfer for good."""
    if edge.name == "confirm":
        return not row.confirmed_at and not row.transfer
    return edge.name != ("accept" if row.transfer else "take_over")


# With these a case passes to another agency.
PASSES = frozenset({"send", "take_over"})


@require_http_methods(["GET", "HEAD", "POST"])
def referral_step(request: HttpRequest, referral_id: UUID, edge_name: str) -> HttpResponse:
    """One move: what it needs, what it asks, and the button."""
    opened = open_referral(request, referral_id)
    edge = _edge_or_404(edge_name)
    require(bool(edge.who & opened.hands))
    row, user, page = opened.referral, reader(request), reverse("referral", args=[referral_id])
    today = clock.today(user.agency.time_zone)
    data = request.POST if request.method == "POST" else None
    form = StepForm(data, edge=edge, case=row.case, user=user, initial={"starts_on": today})
    if row.state not in edge.sources:
        return moved_on(request, None, WrongState(edge).sentences, page=page, form=form)
    refused = False
    if request.method == "POST" and form.is_meant():
        try:
            moving.take_referral_step(
                referral_id, edge_name, actor=user, values=form.values, reason=form.reason
            )
        except WrongState as wrong:
            return moved_on(request, None, wrong.sentences, page=page, form=form)
        except Invalid as error:
            form.refuse(error)
        except Refused as refusal:
            form.refuse_entries(refusal)
            refused = True
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": edge.label})
            return redirect(page)
    results = judge(REFERRAL, edge, row, Attempt(actor=user, values=getattr(form, "cleaned_data", {})))
    context = {
        "referral": row,
        "edge": edge,
        "form": form,
        "page_url": page,
        "refused": refused,
        "check": form if row.transfer and edge.name in PASSES else None,
        "failing": [_blocker(row, edge, result, opened) for result in results if result.blocks],
        "holding": [result for result in results if not result.blocks],
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "referrals/step.html", context, status=status)


def _blocker(row: Referral, edge: Edge, result: Any, opened: OpenedReferral) -> dict[str, Any]:
    guard = result.guard
    decided_above = guard.remedy == "referral_cosign" or (row.transfer and guard.remedy == "referral_edit")
    leads = guard.remedy and (not decided_above or Hand.SUPERVISOR in opened.hands)
    overridable = guard.override is Override.SUPERVISOR and Hand.SUPERVISOR in opened.hands
    override = reverse("referral_override", args=[row.pk, edge.name, guard.code]) if overridable else ""
    return {
        "sentence": result.sentence,
        "sources": guard.source,
        "why": guard.why,
        "note": guard.hint,
        "url": reverse(guard.remedy, args=[row.pk]) if leads else "",
        "action": guard.remedy_label,
        "override": override,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def referral_override(
    request: HttpRequest, referral_id: UUID, edge_name: str, guard_code: str
) -> HttpResponse:
    """A supervisor lets the referral go on without one ⚠ condition."""
    opened = open_referral(request, referral_id)
    edge = _edge_or_404(edge_name)
    guard = next((guard for guard in edge.guards if guard.code == guard_code), None)
    if guard is None or guard.override is not Override.SUPERVISOR:
        raise Http404
    require(Hand.SUPERVISOR in opened.hands)
    form = OverrideForm(request.POST if request.method == "POST" else None)
    page = reverse("referral", args=[referral_id])
    if opened.referral.state not in edge.sources:
        return moved_on(request, None, WrongState(edge).sentences, page=page, form=form)
    try:
        taken = request.method == "POST" and form.accepted(
            lambda entered: moving.override_referral_guard(
                referral_id, edge_name, guard_code, actor=reader(request), reason=entered["reason"]
            )
        )
    except WrongState as wrong:
        return moved_on(request, None, wrong.sentences, page=page, form=form)
    except ValidationError as error:
        # Long enough to count, and too short to read.
        form.add_error(None, error)
        taken = False
    if taken:
        messages.success(request, _("Recorded. The worker can send it now."))
        return redirect(page)
    context = {"referral": opened.referral, "guard": guard, "edge": edge, "form": form}
    return render(request, "referrals/override.html", context, status=422 if form.errors else 200)


def _its_page(request: HttpRequest, referral_id: UUID) -> str:
    open_referral(request, referral_id)
    return reverse("referral", args=[referral_id])


@posted_from(_its_page)
def referral_message(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    opened = open_referral(request, referral_id)
    require(bool(opened.hands))
    form = message_form(request, opened, request.POST)
    if form.accepted(
        lambda entered: writing.write_message(
            referral_id,
            actor=reader(request),
            words=entered["words"],
            files=entered.get("attachments", []),
        )
    ):
        messages.success(request, _("Sent to the other side."))
        return redirect("referral", referral_id)
    form.ask_for_files_again()
    return _page(request, opened, message=form)


@posted_from(_its_page)
def referral_note(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    opened = open_referral(request, referral_id)
    require(opened.is_recipient)
    form = NoteForm(request.POST)
    if form.accepted(
        lambda entered: writing.write_service_note(referral_id, actor=reader(request), words=entered["words"])
    ):
        messages.success(request, _("Reported. The sender is told."))
        return redirect("referral", referral_id)
    return _page(request, opened, note=form)


def _edge_or_404(name: str) -> Edge:
    try:
        edge = REFERRAL.edge(name)
    except KeyError:
        raise Http404 from None
    if not edge.who:
        raise Http404
    return edge
