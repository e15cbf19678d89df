"""What every write of a file asks of it: that it is open."""

from django.utils.translation import gettext as _

from accounts.errors import Invalid
from cases.models import Case
from cases.models.choices import OPEN_STATES


def require_open(case: Case) -> None:
    """What is written about a child belongs to an open file. Raises Invalid, beside no field in particular."""
    if case.state not in OPEN_STATES:
        raise Invalid("", _("The case is not open. Reopen it first."))
