"""Who works on a case, and who else may see it."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import clock
from accounts.access import Condition, Relation, Role, Section, rule
from accounts.holidays import office_hours
from accounts.models import Agency, User
from cases.forms.base import FileForm, WordsField, day_field, hour_field, hours


def workers_of_agency(agency: Agency) -> QuerySet[User]:
    return User.objects.filter(agency=agency, role=Role.CASE_WORKER, is_active=True).order_by("name", "pk")


def worker_field(**options: Any) -> "forms.ModelChoiceField[User]":
    """`offer` fills it with the workers of one agency."""
    options.setdefault("empty_label", _("Choose a case worker"))
    return forms.ModelChoiceField(User.objects.none(), **options)


def offer(form: forms.Form, name: str, workers: QuerySet[User]) -> None:
    form.fields[name].queryset = workers  # type: ignore[attr-defined]


class AssignForm(FileForm):
    worker = worker_field(label=_("Case worker"))

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "worker", workers_of_agency(agency))


class ReassignForm(FileForm):
    """Which files is not a field: what is chosen is looked up like anything that is read."""

    to = worker_field(label=_("New worker"))

    def __init__(self, *args: Any, agency: Agency, before: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = workers_of_agency(agency)
        offer(self, "to", others.exclude(pk=before.pk) if before else others)


class CoverForm(FileForm):
    worker = worker_field(label=_("Who is away"))
    covered_by = worker_field(label=_("Who covers"))
    until = day_field(
        label=_("Until the end of"),
        help_text=_(
            "Until then both have the files, those too that come meanwhile. It can be ended earlier."
        ),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Somebody whose account is switched off may be just the one whose files need a cover.
        every = User.objects.filter(agency=agency, role=Role.CASE_WORKER).order_by("name", "pk")
        offer(self, "worker", every)
        offer(self, "covered_by", workers_of_agency(agency))


HALF_HOURS = hours()


class DutyForm(FileForm):
    worker = worker_field(label=_("Case worker"))
    starts_on = day_field(label=_("From"))
    starts_at = hour_field(label=_("Begins at"))
    ends_on = day_field(label=_("To"))
    ends_at = hour_field(label=_("Ends at"))

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _next_night(agency))
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(agency.time_zone)
        offer(self, "worker", workers_of_agency(agency))

    @property
    def starts(self) -> datetime:
        return self._moment("starts_on", "starts_at")

    @property
    def ends(self) -> datetime:
        return self._moment("ends_on", "ends_at")

    def _moment(self, day: str, hour: str) -> datetime:
        """As it is where the agency works."""
        at: date = self.cleaned_data[day]
        return datetime.combine(at, time.fromisoformat(self.cleaned_data[hour]), self._zone)


def _next_night(agency: Agency) -> dict[str, Any]:
    """From closing today to opening tomorrow; a day without office hours is duty as a whole."""
    today = clock.today(agency.time_zone)
    tomorrow = today + timedelta(days=1)
    ending, beginning = office_hours(agency, today), office_hours(agency, tomorrow)
    return {
        "starts_on": today,
        "starts_at": _half_hour(ending[1]) if ending else HALF_HOURS[0],
        "ends_on": tomorrow,
        "ends_at": _half_hour(beginning[0]) if beginning else HALF_HOURS[-1],
    }


def _half_hour(since_midnight: timedelta) -> str:
    """Never later than the last of them: an office that is open till midnight has no evening."""
    return HALF_HOURS[min(since_midnight // timedelta(minutes=30), len(HALF_HOURS) - 1)]


# A document goes with the section that it belongs to; by themselves they cannot be granted.
GRANTED = [
    (section.value, section.label)
    for section in Section
    if rule(Relation.PERSONAL, section).condition is Condition.GRANTED
]


class GrantForm(FileForm):
    account = forms.CharField(label=_("Account name"), max_length=150)
    sections = forms.MultipleChoiceField(
        label=_("Sections"), choices=GRANTED, widget=forms.CheckboxSelectMultiple
    )
    may_write = forms.BooleanField(label=_("May also write in these sections"), required=False)
    until = day_field(label=_("Until the end of"))
    reason = WordsField(label=_("Why"), rows=2)

    def clean_account(self) -> User:
        account = User.objects.spelled(self.cleaned_data["account"]).filter(is_active=True).first()
        if account is None:
            raise ValidationError(_("There is no such account."))
        return account
