"""A file that everybody has a hand in, and everybody by their relation to a file."""

from datetime import timedelta

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case
from cases.models.choices import Basis
from tests.cases import files
from tests.cast import Cast
from tests.kept import kept


@kept
def case(cast: Cast) -> Case:
    """In ana's hands, with ben on duty and petra given every section to write."""
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    files.ground(case, Basis.DUTY, account=cast.ben)
    files.ground(
        case,
        Basis.PERSONAL,
        account=cast.petra,
        until=clock.now() + timedelta(days=1),
        sections=list(Section),
        may_write=True,
    )
    return case


@kept
def people(cast: Cast) -> dict[str, User]:
    return {
        "assigned": cast.ana,
        "agency": cast.sami,
        "duty": cast.ben,
        "referred": cast.petra,
        "consular": cast.konsul,
        "panel": cast.pia,
        "escort": cast.eskort,
        "emergency": cast.omar,
        "personal": cast.tomas,
    }
