"""Of which day the file is wanted."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms.base import FileForm, day_field


class AsOfForm(FileForm):
    """`today` is the agency's own."""

    on = day_field(label=_("The file as it was at the end of"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on and on > self._today:
            raise ValidationError(_("This day has not come yet."))
        return on
