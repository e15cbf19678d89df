"""Who may, and the one way in which a service refuses."""

from django.core.exceptions import PermissionDenied

from accounts.access import Ability, can
from accounts.models import Agency, User


def require(allowed: bool) -> None:
    """Stops the write with 403 unless it is allowed."""
    if not allowed:
        raise PermissionDenied


def can_keep_entry(user: User, agency: Agency) -> bool:
    """An agency speaks for itself in the directory, and nobody for another one."""
    return can(user, Ability.KEEP_DIRECTORY_ENTRY) and user.agency_id == agency.pk
