from django.utils.translation import gettext_lazy as _

from cases.forms.base import FileForm, WordsField


class MessageForm(FileForm):
    words = WordsField(label=_("Message to the other side"), rows=3)


class NoteForm(FileForm):
    words = WordsField(label=_("What was done for the child"), rows=3)
