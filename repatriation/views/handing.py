"""The handover: one page for the two who meet, each at an own device, and for those who wait for it at home.

Everything on it is sent by itself and answered with this page, so that it can be sent again where the line is bad.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import Section
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile, last_saved
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.base import FileForm
from cases.forms.steps import StepForm
from cases.models.papers import PaperKind
from cases.views.loading import reader
from cases.views.moved import moved_on
from repatriation.edges.returns import RETURN
from repatriation.forms.handing import MatchForm, RemarksForm, SignForm, TickForm
from repatriation.models import Handover, Return
from repatriation.models.choices import ON_THE_WAY, ReturnState, SeenPaper, SignedAs
from repatriation.services import handing
from repatriation.services.moving import take_return_step
from repatriation.views.loading import OpenedReturn, open_return
from repatriation.views.offering import papers_of
from repatriation.views.parts import part_tabs
from repatriation.views.returns import blocker
from workflow.machine import Attempt, Refused, WrongState
from workflow.services import judge

Bound = dict[str, FileForm]
Said = dict[str, Any]
Save = Callable[[Said], object]
# Several forms stand on one page.
MATCH, REMARKS, SIGN = "match_%s", "remarks_%s", "sign_%s"


@dataclass(frozen=True)
class Line:
    """One line of the list to carry. `there` is None until somebody has looked."""

    place: int
    words: str
    there: bool | None


@dataclass(frozen=True)
class Shown:
    """What this reader is shown of a handover, and may do on it."""

    opened: OpenedReturn
    handover: Handover | None
    bound: Bound = field(default_factory=dict)

    @property
    def way(self) -> Return:
        return self.opened.way

    @property
    def signed(self) -> dict[str, str]:
        rows = self.handover.signatures.select_related("signer") if self.handover else ()
        return {row.signed_as: row.signer.name for row in rows}


@require_safe
def handover(request: HttpRequest, return_id: UUID) -> HttpResponse:
    return _page(request, _opened(request, return_id))


def _opened(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    opened = open_return(request, return_id, Section.RETURN_JOURNEY)
    if not opened.sees_handover:
        raise Http404
    return opened


def _page_of(request: HttpRequest, return_id: UUID) -> str:
    _opened(request, return_id)
    return reverse("handover", args=[return_id])


def _meeting(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    opened = _opened(request, return_id)
    require(opened.hands_over)
    return opened


@posted_from(_page_of)
def handover_arrive(request: HttpRequest, return_id: UUID) -> HttpResponse:
    return _step(request, _meeting(request, return_id), "arrive")


@posted_from(_page_of)
def handover_fail(request: HttpRequest, return_id: UUID) -> HttpResponse:
    return _step(request, _meeting(request, return_id), "fail_handover")


@posted_from(_page_of)
def handover_complete(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Where both have signed, and something forbade the step then that is put right by now."""
    opened = _meeting(request, return_id)
    return _step(request, opened, handing.COMPLETES.get(opened.way.state, "hand_over"))


def _step(request: HttpRequest, opened: OpenedReturn, name: str) -> HttpResponse:
    user, edge, way = reader(request), RETURN.edge(name), opened.way
    form = StepForm(request.POST, edge=edge, case=way.case, user=user, auto_id=f"{name}_%s")

    def save(_said: object) -> None:
        try:
            take_return_step(way.pk, name, actor=user, values=form.values)
        except WrongState:
            raise
        except Refused as refusal:
            raise Invalid("", " ".join(refusal.sentences)) from refusal

    try:
        return _answer(request, opened, name, form, save)
    except WrongState as wrong:
        # The other one was faster.
        page = reverse("handover", args=[way.pk])
        return moved_on(request, None, wrong.sentences, page=page, form=form)


