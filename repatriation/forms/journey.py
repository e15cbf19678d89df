"""The way leg by leg in the times of its places, and what is arranged besides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Role
from accounts.forms.meanwhile import CARRIED, EditForm
from accounts.models import Agency, User
from accounts.telephones import is_number
from accounts.widgets import TelephoneInput
from cases.forms.base import NAME, NameField, WordsField, ask_plainly, day_field, radio
from cases.models import Document
from cases.models.choices import Gender
from repatriation.models import Journey, Leg, Return
from repatriation.models.choices import Authority
from repatriation.planning import (
    FIRST,
    SECOND,
    SkippedTime,
    TwiceThatNight,
    moment,
    place_of,
    which_of_two,
    zones,
)
from repatriation.services.journeys import HERE, MOST_LEGS, THERE, Arrangement, Stretch

if TYPE_CHECKING:
    _EscortChoice = forms.ModelChoiceField[User]
    _PaperChoice = forms.ModelChoiceField[Document]
else:
    _EscortChoice = _PaperChoice = forms.ModelChoiceField

# Empty legs below those that are there, and how many a new way begins with.
SPARE, FIRST_SHOWN = 2, 3
LONGEST_PHONE, LONGEST_LIST = 40, 60
SIDES = ("departs", "arrives")
# Of a leg that is left empty, these say nothing: they stand there before anybody has typed.
_ZONES = ("departs_zone", "arrives_zone")
_PARTS = ("start", "end", "carrier", "departs_on", "departs_time", "arrives_on", "arrives_time")
_OF_LEG = (
    "start",
    "end",
    "carrier",
    *(f"{side}_{part}" for side in SIDES for part in ("on", "time", "zone", "which")),
)


def _clock_field(**options: Any) -> forms.TimeField:
    return forms.TimeField(
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric", "size": 5, "maxlength": 5}),
        error_messages={
            "invalid": _("Enter the time as a clock of 24 hours shows it, for example 08:05 or 17:40.")
        },
        **options,
    )


def _zone_field(**options: Any) -> forms.CharField:
    """A list to choose from, or typed; checked against the zones that there are."""
    attrs = {"list": "zones", "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
    return forms.CharField(max_length=50, widget=forms.TextInput(attrs=attrs), **options)


class RouteForm(EditForm):
    """As many legs as were typed. The first one is asked for; those left empty are none."""

    def __init__(
        self, *args: Any, row: Journey | Return, legs: Sequence[Leg], usual: tuple[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.stretches = list[Stretch]()
        shown = min(MOST_LEGS, len(legs) + SPARE if legs else FIRST_SHOWN)
        sent = max((n for n in range(1, MOST_LEGS + 1) if f"start_{n}" in self.data), default=0)
        self._count = max(1, sent, len(legs)) if self.is_bound else shown
        for number in range(1, self._count + 1):
            self._add_leg(number, usual)
        for leg in legs:
            self.initial.update(_initial(leg))
        for name, field in self.fields.items():
            if name not in CARRIED:
                ask_plainly(field)

    def _add_leg(self, number: int, usual: tuple[str, str]) -> None:
        needed = number == 1
        added: dict[str, forms.Field] = {
            "start": NameField(label=_("From"), required=needed),
            "end": NameField(label=_("To"), required=needed),
            "carrier": NameField(
                label=_("Carrier and number"),
                required=False,
                help_text=_("For example the train or the flight."),
            ),
        }
        labels = {"departs": _("Departs on"), "arrives": _("Arrives on")}
        hours = {"departs": _("Departs at"), "arrives": _("Arrives at")}
        for side, zone in zip(SIDES, usual, strict=True):
            added |= {
                f"{side}_on": day_field(label=labels[side], required=needed),
                f"{side}_time": _clock_field(label=hours[side], required=needed),
                f"{side}_zone": _zone_field(label=_("Time zone"), required=needed, initial=zone),
                f"{side}_which": forms.ChoiceField(
                    label=_("Which of the two?"),
                    choices=[("", ""), *_which_choices()],
                    required=False,
                    widget=forms.HiddenInput,
                ),
            }
        self.fields.update({f"{name}_{number}": field for name, field in added.items()})

    def together(self) -> list[tuple[Any, tuple[str, ...]]]:
        """Legs follow each other: of two ways one is taken as a whole."""
        numbers = range(1, MOST_LEGS + 1)
        return [(_("The way"), tuple(f"{name}_{number}" for number in numbers for name in _OF_LEG))]

    def saying(self, names: Sequence[str], value_of: Callable[[str], Any]) -> list[str]:
        """Of an empty leg, the zone that stands there says nothing."""
        filled = {
            number
            for number in range(1, self._count + 1)
            if any(value_of(f"{name}_{number}") for name in _PARTS)
        }
        return [name for name in names if name in self.fields and int(name.rpartition("_")[2]) in filled]

    @property
    def legs(self) -> list[dict[str, Any]]:
        """For the page: the fields of each leg, and whether it is to be seen at once."""
        return [self._shown(number) for number in range(1, self._count + 1)]

    def _shown(self, number: int) -> dict[str, Any]:
        def bound(*names: str) -> list[forms.BoundField]:
            return [self[f"{name}_{number}"] for name in names]

        ends = [bound(*(f"{side}_{part}" for part in ("on", "time", "zone", "which"))) for side in SIDES]
        filled = number == 1 or any(self[f"{name}_{number}"].value() for name in _PARTS)
        return {"number": number, "places": bound("start", "end", "carrier"), "ends": ends, "open": filled}

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)
        for number in range(1, self._count + 1):
            if number == 1 or not self._is_empty(number):
                self._read_leg(number, data)
        return data

    def _is_empty(self, number: int) -> bool:
        return not any(self[f"{name}_{number}"].data for name in _PARTS)

    def _read_leg(self, number: int, data: Mapping[str, Any]) -> None:
        needed = [name for name in (*_PARTS, *_ZONES) if name != "carrier"]
        missing = [name for name in needed if not data.get(f"{name}_{number}")]
        for name in missing:
            if f"{name}_{number}" not in self.errors:
                self.add_error(f"{name}_{number}", _("We need an answer here, or leave the whole leg empty."))
        ends = {side: self._moment(side, number, data) for side in SIDES} if not missing else {}
        departs, arrives = ends.get("departs"), ends.get("arrives")
        if departs is None or arrives is None:
            return
        self.stretches.append(
            Stretch(
                start=data[f"start_{number}"],
                end=data[f"end_{number}"],
                carrier=data.get(f"carrier_{number}") or "",
                departs_at=departs,
                departs_zone=data[f"departs_zone_{number}"],
                arrives_at=arrives,
                arrives_zone=data[f"arrives_zone_{number}"],
            )
        )

    def _moment(self, side: str, number: int, data: Mapping[str, Any]) -> datetime | None:
        day: date = data[f"{side}_on_{number}"]
        at: time = data[f"{side}_time_{number}"]
        zone: str = data[f"{side}_zone_{number}"]
        if zone not in zones():
            self.add_error(
                f"{side}_zone_{number}",
                _("There is no such zone. Choose one of the list, such as Europe/Vienna."),
            )
            return None
        said = {"time": f"{at:%H:%M}", "place": place_of(zone)}
        try:
            return self._asked(
                side, number, moment(day, at, zone, str(data.get(f"{side}_which_{number}") or "")), zone
            )
        except SkippedTime:
            sentence = _(
                "That night the clocks in %(place)s are put forward, and %(time)s does not exist. Choose another time."
            )
            self.add_error(f"{side}_time_{number}", ValidationError(sentence, params=said))
        except TwiceThatNight:
            self._ask_which(side, number)
            sentence = _(
                "That night the clocks in %(place)s are put back, and %(time)s comes twice. Say which of the two."
            )
            self.add_error(f"{side}_which_{number}", ValidationError(sentence, params=said))
        return None

    def _asked(self, side: str, number: int, at: datetime, zone: str) -> datetime:
        """Whoever had to say which of the two is shown the question again, beside other mistakes."""
        if which_of_two(at, zone):
            self._ask_which(side, number)
        return at

    def _ask_which(self, side: str, number: int) -> None:
        field: Any = self.fields[f"{side}_which_{number}"]
        field.widget = forms.RadioSelect()
        field.choices = _which_choices()
        self._bound_fields_cache.pop(f"{side}_which_{number}", None)  # type: ignore[attr-defined]  # Django's own


def _which_choices() -> list[tuple[str, Any]]:
    return [
        (FIRST, _("The first time, before the clocks are put back")),
        (SECOND, _("The second time, after the clocks were put back")),
    ]


def _initial(leg: Leg) -> dict[str, Any]:
    found: dict[str, Any] = {"start": leg.start, "end": leg.end, "carrier": leg.carrier or ""}
    for side in SIDES:
        at, zone = getattr(leg, f"{side}_at"), getattr(leg, f"{side}_zone")
        local = at.astimezone(ZoneInfo(zone))
        found |= {
            f"{side}_on": local.date(),
            f"{side}_time": local.time(),
            f"{side}_zone": zone,
            f"{side}_which": which_of_two(at, zone),
        }
    return {f"{name}_{leg.place}": value for name, value in found.items()}


def escorts() -> QuerySet[User]:
    return User.objects.filter(role=Role.ESCORT, is_active=True).select_related("agency").order_by("name")


class EscortField(_EscortChoice):
    """Beside each name whether it is of the child's own sex, as far as anybody who planned a journey has said."""

    def __init__(self, **options: Any) -> None:
        super().__init__(escorts(), empty_label=_("Nobody yet"), **options)
        self.known = dict[Any, str]()
        self.child = ""

    def label_from_instance(self, escort: User) -> str:
        gender = self.known.get(escort.pk, "")
        if not gender:
            words = gettext("sex not known")
        elif gender == self.child:
            words = gettext("of the child’s own sex")
        else:
            words = str(dict(Gender.choices)[gender])
        return f"{escort.name} · {escort.agency.name} · {words}"


