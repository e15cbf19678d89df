"""The name of a list as somebody likes to see it."""

from django.utils.translation import gettext_lazy as _

from accounts.forms.base import NameField, PlainForm

LONGEST = 60


class ViewNameForm(PlainForm):
    name = NameField(
        label=_("Name of the view"),
        max_length=LONGEST,
        help_text=_("Only you see it. It is kept encrypted, and stands in no address."),
    )
