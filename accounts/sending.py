"""A form that is sent twice has its effect once: after a double click, or when a bad line makes a browser try again.

Each form is drawn with a number of its own (`{% once %}`). The first write of the request in which it arrives keeps
the number in its own transaction, so either both are saved or neither is. Whoever sends the same form again is led to
where it led before. The same number with other answers comes from somebody who went back and typed anew: they are
told, and may send both.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

import clock
from accounts.errors import Invalid
from accounts.models import Draft, SentForm, User

FIELD = "once"
KEPT = timedelta(days=7)
# The first two are drawn anew with every page; what proves who sits there leaves no trace, not even in a digest.
PROOF = ("password", "code", "passkey")
NOT_TYPED = ("csrfmiddlewaretoken", FIELD, *PROOF, *(f"proof-{name}" for name in PROOF))


@dataclass
class Sending:
    """The form that the present request brought.

    `refusal` is why nothing is written from it this time, as a sentence; `told` once somebody has heard it.
    """

    number: UUID
    digest: str
    refusal: str = ""
    told: bool = False


_sending: ContextVar[Sending | None] = ContextVar("sending", default=None)


@contextmanager
def sending(form: Sending) -> Iterator[None]:
    token = _sending.set(form)
    try:
        yield
    finally:
        _sending.reset(token)


@contextmanager
def kept_once(actor: User) -> Iterator[None]:
    """Around a write, inside its transaction. The first write that succeeds keeps the form's number."""
    form = _sending.get()
    if form is None:
        yield
        return
    if form.refusal:
        form.told = True
        raise Invalid(FIELD, form.refusal)
    SentForm.objects.create(account=actor, number=form.number, digest=form.digest)
    Draft.objects.filter(account=actor, number=form.number).drop()
    yield
    _sending.set(None)


def tell_said_otherwise() -> str:
    """The sentence for a page on which nothing is left to be written; empty where it does not apply."""
    form = _sending.get()
    if form is None or not form.refusal:
        return ""
    form.told = True
    return form.refusal


def said_otherwise() -> str:
    return _(
        "This form was sent already, with other answers, and those are saved. Look at them first; "
        "send this again if both are meant."
    )


@contextmanager
def one_at_a_time(account: User, number: UUID) -> Iterator[None]:
    """The second click waits here until the first is answered."""
    named = [f"sent.{account.pk}.{number}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", named)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", named)


def number_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def digest_of(request: HttpRequest) -> str:
    """Of the address and everything that was typed or chosen; of a file, its name and size."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_TYPED)
    files = sorted(
        (name, file.name or "", file.size or 0)
        for name in request.FILES
        for file in request.FILES.getlist(name)
    )
    said = json.dumps([request.get_full_path(), typed, files])
    return salted_hmac("accounts.sending", said, algorithm="sha256").hexdigest()


def forget_old() -> None:
    """No browser sends a form again after so long."""
    SentForm.objects.filter(sent_at__lt=clock.now() - KEPT).delete()
