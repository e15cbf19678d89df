"""A request to a consulate in words: the same for the worker who writes it and for the post that reads it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from accounts.alphabets import listed
from accounts.countries import country_name
from cases.models.choices import BirthCertainty, IdKind, NameKind, Script
from cases.models.people import PersonRole
from repatriation.models import Return, VerificationRequest
from repatriation.models.choices import NextQuestion, PostAnswer, VerifiedAs
from repatriation.services.requesting import PARTS

Facts = list[tuple[str, Any]]
Value = Any


def _of(choices: Any, code: str) -> str:
    return str(dict(choices.choices).get(code, code))


def _names(value: Value) -> str:
    lines = []
    for name in value:
        kind, script = name["kind"], name["script"]
        about = [_of(NameKind, kind) if kind else "", _of(Script, script) if script else ""]
        told = listed(filter(None, about))
        lines.append(f"{name['whole']} ({told})" if told else name["whole"])
    return "\n".join(lines)


def _birth(value: Value) -> str:
    day, certainty = date.fromisoformat(value["day"]), value["certainty"]
    told = str(day.year) if certainty == BirthCertainty.YEAR else date_format(day, "j E Y")
    return f"{told} ({_of(BirthCertainty, certainty)})"


def _numbers(value: Value) -> str:
    return "\n".join(
        " · ".join(
            filter(
                None,
                (
                    _of(IdKind, row["kind"]),
                    row["number"],
                    country_name(row["country"]) if row["country"] else "",
                ),
            )
        )
        for row in value
    )


def _parents(value: Value) -> str:
    return "\n".join(f"{_of(PersonRole, row['role'])}: {row['name']}" for row in value)


WORDS: Mapping[str, tuple[StrPromise, Callable[[Value], str]]] = {
    "names": (gettext_lazy("Names"), _names),
    "birth": (gettext_lazy("Date of birth"), _birth),
    "citizenships": (gettext_lazy("Citizenships"), lambda value: listed(map(country_name, value))),
    "numbers": (gettext_lazy("Numbers of documents"), _numbers),
    "parents": (gettext_lazy("Parents"), _parents),
    "last_address": (gettext_lazy("Last address at home"), str),
}


def facts_of(frozen: Mapping[str, Value] | None) -> Facts:
    """Each part that there is, always in the same order."""
    known = frozen or {}
    return [(str(WORDS[code][0]), WORDS[code][1](known[code])) for code in PARTS if known.get(code)]


def answer_words(request: VerificationRequest) -> str:
    if not request.answer:
        return _("No answer") if request.ended_at else _("No answer yet")
    if request.answer == PostAnswer.VERIFIED:
        return f"{_of(PostAnswer, request.answer)}: {_of(VerifiedAs, request.verified_as)}"
    return _of(PostAnswer, request.answer)


def findings(way: Return) -> list[dict[str, Any]]:
    """What consulates have answered so far, the latest first, for the panel and for whoever works on the case."""
    asked = way.requests.filter(sent_at__isnull=False).select_related("post").order_by("-sent_at")
    return [
        {
            "country": country_name(request.country),
            "post": request.post.name,
            "answer": answer_words(request),
            "sent_at": request.sent_at,
            "day": request.answered_on,
            "reference": request.reference or "",
        }
        for request in asked
    ]


def next_question(way: Return) -> str:
    """What the panel was asked when the latest finding went before it."""
    event = way.events.filter(kind="back_to_panel").order_by("-number").first()
    code = event.details.get("code", "") if event else ""
    return _of(NextQuestion, code) if code else ""
