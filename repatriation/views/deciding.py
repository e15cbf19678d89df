"""The vote, its close, the minute, how it was told, and the question about an alternate."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from cases.forms.base import FileForm
from cases.views.loading import reader
from repatriation.forms.panels import (
    AnswerAlternateForm,
    AskAlternateForm,
    DissentForm,
    MinuteForm,
    TellingForm,
    VoteForm,
    name_of,
)
from repatriation.models import Panel
from repatriation.permissions import can_chair, can_convene, can_tell_decision
from repatriation.services import alternates, minuting, voting
from repatriation.services.panels import decided, leads_away, sitting
from repatriation.views.panels import Table, form_page, moved_on, seated, table_of


@require_http_methods(["GET", "HEAD", "POST"])
def panel_vote(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table, panel, own = seated(request, return_id)
    if not table.is_open:
        return moved_on(request, return_id)
    data = request.POST if request.method == "POST" else None
    form = VoteForm(data, panel=panel, initial={"option": own.vote})
    if request.method == "POST" and form.accepted(
        lambda _entered: voting.cast_vote(return_id, actor=reader(request), option=form.chosen)
    ):
        messages.success(request, _("Your vote is counted. Until the chair closes you can change it."))
        return redirect("panel", return_id)
    return form_page(
        request,
        table,
        form,
        title=_("Your vote"),
        text=_(
            "All of these are equal outcomes. Nobody sees how you vote before the chair has closed the vote."
        ),
        label=pgettext("what a member does", "Vote"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def panel_close(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table = table_of(request, return_id)
    require(can_chair(reader(request), table.opened.way))
    if not table.is_open:
        return moved_on(request, return_id)
    form = FileForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.accepted(
        lambda _entered: voting.close_vote(return_id, actor=reader(request))
    ):
        messages.success(request, _("The vote is closed."))
        return redirect("panel", return_id)
    open_still = sum(not seat.vote for seat in table.present)
    text = _("More than half of the votes decide. Without such a majority the decision is deferred.")
    if open_still:
        words = ngettext(
            "%(number)s member has not voted yet.", "%(number)s members have not voted yet.", open_still
        )
        text = f"{words % {'number': open_still}} {text}"
    return form_page(request, table, form, title=_("Close the vote"), text=text, label=_("Close it for good"))


@require_http_methods(["GET", "HEAD", "POST"])
def panel_dissent(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table, panel, own = seated(request, return_id)
    between = panel.closed_at is not None and panel.minute_signed_at is None
    if not between or not own.vote or own.vote == panel.outcome:
        return moved_on(request, return_id)
    data = request.POST if request.method == "POST" else None
    form = DissentForm(data, initial={"words": own.dissent or ""})
    if request.method == "POST" and form.accepted(
        lambda entered: voting.say_dissent(return_id, actor=reader(request), words=entered["words"])
    ):
        messages.success(request, _("It stands in the minute."))
        return redirect("panel", return_id)
    return form_page(request, table, form, title=_("You voted otherwise"), label=_("Save"))


@require_http_methods(["GET", "HEAD", "POST"])
def panel_minute(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Signed with the password: the last question of the form."""
    table = table_of(request, return_id)
    way, user = table.opened.way, reader(request)
    require(can_chair(user, way))
    panel = sitting(way)
    if panel is None or panel.closed_at is None or panel.minute_signed_at is not None:
        return moved_on(request, return_id)
    owed = [seat.member.name for seat in minuting.owed_dissent(panel)]
    form = MinuteForm(request.POST if request.method == "POST" else None, user=user, owed=owed)
    if request.method == "POST" and form.accepted(
        lambda _entered: minuting.sign_minute(return_id, actor=user, **form.minute())
    ):
        messages.success(request, _("The minute is signed. Now the decision can be taken."))
        return redirect("panel", return_id)
    return form_page(
        request,
        table,
        form,
        title=_("The minute"),
        text=_("Once signed it never changes. What it says goes to the child and its representative."),
        label=_("Sign the minute"),
        facts=[(pgettext("of a panel", "Decided"), panel.get_outcome_display())],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def panel_told(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table = table_of(request, return_id)
    way, user = table.opened.way, reader(request)
    require(can_tell_decision(user, way))
    panel = minuting.to_be_told(way)
    if panel is None:
        return moved_on(request, return_id)
    form = TellingForm(request.POST if request.method == "POST" else None, panel=panel)
    try:
        if request.method == "POST" and form.accepted(
            lambda _entered: minuting.record_telling(
                return_id, actor=user, **form.told(), seen=form.seen_state
            )
        ):
            messages.success(request, _("Recorded."))
            return redirect("panel", return_id)
    except Meanwhile:
        fresh = Panel.objects.get(pk=panel.pk)
        form = form.written_meanwhile(lambda data: TellingForm(data, panel=fresh), reader=user)
    return form_page(
        request,
        table,
        form,
        title=_("Telling the decision"),
        text=_("The child first, in words that it understands; then guardian or representative."),
        label=_("Save"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def panel_alternate(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """A supervisor asks, once more where nobody answers; the chair answers on the same address."""
    table = table_of(request, return_id)
    user, way = reader(request), table.opened.way
    waiting = alternates.open_question(way)
    if waiting is not None and can_chair(user, way):
        return _answer(request, table)
    require(can_convene(user, way))
    panel = decided(way)
    if panel is None or not leads_away(way):
        return moved_on(request, return_id)
    form = AskAlternateForm(
        request.POST if request.method == "POST" else None,
        proposed=alternates.proposed(way),
        sat=alternates.who_sat(panel),
        chair=panel.chair,
    )
    if request.method == "POST" and form.accepted(
        lambda entered: alternates.ask_about_alternate(
            return_id, actor=user, arrangement_id=form.chosen, chair=entered["chair"]
        )
    ):
        messages.success(
            request, _("The panel is asked. Its members can read the file until it has answered.")
        )
        return redirect("panel", return_id)
    return form_page(
        request,
        table,
        form,
        title=_("Ask the panel about an alternate"),
        text=_(
            "Who receives the child where the one named cannot. Only whom the panel has approved may do so."
        ),
        label=_("Ask the panel"),
        facts=[(_("The panel is asked already, and this takes its place"), name_of(waiting.arrangement))]
        if waiting
        else (),
    )


def _answer(request: HttpRequest, table: Table) -> HttpResponse:
    user, return_id = reader(request), table.opened.way.pk
    question = alternates.open_question(table.opened.way)
    if question is None:
        return moved_on(request, return_id)
    form = AnswerAlternateForm(request.POST if request.method == "POST" else None, question=question)
    if request.method == "POST" and form.accepted(
        lambda _entered: alternates.answer_about_alternate(return_id, actor=user, **form.answer())
    ):
        messages.success(request, _("Written down. The file is closed to the panel again."))
        return redirect("returns")
    return form_page(
        request,
        table,
        form,
        title=_("What the panel says about the alternate"),
        text=_("The members decide by majority; you write down what they have decided."),
        label=_("Save"),
        facts=[(_("About whom"), name_of(question.arrangement))],
    )
