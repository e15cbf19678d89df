from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.forms.base import FileForm, WordsField
from cases.forms.documents import FilesField

MOST_FILES = 5
# Of each side; whoever knows another username may write it.
MOST_NAMES = 5

People = QuerySet[User] | Sequence[User]
Sides = tuple[People, People]


class MessageForm(FileForm):
    words = WordsField(label=gettext_lazy("Message to the other side"), rows=3)
    attachments = FilesField(
        most=MOST_FILES,
        required=False,
        label=gettext_lazy("Files to send along"),
        help_text=gettext_lazy(
            "Up to 5, together up to 20 MB: PDF, JPEG, PNG, WebP, TIFF, plain text, ODT or DOCX. Place, time and "
            "device are taken out of pictures. Never pictures or films that show abuse: they belong to the police "
            "alone."
        ),
    )

    def __init__(
        self,
        *args: Any,
        words_only: str = "",
        people: Sides = ((), ()),
        **kwargs: Any,
    ) -> None:
        """`words_only` says why no files may be sent now, if so; `people` of both sides can be named."""
        super().__init__(*args, **kwargs)
        self.words_only = words_only
        self.fields["words"].help_text = _named(people)
        if words_only:
            del self.fields["attachments"]

    def clean(self) -> dict[str, Any]:
        """Files of a page on which there was no field for them are refused, not dropped."""
        if self.words_only and self.files:
            self.add_error(None, self.words_only)
        return self.cleaned_data

    def ask_for_files_again(self) -> None:
        """Of a refused form: the words are there again, the files are not."""
        if self.files and "attachments" in self.fields and not self.has_error("attachments"):
            self.add_error("attachments", _("Choose the files again: nothing was sent."))


def _named(people: Sides) -> SafeString | str:
    """Usernames are plain Latin letters, and a page from right to left keeps each of them whole."""
    shown = [(user.username,) for side in people for user in side[:MOST_NAMES]]
    if not shown:
        return ""
    return format_html(_("You can name: {}"), format_html_join(", ", "<bdi>@{}</bdi>", shown))


class NoteForm(FileForm):
    words = WordsField(label=gettext_lazy("What was done for the child"), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """It stands beside the form of a message, whose field has the same name."""
        super().__init__(*args, auto_id="id_note_%s", **kwargs)
