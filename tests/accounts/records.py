"""A record of some files, and its seals."""

from accounts import sealing
from accounts.models import Agency
from cases.models import Case
from tests.cases import files
from tests.cast import Cast
from tests.referrals import offers


def a_record(cast: Cast) -> Case:
    """Two files, one of them with an accepted referral; committed, and all of it sealed."""
    remember_agencies()
    offers.accepted(cast, files.screened(cast))
    case = files.screened(cast)
    sealing.seal_all()
    return case


def remember_agencies() -> int:
    """The cast is put in by one statement, without history; how many there are."""
    agencies = list(Agency.objects.all())
    for agency in agencies:
        agency.save()
    return len(agencies)
