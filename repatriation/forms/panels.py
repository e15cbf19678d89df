"""A panel: who sits, what it weighs and hears, how it votes, and what its chair signs."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

import clock
from accounts.alphabets import listed
from accounts.countries import choices as country_choices
from accounts.forms.meanwhile import EditForm
from accounts.forms.proving import ProvingForm
from accounts.meanwhile import NOT_STORED
from accounts.models import User
from cases.forms.base import FileForm, WordsField, day_field, hour_field, radio
from cases.models.plan import Means
from repatriation.guards.deciding import options_of
from repatriation.models import AlternateQuestion, Argument, CareArrangement, Panel, Return
from repatriation.models.choices import Option
from repatriation.services.convening import candidates, in_conflict

if TYPE_CHECKING:
    _PeopleChoice = forms.ModelMultipleChoiceField[User]
    _PersonChoice = forms.ModelChoiceField[User]
else:
    _PeopleChoice = forms.ModelMultipleChoiceField
    _PersonChoice = forms.ModelChoiceField

SHORTEST_REASON = 20


def _with_agency(person: User) -> str:
    return f"{person.name} · {person.agency.name}"


class MembersField(_PeopleChoice):
    def label_from_instance(self, person: User) -> str:
        return _with_agency(person)


class MemberField(_PersonChoice):
    def label_from_instance(self, person: User) -> str:
        return _with_agency(person)


def _free(way: Return, without: Iterable[UUID] = ()) -> Any:
    return candidates(way).exclude(pk__in={*in_conflict(way), *without})


class ConveneForm(FileForm):
    members = MembersField(
        queryset=User.objects.none(),
        label=_("Who sits on it"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Nobody who has worked on this case or has written its risk and security assessment is on this list. "
            "No agency may hold more than half of the seats."
        ),
    )
    chair = MemberField(queryset=User.objects.none(), label=_("Who has the chair"))
    meets_on = day_field(label=_("Meets on"))
    meets_at = hour_field(step=15, label=_("Begins at"), initial="10:00")
    third_country = forms.ChoiceField(
        label=_("A third country that is in question besides"),
        required=False,
        help_text=_("Where the child could go, if it is neither to stay here nor to go back."),
    )

    def __init__(self, *args: Any, way: Return, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(way.case.agency.time_zone)
        free = _free(way)
        self.fields["members"].queryset = free  # type: ignore[attr-defined]
        self.fields["chair"].queryset = free  # type: ignore[attr-defined]
        self.fields["chair"].empty_label = _("Choose one of them")  # type: ignore[attr-defined]
        elsewhere = {way.country, way.case.agency.country.code}
        others = [each for each in country_choices() if each[0] not in elsewhere]
        self.fields["third_country"].choices = [("", _("None")), *others]  # type: ignore[attr-defined]
        self.initial.setdefault("meets_on", clock.today(way.case.agency.time_zone))

    def composition(self) -> dict[str, Any]:
        """What `convene_panel` takes."""
        entered = self.cleaned_data
        day: date = entered["meets_on"]
        meets_at: datetime = datetime.combine(day, time.fromisoformat(entered["meets_at"]), self._zone)
        return {
            "members": list(entered["members"]),
            "chair": entered["chair"],
            "meets_at": meets_at,
            "third_country": entered["third_country"],
        }


class CompleteForm(EditForm):
    member = MemberField(
        queryset=User.objects.none(),
        label=_("Who takes a seat besides"),
        required=False,
        empty_label=_("Nobody"),
    )
    chair = MemberField(
        queryset=User.objects.none(),
        label=_("Who has the chair from now on"),
        empty_label=_("Choose one of them"),
    )

    def __init__(self, *args: Any, way: Return, panel: Panel, **kwargs: Any) -> None:
        super().__init__(*args, row=panel, **kwargs)
        seats = list(panel.seats.all())
        sitting = [seat.member_id for seat in seats if seat.recused_at is None]
        newcomers = _free(way, [seat.member_id for seat in seats])
        self.fields["member"].queryset = newcomers  # type: ignore[attr-defined]
        known = User.objects.select_related("agency").order_by("name", "pk")
        self.fields["chair"].queryset = known.filter(  # type: ignore[attr-defined]
            pk__in=[*sitting, *newcomers.values_list("pk", flat=True)]
        )
        if panel.chair_id in sitting:
            self.initial["chair"] = panel.chair_id


class DissolveForm(FileForm):
    reason = WordsField(
        label=_("Why it is dissolved"),
        rows=3,
        min_length=SHORTEST_REASON,
        help_text=_("At least 20 characters. What was argued and voted stays in the file."),
    )


class ArgumentsForm(EditForm):
    """One factor: what was argued for each option, side by side. `seen` names the state of each, in their order."""

    def __init__(self, *args: Any, row: list[Argument], labels: Iterable[str], **kwargs: Any) -> None:
        self.options = [Option(each.option) for each in row]
        stored = {_words(Option(each.option)): each.words for each in row if not each._state.adding}
        super().__init__(*args, row=row, initial=stored, **kwargs)
        for option, label in zip(self.options, labels, strict=True):
            self.fields[_words(option)] = WordsField(label=label, rows=5, required=False)

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if not any(data.get(_words(option)) for option in self.options):
            self.add_error(None, _("Write something for one of the options at least."))
        for option, seen in self._states_in(data["seen"]).items():
            if seen != NOT_STORED and not data.get(_words(option)) and _words(option) not in self.errors:
                self.add_error(_words(option), _("What was argued can be changed, and not taken away."))
        return data

    @property
    def argued(self) -> dict[Option, str]:
        """What `argue` takes: where nothing was written, nothing is said."""
        said = {option: self.cleaned_data[_words(option)] for option in self.options}
        return {option: words for option, words in said.items() if words}

    @property
    def seen_states(self) -> dict[Option, str]:
        return self._states_in(self.seen_state)

    def _states_in(self, seen: str) -> dict[Option, str]:
        return dict(zip(self.options, seen.split(), strict=False))


def _words(option: Option) -> str:
    return f"words_{option}"


class HearingForm(EditForm):
    child_heard_on = day_field(label=_("Day on which the child was heard"))
    child_means = radio(Means.choices, label=_("How the child was heard"))
    child_words = WordsField(
        label=_("What the child said"),
        rows=5,
        help_text=_("In its own words. Nobody is asked to tell again what was done to it."),
    )
    representative_heard_on = day_field(label=_("Day on which the representative was heard"), required=False)
    representative_words = WordsField(label=_("What the representative said"), required=False, rows=4)

    NAMES = (
        "child_heard_on",
        "child_means",
        "child_words",
        "representative_heard_on",
        "representative_words",
    )

    def __init__(self, *args: Any, panel: Panel, **kwargs: Any) -> None:
        stored = {name: getattr(panel, name) for name in self.NAMES}
        super().__init__(*args, row=panel, initial=stored, **kwargs)

    def heard(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.NAMES}

    def clean(self) -> dict[str, Any]:
        entered = dict(super().clean() or {})
        undated = entered.get("representative_words") and not entered.get("representative_heard_on")
        if undated and "representative_heard_on" not in self.errors:
            self.add_error("representative_heard_on", _("Say on which day."))
        return entered


class VoteForm(FileForm):
    option = radio((), label=_("Your vote"))

    def __init__(self, *args: Any, panel: Panel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = options_of(panel.third_country)
        self.fields["option"].choices = [(each.value, each.label) for each in offered]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Option:
        return Option(self.cleaned_data["option"])


class DissentForm(FileForm):
    words = WordsField(
        label=_("Why you voted otherwise"),
        required=False,
        rows=6,
        help_text=_("It stands in the minute beside your name. Leave it empty to give no reason."),
    )


class MinuteForm(ProvingForm, FileForm):
    reasons = WordsField(
        label=_("Reasons"),
        rows=8,
        min_length=SHORTEST_REASON,
        help_text=_(
            "How the factors were weighed against each other, and what the child’s own wish counted for."
        ),
    )
    appeal_until = day_field(label=_("Can be appealed until"))
    appeal = WordsField(label=_("Where and how it can be appealed"), rows=3)
    goes_on = WordsField(
        label=_("How it goes on"), rows=4, help_text=_("What happens next for the child, and who does it.")
    )
    no_reasons_given = forms.BooleanField(required=False)

    def __init__(self, *args: Any, owed: Iterable[str], **kwargs: Any) -> None:
        """`owed` are the names of those who voted otherwise and have not said anything about it."""
        super().__init__(*args, **kwargs)
        names = listed(owed)
        if names:
            self.fields["no_reasons_given"].label = _(
                "Asked why they voted otherwise, these give no reason: %(names)s"
            ) % {"names": names}
        else:
            del self.fields["no_reasons_given"]

    def minute(self) -> dict[str, Any]:
        names = ("reasons", "appeal_until", "appeal", "goes_on")
        said = {name: self.cleaned_data[name] for name in names}
        return said | {"no_reasons_given": self.cleaned_data.get("no_reasons_given", False)}


class TellingForm(EditForm):
    child_told_on = day_field(label=_("Day on which the child was told"), required=False)
    guardian_told_on = day_field(label=_("Day on which guardian or representative were told"), required=False)
    words = WordsField(
        label=_("How they were told"),
        rows=4,
        help_text=_("By whom, in which language, with whose help; and that they know how to appeal."),
    )

    NAMES = ("child_told_on", "guardian_told_on", "words")

    def __init__(self, *args: Any, panel: Panel, **kwargs: Any) -> None:
        stored = {
            "child_told_on": panel.child_told_on,
            "guardian_told_on": panel.guardian_told_on,
            "words": panel.told_words or "",
        }
        super().__init__(*args, row=panel, initial=stored, **kwargs)

    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class AskAlternateForm(FileForm):
    arrangement = radio((), label=_("About whom the panel is asked"))
    chair = MemberField(
        queryset=User.objects.none(),
        label=_("Who writes down the answer"),
        empty_label=_("Choose one of them"),
    )

    def __init__(
        self, *args: Any, proposed: Iterable[CareArrangement], sat: Any, chair: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = sat  # type: ignore[attr-defined]
        self.initial.setdefault("chair", chair.pk)
        named = [(str(row.pk), name_of(row)) for row in proposed]
        self.fields["arrangement"].choices = named  # type: ignore[attr-defined]

    @property
    def chosen(self) -> UUID:
        return UUID(self.cleaned_data["arrangement"])


def name_of(row: CareArrangement) -> str:
    """Who would care, in words."""
    return f"{row.carer} · {row.get_kind_display()}"


class AnswerAlternateForm(FileForm):
    approved = radio(
        [("yes", _("The panel approves this alternate")), ("no", _("The panel does not approve it"))],
        label=_("What the panel has decided"),
    )
    in_favour = forms.IntegerField(label=_("How many members were in favour"), min_value=0, max_value=99)
    decided_on = day_field(label=_("Decided on"))
    reasons = WordsField(label=_("Reasons"), rows=4, min_length=SHORTEST_REASON)

    def __init__(self, *args: Any, question: AlternateQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("decided_on", clock.today(question.case.agency.time_zone))

    def answer(self) -> dict[str, Any]:
        entered = self.cleaned_data
        return {
            "approved": entered["approved"] == "yes",
            "in_favour": entered["in_favour"],
            "decided_on": entered["decided_on"],
            "reasons": entered["reasons"],
        }
