from django.utils.translation import gettext as _

from cases.models import Case
from cases.models.choices import OPEN_STATES
from cases.services.errors import Invalid


def require_open(case: Case) -> None:
    """What is written about a child belongs to an open file. Raises Invalid, beside no field in particular."""
    if case.state not in OPEN_STATES:
        raise Invalid("", _("The case is not open. Reopen it first."))
