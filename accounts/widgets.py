"""How a day long ago is asked for, several answers from a long list, the hours of a week, and a telephone.

And how a stored answer comes back as a browser would send it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.forms import CheckboxInput, SelectMultiple, TextInput, Widget
from django.http import QueryDict
from django.utils.dates import MONTHS, WEEKDAYS


class TelephoneInput(TextInput):
    """Brings the digits of a telephone's keys."""

    input_type = "tel"


class DayParts(Widget):
    """Day, month in words, year: nobody can take 3 April for 4 March. What was typed is shown again.

    A browser's own date box follows the browser's language, not the page's. To the server it is ISO text.
    """

    template_name = "components/day_parts.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, dict(attrs or {}))
        context["months"] = [(str(number), words) for number, words in MONTHS.items()]
        return context

    def format_value(self, value: Any) -> Any:
        """A date or the text put together below, taken apart again."""
        if isinstance(value, date):
            return {"year": value.year, "month": str(value.month), "day": value.day}
        year, month, day = ([*str(value or "").split("-", 2), "", ""])[:3]
        return {"year": year, "month": month, "day": day}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """Nothing typed is no date; whatever is typed goes on whole, so that the field can object to it."""
        parts = [str(data.get(f"{name}_{part}") or "").strip() for part in ("year", "month", "day")]
        return "-".join(parts) if any(parts) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in ("year", "month", "day"))

    def sent(self, name: str, value: Any) -> dict[str, str]:
        return {f"{name}_{part}": str(said) for part, said in self.format_value(value).items()}

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return f"{id_}_day" if id_ else ""


class Several(SelectMultiple):
    """A box for each answer and an empty one for the next, so that nobody has to hold a key down to choose two."""

    template_name = "components/several.html"
    use_fieldset = True
    fewest_boxes = 2

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super(SelectMultiple, self).get_context(name, value, dict(attrs or {}))
        chosen = self.format_value(value)
        empty = max(1, self.fewest_boxes - len(chosen))
        context["boxes"] = [*chosen, *[""] * empty]
        context["choices"] = list(self.choices)
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """In the order of the boxes, each answer once."""
        return list(
            dict.fromkeys(value for value in super().value_from_datadict(data, files, name) or () if value)
        )

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return f"{id_}_0" if id_ else ""


OPENING_TIMES = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)]
CLOSING_TIMES = [*OPENING_TIMES[1:], "24:00"]


class WeekHours(Widget):
    """From when to when, for each day of the week. Lists, so that nobody takes 8 in the evening for the morning."""

    template_name = "components/week_hours.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, dict(attrs or {}))
        spans = [span or ("", "") for span in value or [None] * len(WEEKDAYS)]
        context["days"] = [
            (number, WEEKDAYS[number], opens, closes) for number, (opens, closes) in enumerate(spans)
        ]
        context["opening_times"], context["closing_times"] = OPENING_TIMES, CLOSING_TIMES
        return context

    def format_value(self, value: Any) -> Any:
        return value

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[tuple[str, str]]:
        return [
            (str(data.get(f"{name}_{day}_opens") or ""), str(data.get(f"{name}_{day}_closes") or ""))
            for day in WEEKDAYS
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{day}_opens" in data for day in WEEKDAYS)

    def sent(self, name: str, value: Any) -> dict[str, str]:
        week = [span or ("", "") for span in value or [None] * len(WEEKDAYS)]
        hours = {f"{name}_{day}": span for day, span in enumerate(week)}
        return {
            f"{box}_{end}": text
            for box, span in hours.items()
            for end, text in zip(("opens", "closes"), span, strict=True)
        }

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return f"{id_}_0_opens" if id_ else ""


def put(data: QueryDict, widget: Widget, name: str, value: Any) -> None:
    """Into `data`, in place of what was sent there: the value as a browser would send it."""
    if isinstance(widget, DayParts | WeekHours):
        for box, text in widget.sent(name, value).items():
            data[box] = text
        return
    said = widget.format_value(value)
    if isinstance(widget, CheckboxInput):
        said = ["on"] if widget.check_test(value) else []
    data.setlist(name, said if isinstance(said, list) else [said or ""])
