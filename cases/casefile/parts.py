"""The order of the file, and the models that are no part of it."""

from collections.abc import Mapping

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.casefile.care import LEGAL, MEDICAL, REHABILITATION
from cases.casefile.case import CASE, DUPLICATES, ENDING, IMPORTED, REPORT
from cases.casefile.child import IDENTITY, PEOPLE, SITUATION
from cases.casefile.meetings import MEETINGS
from cases.casefile.plan import DOCUMENTS, NOTES, PLAN, VOICE
from cases.casefile.shape import Part
from cases.models import (
    CalendarFeed,
    CaseAccess,
    Cover,
    DutyShift,
    EmergencyOpening,
    Erasure,
    IssuedPaper,
    LegalHold,
)

CHAPTERS: Mapping[str, StrPromise] = {
    "case": _("Case"),
    "identity": _("Identity"),
    "people": _("People"),
    "placement": _("Placement"),
    "report": _("Report"),
    "account": _("What happened"),
    "risk": _("Risk and safety"),
    "best_interests": _("Best interests"),
    "consent": _("Consent"),
    "legal": _("Legal protection"),
    "medical": _("Medical care"),
    "rehabilitation": _("Rehabilitation"),
    "plan": _("Plan"),
    "meetings": _("Conferences and appointments"),
    "voice": _("The child’s voice"),
    "notes": _("Notes"),
    "documents": _("Documents"),
    "duplicates": _("Duplicates"),
    "closure": _("Closure"),
    "imported": _("Taken over from another system"),
}
PARTS: tuple[Part, ...] = (
    *CASE,
    *IDENTITY,
    *PEOPLE,
    *REPORT,
    *SITUATION,
    *LEGAL,
    *MEDICAL,
    *REHABILITATION,
    *PLAN,
    *MEETINGS,
    *VOICE,
    *NOTES,
    *DOCUMENTS,
    *DUPLICATES,
    *ENDING,
    *IMPORTED,
)
# What has history and yet is not told in the file, and why.
NOT_IN_THE_FILE: Mapping[type[Model], str] = {
    CaseAccess: "who may see the file is no part of what it says; it has a page of its own",
    DutyShift: "an agency's, not a case's",
    Cover: "between two workers, for all their cases",
    CalendarFeed: "an account's",
    EmergencyOpening: "who opened the file without another ground, and its review, stand with who may see it",
    Erasure: "the end of the file is decided on a page of its own",
    LegalHold: "what holds the end of the file up stands on the same page",
    IssuedPaper: "what left as a copy of the file adds nothing to it; the history tells that it left",
}
