"""To whom, for what, on what ground; and which fields."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import clock
from accounts.forms.meanwhile import CARRIED, EditForm
from accounts.models import Agency, AgencyKind, ServiceType
from cases.forms.base import FileForm, WordsField, day_field, radio
from cases.models import Case
from cases.permissions import KEEPS_FILES, sections
from cases.services.clocks import end_of_day
from referrals.fields import DOCUMENT, FIELDS, givable_documents, suggestions
from referrals.models import Referral
from referrals.models.choices import SERVICE_PURPOSES, LegalBasis, Need, TransferBasis
from referrals.services.drafting import Offer

ANSWER_DAYS = 3


class DraftForm(FileForm):
    """The statement that a draft makes; those below ask besides to whom."""

    purpose = radio(SERVICE_PURPOSES, label=_("What is asked for?"))
    needs = forms.MultipleChoiceField(
        label=_("What does the child need?"),
        choices=Need.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The recipient sees this before it accepts, and nothing that tells who the child is."),
    )
    request = WordsField(
        label=_("What exactly, in words"),
        required=False,
        help_text=_("Opens with the pack, when the recipient has accepted."),
    )
    answer_by = day_field(label=_("Answer until the end of"))
    legal_basis = radio(LegalBasis.choices, label=_("Why may data be shared?"))
    basis_words = WordsField(
        label=_("If it is not consent: the ground in words"),
        required=False,
        rows=2,
        help_text=_(
            "At least 20 characters: the law, the order, or the danger and why nobody could be asked."
        ),
    )
    transfer_basis = forms.ChoiceField(
        label=_("If it crosses a border: why data may leave the country"),
        choices=[("", _("It does not cross a border")), *TransferBasis.choices],
        required=False,
    )

    def __init__(self, *args: Any, case: Case, transfer: bool = False, **kwargs: Any) -> None:
        self._case = case
        super().__init__(*args, **kwargs)
        if transfer:
            # What is asked for is the case itself, and what is given is all of it.
            del self.fields["purpose"]
        soon = clock.today(case.agency.time_zone) + timedelta(days=ANSWER_DAYS)
        self.initial.setdefault("answer_by", soon)

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if data.get("legal_basis") not in (None, "", LegalBasis.CONSENT) and not data.get("basis_words"):
            self.add_error("basis_words", _("Say the ground in words."))
        return data

    @property
    def offer(self) -> Offer:
        """The day ends where the sender works."""
        data = self.cleaned_data
        names = ("needs", "request", "legal_basis", "basis_words", "transfer_basis")
        return Offer(
            purpose=data.get("purpose", ""),
            **{name: data[name] for name in names},
            answer_by=end_of_day(data["answer_by"], self._case.agency),
        )


class BasisForm(FileForm):
    """The ground on which a recipient goes on, when the consent was withdrawn."""

    legal_basis = radio(
        [each for each in LegalBasis.choices if each[0] != LegalBasis.CONSENT],
        label=_("Why may the recipient keep what it was given?"),
    )
    basis_words = WordsField(
        label=_("The ground in words"),
        rows=3,
        help_text=_(
            "At least 20 characters: the law, the order, or the danger and why nobody could be asked."
        ),
    )


def recipients(case: Case) -> list[tuple[Agency, ServiceType]]:
    """Everybody who offers something, but the agency that has the case."""
    known = set(ServiceType.values)
    agencies = (
        Agency.objects.filter(is_active=True).exclude(pk=case.agency_id).exclude(kind=AgencyKind.OUTSIDE)
    )
    return [
        (agency, ServiceType(service))
        for agency in agencies.order_by("country", "name")
        for service in agency.services
        if service in known
    ]


def keepers(case: Case) -> QuerySet[Agency]:
    """Who can be asked to take the whole case over."""
    others = Agency.objects.filter(is_active=True, kind__in=KEEPS_FILES).exclude(pk=case.agency_id)
    return others.order_by("country", "name")


def _by_code(found: Iterable[tuple[Agency, ServiceType]]) -> dict[str, tuple[Agency, ServiceType]]:
    return {f"{agency.pk}:{service}": (agency, service) for agency, service in found}


def _label(agency: Agency, service: ServiceType) -> str:
    return f"{agency.name} ({agency.country.name}): {service.label}"


class ReferForm(DraftForm):
    """To one recipient, or to several at once for one child; each answers alone."""

    to = forms.MultipleChoiceField(
        label=_("To whom, for which service?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several at once, where several services are needed; each answers alone."),
    )
    field_order = ("to",)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self._known = _by_code(recipients(case))
        self.fields["to"].choices = [(code, _label(*each)) for code, each in self._known.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[tuple[Agency, ServiceType]]:
        return [self._known[code] for code in self.cleaned_data["to"]]


class ChangeDraftForm(DraftForm, EditForm):
    """A draft may still go to somebody else: its recipient has closed meanwhile, or said no to an earlier version."""

    to = forms.ChoiceField(label=_("To whom, for which service?"))
    field_order = ("to",)
    TOGETHER = ((_("Why may data be shared?"), ("legal_basis", "basis_words")),)

    def __init__(self, *args: Any, case: Case, transfer: bool, **kwargs: Any) -> None:
        super().__init__(*args, case=case, transfer=transfer, **kwargs)
        whole = [(agency, ServiceType.SOCIAL_CARE) for agency in keepers(case)]
        self._known = _by_code(whole if transfer else recipients(case))
        named = [(code, each[0].name if transfer else _label(*each)) for code, each in self._known.items()]
        self.fields["to"].choices = [("", _("Choose an agency")), *named]  # type: ignore[attr-defined]
        if transfer:
            self.fields["to"].label = _("Which agency is to take the case over?")

    @property
    def chosen(self) -> tuple[Agency, ServiceType]:
        return self._known[self.cleaned_data["to"]]


class TransferForm(DraftForm):
    """To one agency that keeps files; whether it has a supervisor is asked when the draft is made."""

    recipient = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("Which agency is to take the case over?"),
        empty_label=_("Choose an agency"),
        help_text=_("The case moves only when it accepts. Until then it sees an offer that names nobody."),
    )
    field_order = ("recipient",)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, transfer=True, **kwargs)
        self.fields["recipient"].queryset = keepers(case)  # type: ignore[attr-defined]


class FieldsForm(EditForm):
    """One box for each field that the file knows and this person may read; none is ticked beforehand."""

    def __init__(self, *args: Any, referral: Referral, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=referral, **kwargs)
        case, held = referral.case, sections(user, referral.case)
        why = suggestions(referral.service)
        self.given = set(referral.disclosures.values_list("field", flat=True))
        for field in FIELDS:
            if field.section in held and field.read(case) is not None:
                self._offer(field.code, str(field.label), why.get(field.code, ""), referral)
        for row in givable_documents(case).filter(section__in=list(held)):
            code = f"{DOCUMENT}{row.pk}"
            self._offer(code, _("Document: %(title)s") % {"title": row.title}, "", referral)

    def _offer(self, code: str, label: str, why: Any, referral: Referral) -> None:
        hint = _("Usually needed %(why)s.") % {"why": why} if why else ""
        box = forms.BooleanField(label=label, required=False, help_text=hint)
        box.disabled = code in self.given
        self.fields[code] = box
        self.initial[code] = code in referral.wanted

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if not any(chosen for code, chosen in data.items() if code not in CARRIED):
            raise ValidationError(_("Choose at least one field."))
        return data

    @property
    def codes(self) -> list[str]:
        return [code for code, chosen in self.cleaned_data.items() if chosen]
