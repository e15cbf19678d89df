"""The living page of the design system: the components themselves, in their states, with invented words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import clock
from accounts import lists, palette
from accounts.forms.design import EveryField

KINDS = ("plain", "done", "due", "late")
PARTS = ("tokens", "saying", "rows", "forms", "around")


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Reads nothing but the style sheet, so looking at it is not recorded."""
    _say_each(request)
    return render(
        request,
        "accounts/design.html",
        {
            "kinds": KINDS,
            "places": [(f"#{part}", words, False, "") for part, words in _places()],
            "colours": palette.colours(),
            "measures": palette.measures(),
            "icons": palette.icons(),
            "tab_items": [("#around", _("Case"), True, 0), ("#around", _("Plan"), False, 3)],
            "filter_items": [("#around", _("All"), True, 5), ("#around", _("Late"), False, 2)],
            "tools": lists.known()["agencies"].asked(request),
            "answered": {"answers": [("risk", _("Risk"), _("high")), ("why", _("Why"), "")], "carried": []},
            "page": Paginator(range(30), 10).page(2),
            **_rows(),
            **_forms(),
        },
    )


def _places() -> list[tuple[str, str]]:
    words = (_("Tokens"), _("Words and notices"), _("Rows and lists"), _("Forms"), _("Around a page"))
    return list(zip(PARTS, words, strict=True))


def _say_each(request: HttpRequest) -> None:
    """What is said after an act: this page says all of it at once."""
    says: tuple[Callable[[HttpRequest, str], None], ...]
    says = (messages.info, messages.success, messages.warning, messages.error)
    for say, words in zip(
        says, (_("For your knowledge."), _("Saved."), _("Look again."), _("Not saved.")), strict=True
    ):
        say(request, words)


def _rows() -> dict[str, Any]:
    now = clock.now()
    there = {"passed": True, "sentence": _("The child was asked what it wishes.")}
    set_aside = {"passed": False, "sentence": _("A guardian is appointed.")}
    missing = {
        "sentence": _("Risk and safety are assessed."),
        "sources": ("IACM", "CETS197 12(1)"),
        "url": "#rows",
        "action": _("Assess"),
        "override": "#rows",
    }
    elsewhere = {"sentence": _("A worker is assigned."), "note": _("A supervisor does this.")}
    bars = [("done", _("Reported")), ("done", _("Registered")), ("now", _("Planned")), ("", _("Closed"))]
    stopped = [*bars[:2], ("stop", _("Planned")), bars[3]]
    return {
        "failing": [missing, elsewhere],
        "holding": [there, set_aside],
        "facts": [
            (_("Name"), "ليلى ندى"),
            (_("Age"), None),
            (_("Guardian"), _("appointed"), _("by the court")),
        ],
        "chips": [("late", _("High risk")), ("plain", _("Planned"))],
        "steps": [(words, state, state == "now") for state, words in bars],
        "stopped": [(words, state, False) for state, words in stopped],
        "at": now,
        "changes": [{"title": _("Risk"), "label": _("Level"), "before": _("medium"), "after": _("high")}],
        "loads": [
            {
                "name": "Ana Kovar",
                "parts": [("high", 0, 300), ("medium", 300, 250), ("low", 550, 200)],
                "late_width": 200,
            },
            {"name": "Борис Лем", "parts": [("low", 0, 400), ("unset", 400, 100)]},
        ],
        "kept_drafts": [
            {
                "id": uuid4(),
                "at": now - timedelta(minutes=5),
                "action": reverse("design"),
                "said": '{"fields": []}',
            }
        ],
    }


def _forms() -> dict[str, Any]:
    """Untouched, wrong in every answer, and closed; none of them can be sent."""
    wrong = {"wrong-number": "-5", "wrong-day_day": "31", "wrong-day_month": "2", "wrong-day_year": "2012"}
    return {
        "open_form": EveryField(prefix="open"),
        "wrong_form": EveryField(wrong, prefix="wrong"),
        "closed_form": EveryField(prefix="closed", closed=True),
    }
