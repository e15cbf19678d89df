from accounts.access import Role
from accounts.models import User
from tests.cast import PASSWORD, Cast
from tests.kept import kept


@kept
def nora(cast: Cast) -> User:
    """The supervisor where omar works."""
    return User.objects.create_account(
        "nora", PASSWORD, name="Nora", role=Role.SUPERVISOR, agency=cast.omar.agency
    )
