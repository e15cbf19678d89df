"""The page of the panel, and who sits on it: convened, completed, left, dissolved."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.countries import country_name
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from cases.casefile.words import day
from cases.forms.base import FileForm
from cases.models.papers import PaperKind
from cases.models.situation import FACTORS
from cases.views.loading import reader
from repatriation.edges.deciding import DECIDED_BY
from repatriation.edges.returns import RETURN
from repatriation.forms.panels import CompleteForm, ConveneForm, DissolveForm, name_of
from repatriation.guards import deciding, never
from repatriation.models import Panel, Return, Seat
from repatriation.models.choices import Option, ReturnState
from repatriation.permissions import Hand, can_convene, has_seat
from repatriation.services import alternates, convening
from repatriation.services.minuting import owed_dissent, to_be_told
from repatriation.services.panels import decided, leads_away, sitting
from repatriation.services.voting import TO_CLOSE, judged
from repatriation.views.loading import OpenedReturn, decision_page
from repatriation.views.offering import papers_of
from repatriation.views.parts import part_tabs
from repatriation.views.returns import blocker
from workflow.machine import Guard

TEMPLATE = "repatriation/panel_form.html"


@dataclass(frozen=True)
class Table:
    """A panel as this reader finds it: at the table with a seat, or looking on."""

    opened: OpenedReturn
    panel: Panel | None
    seats: list[Seat]
    own: Seat | None

    @property
    def is_open(self) -> bool:
        return self.panel is not None and self.panel.is_open and self.panel.closed_at is None

    @property
    def chairs(self) -> bool:
        return Hand.CHAIR in self.opened.hands

    @property
    def present(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.recused_at is None]


def table_of(request: HttpRequest, return_id: UUID) -> Table:
    """404 for whoever does not read the decision."""
    opened = decision_page(request, return_id)
    way, user = opened.way, reader(request)
    panel = sitting(way) or decided(way)
    seats = list(panel.seats.select_related("member", "agency")) if panel else []
    mine = panel is not None and has_seat(user, panel)
    own = next((seat for seat in seats if mine and seat.member_id == user.pk), None)
    return Table(opened, panel, seats, own)


def seated(request: HttpRequest, return_id: UUID) -> tuple[Table, Panel, Seat]:
    """403 for whoever reads the decision and has no seat."""
    table = table_of(request, return_id)
    require(table.own is not None)
    if table.panel is None or table.own is None:
        raise TypeError("A seat belongs to a panel.")
    return table, table.panel, table.own


def form_page(request: HttpRequest, table: Table, form: Any, **shown: Any) -> HttpResponse:
    """Every form of a panel: `title`, `text` and `label` of its button; `facts` stand above it."""
    context = {"way": table.opened.way, "form": form, "back": _panel_url(table.opened.way), **shown}
    return render(request, TEMPLATE, context, status=422 if form.errors else 200)


def _panel_url(way: Return) -> str:
    return reverse("panel", args=[way.pk])


@require_safe
def panel_page(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table = table_of(request, return_id)
    opened, panel, way = table.opened, table.panel, table.opened.way
    context = {
        "way": way,
        "tabs": part_tabs(opened, "panel"),
        "table": table,
        "panel": panel,
        "is_before_panel": way.state == ReturnState.PANEL_PENDING,
        "may_convene": can_convene(reader(request), way) and way.state == ReturnState.PANEL_PENDING,
        "members": [_member(table, seat) for seat in table.seats],
        "countries": countries_of(panel) if panel else [],
        "forbidden": _forbidden(opened, panel) if way.state == ReturnState.PANEL_PENDING else [],
        "preparing": _preparing(table) if table.is_open else [],
        "voting": _voting(table) if panel else None,
        "minute": _minute(panel) if panel and panel.minute_signed_at else [],
        "papers": papers_of(opened, PaperKind.MINUTE),
        "decide": _decide_step(table),
        "telling": _telling(opened),
        "alternate": _alternate(table),
        "earlier": [_earlier(each) for each in way.panels.all() if panel is None or each.pk != panel.pk],
    }
    return render(request, "repatriation/panel.html", context)


def countries_of(panel: Panel) -> list[tuple[str, str]]:
    named = [(_("A return would be to"), country_name(panel.country))]
    if panel.third_country:
        named.append((_("The third country is"), country_name(panel.third_country)))
    return named


def _member(table: Table, seat: Seat) -> dict[str, Any]:
    """Until the chair closes, of each only whether it has voted; then the vote, and what was said of it."""
    panel = table.panel
    closed = panel is not None and panel.closed_at is not None
    otherwise = closed and panel is not None and bool(seat.vote) and seat.vote != panel.outcome
    return {
        "seat": seat,
        "is_chair": panel is not None and seat.member_id == panel.chair_id,
        "vote": seat.get_vote_display() if closed and seat.vote else "",
        "has_voted": bool(seat.vote),
        "closed": closed,
        "otherwise": otherwise,
        "dissent": (seat.dissent or "") if otherwise else "",
        "silent": otherwise and seat.dissent_on is not None and not seat.dissent,
    }


def _forbidden(opened: OpenedReturn, panel: Panel | None) -> list[dict[str, Any]]:
    """For each way to leave: what nobody can set aside against it now. The others are never forbidden."""
    third = panel.third_country if panel else ""
    asked = [(Option.RETURN, panel.country if panel else opened.way.country)]
    asked += [(Option.THIRD_COUNTRY, third)] if third else []
    return [
        {
            "option": option.label,
            "country": country_name(country),
            "blocks": [blocker(opened, result) for result in never.against(opened.way, option)],
        }
        for option, country in asked
    ]


def _preparing(table: Table) -> list[dict[str, Any]]:
    """What the vote waits for, each with the way to it."""
    way = table.opened.way
    pages: dict[Guard, tuple[str, str]] = {
        deciding.CHILD_HEARD: ("panel_hearing", _("Record it")),
        deciding.REPRESENTATIVE_HEARD: ("panel_hearing", _("Record it")),
        deciding.ALL_ARGUED: ("panel_weighing", _("Weigh")),
    }
    found = []
    for result in judged(way, deciding.BEFORE_VOTING):
        page, action = pages.get(result.guard, ("", "")) if result.guard else ("", "")
        url = reverse(page, args=[way.pk]) if page and table.own and not result.passed else ""
        found.append({"result": result, "url": url, "action": action})
    return found


def progress(panel: Panel) -> dict[str, int]:
    options = deciding.options_of(panel.third_country)
    return {"argued": panel.arguments.count(), "wanted": len(FACTORS) * len(options)}


def _voting(table: Table) -> dict[str, Any] | None:
    panel, way = table.panel, table.opened.way
    if panel is None:
        return None
    closed = panel.closed_at is not None
    own = table.own
    return {
        "closed": closed,
        "outcome": panel.get_outcome_display() if closed else "",
        "own": own.get_vote_display() if own and own.vote else "",
        "voted": sum(bool(seat.vote) for seat in table.present),
        "seats": len(table.present),
        "may_vote": table.is_open and own is not None and _all_hold(way, deciding.BEFORE_VOTING),
        "may_close": table.is_open and table.chairs and _all_hold(way, TO_CLOSE),
        "may_dissent": _may_dissent(panel, own),
        "may_sign": closed and table.chairs and panel.minute_signed_at is None and panel.dissolved_at is None,
        "owed": [seat.member.name for seat in owed_dissent(panel)] if closed else [],
        "progress": progress(panel),
    }


def _all_hold(way: Return, guards: Iterable[Guard]) -> bool:
    return all(result.passed for result in judged(way, guards))


def _may_dissent(panel: Panel, own: Seat | None) -> bool:
    between = panel.closed_at is not None and panel.minute_signed_at is None
    return between and own is not None and bool(own.vote) and own.vote != panel.outcome


def _minute(panel: Panel) -> list[tuple[str, str]]:
    return [
        (_("Reasons"), panel.reasons or ""),
        (_("Can be appealed until"), day(panel.appeal_until)),
        (_("Where and how it can be appealed"), panel.appeal or ""),
        (_("How it goes on"), panel.goes_on or ""),
    ]


def _decide_step(table: Table) -> dict[str, str] | None:
    """For the chair, the one step that carries out what was voted; once the minute is signed."""
    panel, way = table.panel, table.opened.way
    signed = panel is not None and panel.minute_signed_at is not None
    if not (panel and signed and table.chairs and way.state == ReturnState.PANEL_PENDING):
        return None
    edge = RETURN.edge(DECIDED_BY[Option(panel.outcome)])
    return {"label": str(edge.label), "url": reverse("return_step", args=[way.pk, edge.name])}


def _telling(opened: OpenedReturn) -> dict[str, Any] | None:
    panel = to_be_told(opened.way)
    if panel is None:
        return None
    return {
        "panel": panel,
        "both": bool(panel.child_told_on and panel.guardian_told_on),
        "may_tell": bool(opened.hands & {Hand.CASE_WORKER, Hand.CHAIR}),
    }


def _alternate(table: Table) -> dict[str, Any] | None:
    """The question about an alternate that waits, or that a supervisor could put."""
    way, panel = table.opened.way, decided(table.opened.way)
    if panel is None or not leads_away(way):
        return None
    question = alternates.open_question(way)
    answered = panel.alternate_questions.filter(approved__isnull=False).select_related(
        "arrangement__person", "arrangement__agency"
    )
    return {
        "question": question,
        "named": name_of(question.arrangement) if question else "",
        "may_answer": question is not None and table.chairs,
        "may_ask": Hand.SUPERVISOR in table.opened.hands and bool(alternates.proposed(way)),
        "answered": [(each, name_of(each.arrangement)) for each in answered],
    }


def _earlier(panel: Panel) -> dict[str, Any]:
    return {
        "panel": panel,
        "outcome": panel.get_outcome_display() if panel.outcome and panel.dissolved_at is None else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def panel_convene(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table = table_of(request, return_id)
    way, user = table.opened.way, reader(request)
    require(can_convene(user, way))
    form = ConveneForm(request.POST if request.method == "POST" else None, way=way)
    if request.method == "POST" and form.accepted(
        lambda _entered: convening.convene_panel(return_id, actor=user, **form.composition())
    ):
        messages.success(request, _("The panel is convened. Its members can read the file now."))
        return redirect("panel", return_id)
    return form_page(
        request,
        table,
        form,
        title=_("Convene the panel"),
        text=_(
            "Its members read the file for this decision until it is taken, and nobody else of their agencies."
        ),
        label=_("Convene it"),
        check=form,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def panel_complete(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table = table_of(request, return_id)
    way, user = table.opened.way, reader(request)
    require(can_convene(user, way))
    if table.panel is None or not table.is_open:
        return moved_on(request, return_id)
    form = CompleteForm(request.POST if request.method == "POST" else None, way=way, panel=table.panel)
    try:
        if request.method == "POST" and form.accepted(
            lambda entered: convening.complete_panel(
                return_id,
                actor=user,
                member=entered["member"],
                chair=entered["chair"],
                seen=form.seen_state,
            )
        ):
            messages.success(request, _("The panel is complete as you wanted it."))
            return redirect("panel", return_id)
    except Meanwhile:
        fresh = Panel.objects.get(pk=table.panel.pk)
        form = form.written_meanwhile(lambda data: CompleteForm(data, way=way, panel=fresh), reader=user)
    return form_page(
        request,
        table,
        form,
        title=_("Complete the panel"),
        text=_("When somebody has stepped down, another one takes a seat, or the chair passes on."),
        label=_("Complete it"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def panel_step_down(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """A page that asks once more: there is no way back to the seat."""
    table, _panel, _seat = seated(request, return_id)
    if not table.is_open:
        return moved_on(request, return_id)
    form = FileForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.accepted(
        lambda _entered: convening.step_down(return_id, actor=reader(request))
    ):
        messages.success(request, _("You have stepped down. The file is closed to you now."))
        return redirect("returns")
    return form_page(
        request,
        table,
        form,
        title=_("Step down from the panel"),
        text=_(
            "Do this when you know somebody in this file, or have had a part in the case. Your vote is taken back, "
            "and the file is closed to you at once. You need not say why."
        ),
        label=_("Step down"),
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def panel_dissolve(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table = table_of(request, return_id)
    user = reader(request)
    require(can_convene(user, table.opened.way))
    if sitting(table.opened.way) is None:
        return moved_on(request, return_id)
    form = DissolveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.accepted(
        lambda entered: convening.dissolve_panel(return_id, actor=user, reason=entered["reason"])
    ):
        messages.success(request, _("The panel is dissolved. Another one can be convened."))
        return redirect("panel", return_id)
    return form_page(
        request,
        table,
        form,
        title=_("Dissolve the panel"),
        text=_("It decides nothing any more, and the file is closed to its members at once."),
        label=_("Dissolve it"),
        danger=True,
        check=form,
    )


def moved_on(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Somebody was quicker, or came back to an old page."""
    messages.info(request, _("This has moved on. Look where the panel stands now."))
    return redirect("panel", return_id)
