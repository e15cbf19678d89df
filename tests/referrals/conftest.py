from accounts.access import Role
from accounts.models import User
from cases.models import Case
from referrals.models import Referral
from tests.cast import PASSWORD, Cast
from tests.kept import kept
from tests.referrals.offers import drafted, step


@kept
def nora(cast: Cast) -> User:
    """The supervisor where omar works."""
    return User.objects.create_account(
        "nora", PASSWORD, name="Nora", role=Role.SUPERVISOR, agency=cast.omar.agency
    )


# Of the file's own `case`, one after the other.


@kept
def drafted_referral(cast: Cast, case: Case) -> Referral:
    return drafted(cast, case)


@kept
def sent_referral(cast: Cast, drafted_referral: Referral) -> Referral:
    return step(drafted_referral, "send", cast.ana)


@kept
def acknowledged_referral(cast: Cast, sent_referral: Referral) -> Referral:
    return step(sent_referral, "acknowledge", cast.petra)


@kept
def accepted_referral(cast: Cast, acknowledged_referral: Referral) -> Referral:
    return step(acknowledged_referral, "accept", cast.petra)


@kept
def running_referral(cast: Cast, accepted_referral: Referral) -> Referral:
    return step(accepted_referral, "begin_service", cast.petra)
