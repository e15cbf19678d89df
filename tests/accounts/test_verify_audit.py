"""Audit and history are sealed, and whoever rewrites them afterwards is found."""

import time
import pytest
from accounts import sealing
from accounts.models import Agency
from accounts.verifying import verify
from tests.cases import files
from tests.cast import Cast
from tests.referrals import offers
from tests.trials.tampering import Tamperer


def a_record(cast: Cast) -> None:
    """Some files with what belongs to them, all of it sealed."""
    for agency in Agency.objects.all():
        # The cast is put in as imports would be, without history.
        agency.save()
    files.screened(cast)
    offers.accepted(cast, files.screened(cast))
    sealing.seal_all()


@pytest.mark.django_db(transaction=True)
def test_x(cast: Cast) -> None:
    a_record(cast)
    assert verify(using="owner").broken is None
    t = time.time()
    tally = Tamperer(1).run(60)
    print(tally, time.time()-t)
    print("\n".join(tally.missed))
    assert 0
