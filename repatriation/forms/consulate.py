"""What a consulate is asked, and what it answers: the request, the answer, the document, the permits."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.countries import choices as country_choices
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.forms.meanwhile import EditForm
from accounts.models import Agency
from cases.forms.base import FileForm, SeenField, WordsField, day_field, radio, visible_words
from cases.models import Case
from repatriation import zone
from repatriation.edges.parts import LONGEST_NUMBER
from repatriation.models.choices import PermitKind, PostAnswer, Refusal, TravelDocumentKind, VerifiedAs
from repatriation.services.requesting import Asked
from repatriation.zone import Fault

LONGEST_REFERENCE = 60
# The steps of a post that cannot confirm; each wants a reason.
UNCONFIRMED: Mapping[str, str] = {
    PostAnswer.NOT_A_NATIONAL: "deny_nationality",
    PostAnswer.NO_RESULT: "find_inconclusive",
}


class RequestForm(FileForm):
    """What the file cannot know: which post, which numbers, and where home was."""

    post = radio((), label=_("Which consulate?"))
    numbers = forms.MultipleChoiceField(
        label=_("Which numbers of documents does it need?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Only what helps to find the child in the registers."),
    )
    last_address = WordsField(
        label=_("Last address at home"),
        rows=2,
        max_length=500,
        required=False,
        help_text=_(
            "In the country of origin, as the registers there may know it. Never where the child is now."
        ),
    )

    def __init__(self, *args: Any, case: Case, posts: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._posts = {str(post.pk): post for post in posts}
        self.fields["post"].choices = [(code, post.name) for code, post in self._posts.items()]  # type: ignore[attr-defined]
        rows = case.child.id_numbers.filter(removed_at__isnull=True).order_by("pk")
        known = [
            (str(row.pk), " · ".join(filter(None, (row.get_kind_display(), row.number, row.issued_by))))
            for row in rows
        ]
        self.fields["numbers"].choices = known  # type: ignore[attr-defined]
        if not known:
            del self.fields["numbers"]

    @property
    def chosen(self) -> Agency:
        return self._posts[self.cleaned_data["post"]]

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        numbers = [UUID(each) for each in data.get("numbers") or ()]
        return Asked(numbers=numbers, last_address=data["last_address"])


class AnswerForm(FileForm):
    """Whatever the registers said, in one question."""

    answer = radio(
        [
            (VerifiedAs.NATIONAL, _("The child is a national")),
            (VerifiedAs.RESIDENT, _("The child had the right of permanent residence when it entered")),
            (PostAnswer.NOT_A_NATIONAL, _("Neither: the child is not a national")),
            (PostAnswer.NO_RESULT, _("It cannot be said: no result")),
        ],
        label=_("What do the registers say?"),
    )
    reference = SeenField(label=_("Your reference"), max_length=LONGEST_REFERENCE, required=False)
    happened_on = day_field(label=_("Day of the answer"))
    reason = WordsField(label=_("If it is not confirmed: why"), rows=2, required=False)

    def clean_reference(self) -> str:
        return visible_words(self.cleaned_data["reference"])

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if (
            data.get("answer") in VerifiedAs.values
            and not data.get("reference")
            and "reference" not in self.errors
        ):
            self.add_error("reference", _("A confirmation has a reference by which it can be found again."))
        if data.get("answer") in UNCONFIRMED and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why, so that another way can be found for the child."))
        return data

    @property
    def edge(self) -> str:
        return UNCONFIRMED.get(self.cleaned_data["answer"], "verify_nationality")

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        known = {"reference": data["reference"], "happened_on": data["happened_on"]}
        return known | ({"code": data["answer"]} if self.edge == "verify_nationality" else {})

    @property
    def why(self) -> str:
        return "" if self.edge == "verify_nationality" else str(self.cleaned_data["reason"])


class DocumentForm(FileForm):
    """One travel document. Its zone is read sign by sign, and what is wrong in it is said."""

    code = radio(TravelDocumentKind.choices, label=_("Which document"))
    number = SeenField(label=_("Number"), max_length=LONGEST_NUMBER)
    issued_on = day_field(label=_("Issued on"))
    expires_on = day_field(label=_("Valid until"))
    zone = WordsField(
        label=_("Machine-readable zone"),
        rows=3,
        max_length=200,
        required=False,
        help_text=_(
            "The two or three lines at the foot of the document, each on a line of its own. Digits in them check the"
            " others: what was mistyped is found here, and not at the border."
        ),
    )

    same_child = forms.BooleanField(
        label=_("The name differs from the request, and the consulate confirms that it is this child."),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get(self.add_prefix("same_child")):
            self._ask_same_child()

    def _ask_same_child(self) -> None:
        """Only where the names differ: a box that is always there is ticked always."""
        self.fields["same_child"].widget = forms.CheckboxInput()

    def refuse(self, error: Invalid) -> None:
        if error.field == "same_child":
            self._ask_same_child()
        super().refuse(error)

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        issued, expires = data.get("issued_on"), data.get("expires_on")
        if issued and expires and expires <= issued:
            self.add_error("expires_on", _("A document ends after the day on which it was issued."))
        for sentence in zone_sentences(data):
            self.add_error("zone", sentence)
        return data

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


PARTS_OF_ZONE = {
    zone.NUMBER: _("the number of the document"),
    zone.BORN: _("the date of birth"),
    zone.EXPIRES: _("the last day"),
    zone.PERSONAL: _("the personal number"),
}


def zone_sentences(entered: dict[str, Any]) -> Iterable[str]:
    """What is wrong with a zone: where it is misread, and where it says something else than what was typed besides."""
    typed = str(entered.get("zone") or "")
    if not typed.strip():
        return []
    found = zone.faults(typed)
    return [fault_sentence(fault) for fault in found] or _disagreements(zone.read(typed), entered)


def _disagreements(read: zone.Zone, entered: dict[str, Any]) -> list[str]:
    said, number, expires = list[str](), entered.get("number"), entered.get("expires_on")
    if number and not zone.same_number(read.number, number):
        said.append(_now("The number in these lines is another one than the one above."))
    if not read.born_exists:
        said.append(_now("The date of birth in these lines is no day of the calendar."))
    if read.expires_on is None:
        said.append(_now("The last day in these lines is no day of the calendar."))
    elif expires and read.expires_on != expires:
        said.append(_now("The last day in these lines is another one than the one above."))
    return said


def fault_sentence(fault: Fault) -> str:
    """Which line, which sign, and what would fit."""
    where = {"line": fault.line, "first": fault.first, "last": fault.last, "found": fault.found}
    where |= {"fits": fault.fits, "part": str(PARTS_OF_ZONE.get(fault.part, ""))}
    if fault.kind == zone.SIZE:
        return _now(
            "These are not the lines of a travel document: it has two of 44 or 36 signs, or three of 30."
        )
    if fault.kind == zone.SIGN:
        said = _now(
            "Line %(line)s, sign %(first)s: “%(found)s” does not occur there, only A to Z, digits and “<”."
        )
    elif fault.kind == zone.DIGIT:
        said = _now(
            "Line %(line)s, sign %(first)s: “%(found)s” stands where a digit belongs; it is a part of %(part)s."
        )
    elif fault.part == zone.WHOLE:
        said = _now(
            "Line %(line)s, sign %(last)s: the last digit checks the others. For what stands there it would be"
            " %(fits)s, and is %(found)s: one of the signs is wrong."
        )
    else:
        said = _now(
            "Line %(line)s, signs %(first)s to %(last)s, %(part)s: one of them is wrong. The last of them checks the"
            " others; for what stands there it would be %(fits)s, and is %(found)s."
        )
    return said % where


class RefuseForm(FileForm):
    code = radio(Refusal.choices, label=_("Why"))
    reason = WordsField(label=_("In words"), rows=2)


class PermitForm(FileForm):
    kind = radio(PermitKind.choices, label=_("What does the journey need?"))
    country = forms.ChoiceField(label=_("Of which country?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country")), *country_choices()]  # type: ignore[attr-defined]


class GrantForm(EditForm):
    """For one permit, or one of those that are waited for."""

    granted_on = day_field(label=_("Granted on"))
    valid_until = day_field(
        label=_("Valid until"), required=False, help_text=_("Empty where it has no last day.")
    )

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        granted, until = data.get("granted_on"), data.get("valid_until")
        if granted and until and until < granted:
            self.add_error("valid_until", _("It cannot end before it was granted."))
        return data


def permit_name(kind: str, country: str) -> str:
    return f"{PermitKind(kind).label} ({country_name(country)})"