class PaperField(_PaperChoice):
    def label_from_instance(self, paper: Document) -> str:
        return f"{paper.title} · {paper.get_kind_display()}"


def _check_phone(text: str) -> None:
    if not is_number(text):
        raise ValidationError(_("Write the number in digits, with the country’s code: +43 1 234567."))


def _phone(label: Any) -> forms.CharField:
    """Whoever reads it calls from a platform: it must be one that can be dialled."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_PHONE,
        required=False,
        widget=TelephoneInput({"autocomplete": "off"}),
        validators=[_check_phone],
    )


CONTACTS = ((HERE, 1), (HERE, 2), (THERE, 1), (THERE, 2))
_GENDERS = [("", _("Not known")), *[each for each in Gender.choices if each[0] != Gender.UNKNOWN]]


class ArrangeForm(EditForm):
    escort = EscortField(label=_("Escort"), required=False, help_text=_("Preferably of the child’s own sex."))
    escort_gender = forms.ChoiceField(label=_("Sex of the escort"), choices=_GENDERS, required=False)
    escort_vetted_on = day_field(
        label=_("Vetted on"), required=False, help_text=_("The day on which its record was looked at.")
    )
    vetted_until = day_field(
        label=_("The vetting holds until"),
        required=False,
        help_text=_("Leave it empty where nobody has set an end."),
    )
    mandate = WordsField(
        label=_("Mandate of the escort"),
        required=False,
        rows=2,
        help_text=_("By what order or agreement it takes the child along."),
    )
    authorised_by = radio(
        [("", _("Nobody yet")), *Authority.choices], label=_("Who has authorised the journey"), required=False
    )
    authorised_on = day_field(label=_("Authorised on"), required=False)
    authorisation = PaperField(
        Document.objects.none(),
        label=_("The authorisation in writing"),
        required=False,
        empty_label=_("No document"),
    )
    to_carry = WordsField(
        label=_("What to carry"),
        required=False,
        rows=5,
        help_text=_(
            "Papers, medication, belongings: one on each line. At the handover each line is ticked off."
        ),
    )
    assistance = WordsField(
        label=_("Assistance on the way"),
        required=False,
        rows=2,
        help_text=_("Who helps at stations, airports and borders. The escort reads it."),
    )
    here_name_1 = NameField(label=_("Name"), required=False)
    here_phone_1 = _phone(_("Telephone"))
    here_name_2 = NameField(label=_("Name of another one"), required=False)
    here_phone_2 = _phone(_("Telephone of the other one"))
    there_name_1 = NameField(label=_("Name"), required=False)
    there_phone_1 = _phone(_("Telephone"))
    there_name_2 = NameField(label=_("Name of another one"), required=False)
    there_phone_2 = _phone(_("Telephone of the other one"))
    fallback = WordsField(
        label=_("If something goes wrong"),
        required=False,
        rows=4,
        help_text=_(
            "A missed connection, a child that is ill or does not want to go on: what the escort does then."
        ),
    )

    # What stands together on the page.
    GROUPS = (
        (_("Escort"), ("escort", "escort_gender", "escort_vetted_on", "vetted_until", "mandate")),
        (_("Authorisation"), ("authorised_by", "authorised_on", "authorisation")),
        (_("On the way"), ("to_carry", "assistance")),
        (_("Whom to call here"), ("here_name_1", "here_phone_1", "here_name_2", "here_phone_2")),
        (_("Whom to call there"), ("there_name_1", "there_phone_1", "there_name_2", "there_phone_2")),
        (_("Another plan"), ("fallback",)),
    )

    def __init__(
        self, *args: Any, row: Journey, papers: QuerySet[Document], child: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, row=row, initial=_arranged(row), **kwargs)
        fields: Any = self.fields
        fields["authorisation"].queryset = papers
        fields["escort"].child = child if child != Gender.UNKNOWN else ""
        said = Journey.objects.exclude(escort_gender="").order_by("made_at")
        fields["escort"].known = dict(said.values_list("escort", "escort_gender"))

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def clean_to_carry(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["to_carry"].splitlines()]
        found = [line for line in lines if line]
        if len(found) > LONGEST_LIST or any(len(line) > NAME for line in found):
            raise ValidationError(_("At most 60 lines of at most 200 characters each."))
        return found

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)
        for side, number in CONTACTS:
            name, phone = (
                data.get(f"{side}_name_{number}"),
                (data.get(f"{side}_phone_{number}") or "").strip(),
            )
            if bool(name) != bool(phone) and f"{side}_phone_{number}" not in self.errors:
                where = f"{side}_name_{number}" if phone else f"{side}_phone_{number}"
                self.add_error(where, _("Say both the name and the telephone."))
        return data

    @property
    def arranged(self) -> Arrangement:
        data = self.cleaned_data
        contacts = [
            (side, data[f"{side}_name_{number}"], data[f"{side}_phone_{number}"].strip())
            for side, number in CONTACTS
            if data[f"{side}_name_{number}"]
        ]
        names = {each.name for each in fields(Arrangement)} - {"contacts"}
        return Arrangement(contacts=contacts, **{name: data[name] for name in names})


def _arranged(row: Journey) -> dict[str, Any]:
    names = ("escort", "escort_vetted_on", "vetted_until", "escort_gender", "authorised_by", "authorised_on")
    found: dict[str, Any] = {name: getattr(row, name) for name in (*names, "authorisation")}
    found |= {name: getattr(row, name) or "" for name in ("mandate", "assistance", "fallback")}
    found["to_carry"] = "\n".join(row.to_carry or [])
    for side in (HERE, THERE):
        of_side = [contact for contact in row.contacts or [] if contact[0] == side]
        for number, (_side, name, phone) in enumerate(of_side[:2], start=1):
            found |= {f"{side}_name_{number}": name, f"{side}_phone_{number}": phone}
    return found


def usual_zones(way: Return) -> tuple[str, str]:
    """Where the child is now, and where it is received."""
    here: Agency = way.case.agency
    there = way.reception.recipient if way.reception else here
    return here.time_zone, there.time_zone
