"""What is asked of somebody who holds a paper and wants to know whether it is genuine."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cases.forms.base import NAME, FileForm
from cases.services.papers import normalised


class VerifyForm(FileForm):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("It stands at the foot of each page: five groups of letters and figures."),
        required=False,
        max_length=NAME,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )
    file = forms.FileField(
        label=_("The PDF itself, if you have it"),
        help_text=_(
            "It is compared with the one that was made here, its signature is checked, and it is not kept."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"empty": _("This file is empty.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and cleaned.get("code") is None and cleaned.get("file") is None:
            self.add_error("code", _("Enter the code of the paper, or add the PDF."))
        return cleaned

    def clean_code(self) -> str | None:
        typed = self.cleaned_data["code"]
        code = normalised(typed)
        if typed and code is None:
            raise ValidationError(_("No code looks like this. Compare it with the paper, sign by sign."))
        return code

    def clean_file(self) -> bytes | None:
        upload: UploadedFile[bytes] | None = self.cleaned_data["file"]
        return upload.read() if upload else None
