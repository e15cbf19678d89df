"""What people do in the thread of a referral, and what they see of it."""

from typing import Any

from accounts.access import Role
from accounts.models import User
from cases.services.incoming import SentFile, take_in
from referrals.models import Attachment, Referral
from referrals.services.writing import write_message
from tests.cases import papers
from tests.cases.asking import get, post

WORDS = b"the lease of the heron"


def send(user: User, referral: Referral, words: str = "Here it is.", *uploads: Any, **more: Any) -> Any:
    data = {"words": words} | ({"attachments": list(uploads)} if uploads else {}) | more
    return post(user, "referral_message", referral.pk, **data)


def attached(user: User, referral: Referral, content: bytes | None = None) -> Attachment:
    name = "lease.pdf"
    incoming = take_in(name, papers.pdf(WORDS) if content is None else content)
    message = write_message(referral.pk, actor=user, words="See this.", files=[SentFile(name, incoming)])
    return message.attachments.get()


def open_it(user: User, attachment: Attachment) -> Any:
    return get(user, "referral_file", attachment.message.referral_id, attachment.pk)


def page(user: User, referral: Referral) -> str:
    return str(get(user, "referral", referral.pk).content.decode())


def colleague(user: User, username: str, role: Role = Role.SERVICE_PROVIDER) -> User:
    name = username.capitalize()
    return User.objects.create_account(username, None, name=name, role=role, agency=user.agency)
