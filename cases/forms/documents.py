"""What is asked about a file: on its way in, out, and when it must not be here."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from accounts.errors import Invalid
from accounts.forms.meanwhile import EditForm
from cases.forms.base import FileForm, NameField, WordsField, radio, visible_words
from cases.models.documents import DocumentKind
from cases.services.incoming import KNOWN_ENDINGS, Incoming, SentFile, take_in

LONGEST_FILENAME = 200
ADMITTED = ",".join(sorted(KNOWN_ENDINGS))


def taken_in(upload: "UploadedFile[bytes]") -> SentFile:
    """Raises Invalid, as `take_in` does."""
    filename = visible_words(upload.name or "")[-LONGEST_FILENAME:]
    return SentFile(filename, take_in(filename, upload.read()))


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once. Each is taken in as a document is, and what is wrong with one is said with its name."""

    widget = _SeveralFiles(attrs={"accept": ADMITTED})

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[SentFile]:
        # A file without a name is none: an empty box sends that.
        uploads = [upload for upload in data or [] if upload.name]
        if len(uploads) > self.most:
            raise ValidationError(_("Send at most %(most)s files at once."), params={"most": self.most})
        taken, wrong = list[SentFile](), list[str]()
        for upload in uploads:
            try:
                taken.append(taken_in(upload))
            except Invalid as error:
                wrong.append(f"{visible_words(upload.name)}: {error.sentence}")
        if wrong:
            raise ValidationError(wrong)
        return taken


class DocumentForm(FileForm):
    """`sections` are those in which this person may write."""

    file = forms.FileField(
        label=_("File to add"),
        help_text=_(
            "PDF, JPEG, PNG, WebP, TIFF, plain text, ODT or DOCX, up to 20 MB. "
            "Place, time and device are taken out of pictures."
        ),
        widget=forms.FileInput(attrs={"accept": ADMITTED}),
        error_messages={
            "empty": _("This file is empty."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
    )
    title = NameField(label=_("Title of the document"), help_text=_("What it is, so that others find it."))
    kind = radio(DocumentKind.choices, label=_("Kind"))
    section = forms.ChoiceField(
        label=_("Part of the file"), help_text=_("Whoever may read this part may open the document.")
    )

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = _("Choose a file.")
        choices = [(section.value, section.label) for section in sections]
        if len(choices) > 1:
            choices = [("", _("Choose a part")), *choices]
        cast(forms.ChoiceField, self.fields["section"]).choices = choices

    def clean_file(self) -> Incoming:
        try:
            sent = taken_in(self.cleaned_data["file"])
        except Invalid as error:
            raise ValidationError(error.sentence) from None
        self.filename = sent.filename
        return sent.incoming


class RemovalForm(FileForm):
    reason = WordsField(
        label=_("Why it is removed"),
        rows=2,
        help_text=_("The file itself is deleted. That it was here, and your reason, stay in the history."),
    )


class AbuseForm(FileForm):
    """Nothing is asked but that it is meant: who saw such a thing need not describe it."""


class PoliceForm(EditForm):
    reference = NameField(
        label=_("Police reference"),
        help_text=_("Once it is saved, what was kept out of reach for the police is deleted."),
    )
