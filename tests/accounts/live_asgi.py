"""The application with topics of an upper room."""

from collections.abc import Collection, Mapping
from uuid import UUID

from tests.browser.asgi import application

# isort: split
# Only now, because the application has set Django up.
from accounts import live, presence
from accounts.models import Agency, Notification, User

__all__ = ["application"]


def _was_told_of_it(user: User, topic_id: UUID) -> bool:
    return Notification.objects.filter(receiver=user, case_id=topic_id, read_at__isnull=True).exists()


def _services(agencies: Collection[UUID]) -> Mapping[UUID, int]:
    return {agency.pk: len(agency.services) for agency in Agency.objects.filter(pk__in=agencies)}


def _is_ones_own(user: User, agency_id: UUID) -> bool:
    return user.agency_id == agency_id


presence.GRACE = 1.0
live.register("told", _was_told_of_it, presence=True)
live.register("agency", _is_ones_own, sequences=_services)