@posted_from(_page_of)
def handover_begin(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened, user = _meeting(request, return_id), reader(request)
    begin = handing.begin_anew if "anew" in request.POST else handing.begin_handover
    return _answer(request, opened, "begin", FileForm(request.POST), lambda _: begin(return_id, actor=user))


@posted_from(_page_of)
def handover_line(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened, user = _meeting(request, return_id), reader(request)

    def save(said: Said) -> None:
        handing.tick_line(return_id, actor=user, place=said["place"], there=said["there"])

    return _answer(request, opened, "line", TickForm(request.POST), save)


@posted_from(_page_of)
def handover_receiver(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened, user = _meeting(request, return_id), reader(request)
    require(opened.is_escort)

    def save(said: Said) -> None:
        paper = SeenPaper(said["paper"]) if said["paper"] else None
        handing.match_receiver(return_id, actor=user, matches=said["is_named"], paper=paper)

    return _answer(request, opened, "match", MatchForm(request.POST, auto_id=MATCH), save)


@posted_from(_page_of)
def handover_remarks(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened, user = _meeting(request, return_id), reader(request)

    def save(said: Said) -> None:
        handing.write_remarks(return_id, actor=user, words=said["words"], seen=form.seen_state)

    form = _remarks_form(request.POST, opened.way)
    try:
        return _answer(request, opened, "remarks", form, save)
    except Meanwhile:
        fresh = _opened(request, return_id)
        again = form.written_meanwhile(lambda data: _remarks_form(data, fresh.way), reader=user)
        return _page(request, fresh, {"remarks": again})


def _remarks_form(data: QueryDict | None, way: Return) -> RemarksForm:
    standing = way.facts.handover
    words = standing.remarks if standing else None
    return RemarksForm(data, row=standing, initial={"words": words}, auto_id=REMARKS)


@posted_from(_page_of)
def handover_sign(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened, user = _meeting(request, return_id), reader(request)

    def save(_said: Said) -> None:
        handing.sign_handover(return_id, actor=user, seen=request.POST.get("seen", ""))

    return _answer(request, opened, "sign", SignForm(request.POST, user=user, auto_id=SIGN), save)


def _answer(
    request: HttpRequest, opened: OpenedReturn, name: str, form: FileForm, save: Save
) -> HttpResponse:
    if form.accepted(save):
        return redirect("handover", opened.way.pk)
    # What was typed is drawn with what has become true meanwhile.
    return _page(request, _opened(request, opened.way.pk), {name: form})


def _page(request: HttpRequest, opened: OpenedReturn, bound: Bound | None = None) -> HttpResponse:
    way, standing = opened.way, opened.way.facts.handover
    latest = standing or way.handovers.select_related("receiver").first()
    shown = Shown(opened, latest, bound or {})
    context = {
        "way": way,
        "opened": opened,
        "tabs": part_tabs(opened, "handover"),
        "handover": latest,
        "standing": standing,
        "named": named(shown),
        "lines": lines_of(latest),
        "papers": papers_of(opened, PaperKind.HANDOVER),
        "may_begin": standing is None and way.state in handing.COMPLETES,
        "receives": handing.receiver_now(way) is not None,
        "failed": way.handovers.exclude(refused="").first(),
        **_said(shown),
        "blocks": _blocks(request, shown),
        "live_topics": _topics(way),
        **_signing(shown),
        **_forms(request, shown),
    }
    return render(request, "repatriation/handover.html", context, status=422 if bound else 200)


def _said(shown: Shown) -> dict[str, Any]:
    """Why nothing was changed, and what was typed into a form that is not there any more."""
    forms, gone = shown.bound.values(), "remarks" in shown.bound and bool(shown.signed)
    hidden = [words for name in ("place", "there") for form in forms for words in form.errors.get(name, ())]
    return {
        "said": [*hidden, *(words for form in forms for words in form.non_field_errors())],
        "typed": [pair for form in forms for pair in form.typed()] if gone else [],
    }


def _topics(way: Return) -> list[tuple[str, UUID, int]]:
    changed = handing.numbers([way.pk]).get(way.pk, 0)
    return [(handing.HANDOVER_TOPIC, way.pk, changed)]


def named(shown: Shown) -> str:
    """Who is to receive the child. The two who meet learn it here, while they need it, and nobody else does."""
    if not shown.opened.hands_over or shown.way.state not in (*ON_THE_WAY, ReturnState.HANDOVER_FAILED):
        return ""
    standing = shown.way.facts.handover
    receiver = standing.receiver if standing else handing.receiver_now(shown.way)
    return receiver.carer if receiver is not None else ""


def lines_of(handover: Handover | None) -> list[Line]:
    if handover is None:
        return []
    ticked, missing = handover.ticked or [], handover.missing or []
    return [
        Line(place, line, True if line in ticked else False if line in missing else None)
        for place, line in enumerate(handover.lines or [], start=1)
    ]


def _signing(shown: Shown) -> dict[str, Any]:
    signed = shown.signed
    mine = SignedAs.ESCORT if shown.opened.is_escort else SignedAs.RECEIVER
    return {
        "signatures": [(side.label, signed.get(side, "")) for side in SignedAs],
        "is_signed": bool(signed),
        "has_signed": shown.opened.hands_over and mine in signed,
        "both_signed": len(signed) == len(SignedAs),
        "goes_on": shown.handover is not None
        and shown.handover.receiver_matches
        and shown.handover.list_done,
    }


def _blocks(request: HttpRequest, shown: Shown) -> list[dict[str, Any]]:
    """Why the child is not handed over although both have signed."""
    standing = shown.way.facts.handover
    if standing is None or len(shown.signed) < len(SignedAs) or shown.way.state not in handing.COMPLETES:
        return []
    edge = RETURN.edge(handing.COMPLETES[shown.way.state])
    results = judge(RETURN, edge, shown.way, Attempt(actor=reader(request)))
    return [blocker(shown.opened, result) for result in results if result.blocks]


def _forms(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    """Drawn for the two only. What somebody else has stored stands in them already."""
    way, user, bound = shown.way, reader(request), shown.bound
    standing = way.facts.handover
    if not shown.opened.hands_over:
        return {}
    forms: dict[str, Any] = {}
    if way.state in ON_THE_WAY:
        edge = RETURN.edge("fail_handover")
        fails = StepForm(edge=edge, case=way.case, user=user, auto_id="fail_handover_%s")
        forms["fail_form"] = bound.get("fail_handover", fails)
    if standing is not None:
        match = {"matches": "yes" if standing.receiver_matches else None, "paper": standing.paper}
        forms |= {
            "seen": last_saved(standing),
            "match_form": bound.get("match") or MatchForm(initial=match, auto_id=MATCH),
            "remarks_form": bound.get("remarks") or _remarks_form(None, way),
            "sign_form": bound.get("sign") or SignForm(user=user, auto_id=SIGN),
        }
    return forms
