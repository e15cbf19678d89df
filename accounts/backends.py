"""Who a password or a session belongs to."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.drafts import with_pages
from accounts.factors import with_passkey
from accounts.live import with_lists
from accounts.models import User
from accounts.notifications import counting_unseen


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """A switched-off account, or one of a switched-off agency, is nobody, at sign-in and ever after."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return isinstance(user, User) and user.may_sign_in

    def get_user(self, user_id: UUID) -> User | None:
        # With the agency: nearly every page asks for it, and this very check does. What is new stands on each, and
        # what was typed and not sent on some.
        accounts = with_pages(with_passkey(counting_unseen(User.objects.select_related("agency"))))
        user = with_lists(accounts, user_id).filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None
