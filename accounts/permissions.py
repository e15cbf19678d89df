"""The one way in which a service refuses."""

from django.core.exceptions import PermissionDenied


def require(allowed: bool) -> None:
    """Stops the write with 403 unless it is allowed."""
    if not allowed:
        raise PermissionDenied
