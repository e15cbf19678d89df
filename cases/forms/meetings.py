"""Case conferences, their minutes, and appointments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from accounts.countries import country_name
from accounts.forms.meanwhile import EditForm
from accounts.models import Agency, User
from cases.forms.base import FileForm, WordsField, day_field, hour_field, radio
from cases.forms.plan import PersonField, TaskForm
from cases.models import AgendaPoint, Conference, Invitation
from cases.models.conferences import AppointmentKind
from cases.services.appointments import Planned
from cases.services.conferences import Meeting

if TYPE_CHECKING:
    _PeopleChoice = forms.ModelMultipleChoiceField[User]
    _PointChoice = forms.ModelChoiceField[AgendaPoint]
else:
    _PeopleChoice = forms.ModelMultipleChoiceField
    _PointChoice = forms.ModelChoiceField

LENGTHS = (30, 45, 60, 90, 120, 180)
USUAL_LENGTH, USUAL_HOUR = 60, "10:00"
POINT_SHOWN = 80


class PeopleField(_PeopleChoice):
    """Boxes with the agency beside the name, because names repeat."""

    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.none(), widget=forms.CheckboxSelectMultiple, **options)

    def label_from_instance(self, person: User) -> str:
        return f"{person.name} · {person.agency.name}"


class PointField(_PointChoice):
    def label_from_instance(self, point: AgendaPoint) -> str:
        return Truncator(point.words).chars(POINT_SHOWN)


# A day and its hour are one answer.
WHEN = (_("When"), ("on", "at"))


class MomentForm(FileForm):
    """A day and an hour as they are where the agency of the case works."""

    on = day_field(label=_("Day"))
    at = hour_field(step=15, label=_("Begins at"), initial=USUAL_HOUR)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(agency.time_zone)
        if get_current_timezone_name() != agency.time_zone:
            self.fields["at"].help_text = gettext("As the clocks show it in %(country)s.") % {
                "country": country_name(agency.country.code)
            }

    @property
    def starts_at(self) -> datetime:
        day: date = self.cleaned_data["on"]
        return datetime.combine(day, time.fromisoformat(self.cleaned_data["at"]), self._zone)


def moment_of(at: datetime, agency: Agency) -> dict[str, Any]:
    """What such a form begins with."""
    local = at.astimezone(ZoneInfo(agency.time_zone))
    return {"on": local.date(), "at": f"{local:%H:%M}"}


def label_field(**options: Any) -> forms.ChoiceField:
    """Of the parts of the file that this person writes; `offer_labels` fills it."""
    return forms.ChoiceField(**options)


def offer_labels(form: forms.Form, labels: Sequence[Section]) -> None:
    """Somebody who writes one part only is not asked which."""
    field: Any = form.fields["section"]
    chosen = [] if len(labels) == 1 else [("", gettext("Choose a part of the file"))]
    field.choices = [*chosen, *((each.value, each.label) for each in labels)]


class MeetingForm(MomentForm):
    minutes = forms.TypedChoiceField(
        label=_("Takes"),
        coerce=int,
        choices=lambda: [(each, gettext("%(count)s min") % {"count": each}) for each in LENGTHS],
        initial=USUAL_LENGTH,
    )
    place = WordsField(
        label=_("Where people meet"),
        rows=2,
        help_text=_(
            "A room, or “by telephone”. Everybody who is invited reads it, so never write where the child lives."
        ),
    )

    def meeting(self) -> Meeting:
        return Meeting(
            starts_at=self.starts_at,
            minutes=self.cleaned_data["minutes"],
            place=self.cleaned_data["place"],
        )


_INVITED = {
    "label": _("Who is invited"),
    "required": False,
    "help_text": _(
        "Only people who have access to this case now. Each reads the points of the parts that they may read."
    ),
}


class ConferenceForm(MeetingForm):
    invited = PeopleField(**_INVITED)
    section = label_field(label=_("The first point is about"))
    words = WordsField(
        label=_("First point of the agenda"),
        rows=3,
        help_text=_("More can be added afterwards, by the invited too. Whoever reads that part reads it."),
    )

    def __init__(self, *args: Any, people: QuerySet[User], labels: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invited"].queryset = people  # type: ignore[attr-defined]
        offer_labels(self, labels)


class MoveConferenceForm(MeetingForm, EditForm):
    TOGETHER = (WHEN,)


class InvitedForm(EditForm):
    invited = PeopleField(**_INVITED)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invited"].queryset = people  # type: ignore[attr-defined]


class CancelForm(FileForm):
    reason = WordsField(label=_("Why it does not take place"), rows=2)


class PointForm(FileForm):
    section = label_field(
        label=_("What it is about"),
        help_text=_("Only those of the invited who may read this part of the file read the point."),
    )
    words = WordsField(label=_("What is to be talked about"), rows=3)

    def __init__(self, *args: Any, labels: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_labels(self, labels)


class MinuteForm(EditForm):
    """Who was there, and one box for each point of the agenda. A draft may have empty ones."""

    present = forms.MultipleChoiceField(
        label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        points: Iterable[AgendaPoint],
        invited: Iterable[Invitation],
        **kwargs: Any,
    ) -> None:
        self.points = list(points)
        invited = list(invited)
        initial = {"present": [str(each.pk) for each in invited if each.attended]}
        super().__init__(*args, row=conference, initial=initial, **kwargs)
        present: Any = self.fields["present"]
        present.choices = [
            (str(each.pk), f"{each.account.name} · {each.account.agency.name}") for each in invited
        ]
        for point in self.points:
            self.fields[_box(point)] = WordsField(
                label=point.words,
                required=False,
                initial=point.minute or "",
                help_text=Section(point.section).label,
            )

    def entered(self) -> dict[str, Any]:
        return {
            "present": {UUID(each) for each in self.cleaned_data["present"]},
            "minutes": self.minutes(),
            "seen": self.seen_state,
        }

    def minutes(self) -> Mapping[UUID, str]:
        return {point.pk: self.cleaned_data[_box(point)] for point in self.points}


def _box(point: AgendaPoint) -> str:
    return f"minute-{point.pk}"


class DecisionForm(TaskForm):
    """A task, and the point under which it was decided."""

    point = PointField(
        AgendaPoint.objects.none(), label=_("Decided under the point"), widget=forms.RadioSelect
    )
    field_order = ("point", "words", "assignee", "due_on", "goal")

    def __init__(self, *args: Any, points: QuerySet[AgendaPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["point"]
        field.queryset, field.empty_label = points, None


class AddendumForm(FileForm):
    words = WordsField(label=_("What is added"), rows=4)


class AppointmentForm(MomentForm):
    kind = radio(AppointmentKind.choices, label=_("What kind of appointment?"))
    section = label_field(
        label=_("Part of the file to which it belongs"),
        help_text=_("Whoever reads this part of the file sees the appointment."),
    )
    place = WordsField(label=_("Place"), rows=2, required=False)
    words = WordsField(
        label=_("What it is about"),
        rows=3,
        required=False,
        help_text=_("And who goes along without an account here: the guardian, an interpreter."),
    )
    companion = PersonField(
        User.objects.none(),
        label=_("Who goes along"),
        required=False,
        empty_label=_("Nobody with an account"),
    )
    field_order = ("kind", "section", "on", "at", "place", "words", "companion")

    def __init__(self, *args: Any, people: QuerySet[User], labels: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["companion"].queryset = people  # type: ignore[attr-defined]
        offer_labels(self, labels)

    def planned(self) -> Planned:
        data = self.cleaned_data
        return Planned(
            kind=AppointmentKind(data["kind"]),
            section=Section(data["section"]),
            starts_at=self.starts_at,
            place=data["place"],
            words=data["words"],
            companion=data["companion"],
        )


class AppointmentMoveForm(MomentForm, EditForm):
    TOGETHER = (WHEN,)

    place = WordsField(label=_("Place"), rows=2, required=False)


class AppointmentDoneForm(FileForm):
    outcome = WordsField(label=_("What came of it"), rows=3, required=False)
