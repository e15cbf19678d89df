"""Goals, tasks, visits, the child's views, and who agrees."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import ServiceType, User
from cases.forms.base import FileForm, WordsField, day_field, radio
from cases.models import Goal
from cases.models.choices import GivenBy
from cases.models.plan import Means, Outcome, Track, VisitKind

if TYPE_CHECKING:
    _PersonChoice = forms.ModelChoiceField[User]
    _GoalChoice = forms.ModelChoiceField[Goal]
else:
    _PersonChoice = _GoalChoice = forms.ModelChoiceField

IMPOSSIBLE = "impossible"
ALONE, WITH_OTHERS = "alone", "with_others"
AGREES, DISAGREES = "yes", "no"
GOAL_SHOWN = 60


class PersonField(_PersonChoice):
    """Somebody who has access to the case, with the agency, because names repeat."""

    def label_from_instance(self, person: User) -> str:
        return f"{person.name} · {person.agency.name}"


class GoalField(_GoalChoice):
    def label_from_instance(self, goal: Goal) -> str:
        return Truncator(goal.words).chars(GOAL_SHOWN)


class GoalForm(FileForm):
    track = radio(Track.choices, label=_("Which track is it part of?"))
    service_type = forms.ChoiceField(
        choices=[("", _("Choose a kind of service")), *ServiceType.choices], label=_("Kind of service")
    )
    words = WordsField(
        label=_("Goal"),
        rows=3,
        help_text=_("What will be different for the child. Whoever reads the track reads its goals too."),
    )


class GoalEndForm(FileForm):
    outcome = radio(Outcome.choices, label=_("Outcome"))
    words = WordsField(
        label=_("What came of it"), rows=3, help_text=_("If you can, in the child’s own words.")
    )


class TaskForm(FileForm):
    words = WordsField(
        label=_("What is to be done"),
        rows=2,
        help_text=_("Whoever is to do it reads these words, even without the rest of the plan."),
    )
    assignee = PersonField(
        User.objects.none(),
        label=_("Who does it"),
        empty_label=_("Choose a person"),
        help_text=_("People who have access to this case now."),
    )
    due_on = day_field(label=_("Until the end of"))
    goal = GoalField(Goal.objects.none(), label=_("For the goal"), required=False, empty_label=_("No goal"))

    def __init__(self, *args: Any, people: QuerySet[User], goals: QuerySet[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]


class TaskDoneForm(FileForm):
    result = WordsField(label=_("What came of it"), rows=3, required=False)


class TaskDropForm(FileForm):
    reason = WordsField(label=_("Why it will not be done"), rows=2)


class VisitForm(FileForm):
    kind = radio(VisitKind.choices, label=_("Where"))
    planned_on = day_field(
        label=_("Day"),
        help_text=_("Has it taken place already? Plan it for today, then record it with its day."),
    )
    visitor = PersonField(User.objects.none(), label=_("Who visits"), empty_label=_("Choose a person"))
    is_required = forms.BooleanField(
        label=_("Required: the case cannot close before this visit is made"), required=False, initial=True
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visitor"].queryset = people  # type: ignore[attr-defined]


class VisitDoneForm(FileForm):
    done_on = day_field(label=_("Day"))
    seen = radio(
        [(ALONE, _("The child was seen alone")), (WITH_OTHERS, _("The child was seen only with others"))],
        label=_("How the child was seen"),
        help_text=_(
            "Was the child not there? Then the visit is still to be made: call it off and plan another."
        ),
    )
    observations = WordsField(label=_("What was seen and heard"))


class VisitCancelForm(FileForm):
    reason = WordsField(label=_("Why the visit does not take place"), rows=2)


class ViewForm(FileForm):
    heard_on = day_field(label=_("Day"))
    means = radio(
        [*Means.choices, (IMPOSSIBLE, _("It was not possible to hear the child"))],
        label=_("How the child was heard"),
    )
    words = WordsField(
        label=_("What the child says"),
        required=False,
        help_text=_("In its own words, about the plan and about what matters to it."),
    )
    impossible_because = WordsField(label=_("Why it was not possible"), required=False, rows=2)
    observed = WordsField(
        label=_("What was observed"),
        required=False,
        rows=3,
        help_text=_("Needed when the child could not be heard: how it behaves, what it seeks and avoids."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        means = data.get("means")
        if means == IMPOSSIBLE:
            for name in ("impossible_because", "observed"):
                self._ask_for(name)
        elif means:
            self._ask_for("words")
        return data

    def _ask_for(self, name: str) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, _("We need an answer here."))


class ReviewForm(FileForm):
    words = WordsField(
        label=_("What the review found"),
        rows=6,
        help_text=_(
            "What has changed, which goals still fit, what is done next. It is kept as a note of the plan."
        ),
    )


class AgreementForm(FileForm):
    given_by = radio(
        [choice for choice in GivenBy.choices if choice[0] != GivenBy.CHILD],
        label=_("Who answered?"),
        help_text=_("An interim representative answers only while a guardian is pending."),
    )
    agrees = radio([(AGREES, _("Agrees with the plan")), (DISAGREES, _("Does not agree"))], label=_("Answer"))
    given_on = day_field(label=_("Day"))
    words = WordsField(
        label=_("In their own words"),
        required=False,
        rows=3,
        help_text=_("Needed when they do not agree: with what, and what they want instead."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("agrees") == DISAGREES and not data.get("words") and "words" not in self.errors:
            self.add_error("words", _("Write down with what they do not agree."))
        return data
