"""An e-mail to whoever is not looking: how many entries are new, where to sign in, and nothing else.

A row is made for each (`Mail`), so that none is lost: it is due until a server has taken it. Two workers never have
the same row in hand, because it is locked while it is sent. What is left is the moment between the server's word and
our commit: whoever is killed there leaves the row due, and it is sent again under the same Message-ID.
"""

import logging
import smtplib
import time
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import format_datetime, formataddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

import clock
from accounts import policy, presence
from accounts.audit import record
from accounts.models import Mail, MailState, Notification, User
from accounts.notifications import unseen

BETWEEN = "mail.minutes_between"
# Between two tries, twice as long each time; and how long a person who has a page in sight is left alone.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# In seconds. The job worker has deadlines to look at, too; the next sweep goes on.
LONGEST_SWEEP = 20.0
# No such mailbox, not here, no such name: RFC 5321. Others of the kind are about us, or about today.
NO_SUCH_ADDRESS = (550, 551, 553)
# RFC 3463: bad address, mailbox switched off. With another class it is about us, or about what was sent.
ABOUT_THE_ADDRESS = ("5.1.", "5.2.1")

_log = logging.getLogger(__name__)


def sweep() -> int:
    """Makes what is due and sends it; answers how many were taken. Two sweeps at once share the work."""
    if not settings.EMAIL_FROM:
        return 0
    until = time.monotonic() + LONGEST_SWEEP
    for account in _with_something_new():
        # A broker that hangs answers nothing, slowly.
        if time.monotonic() < until and not presence.is_anywhere(account):
            _make_for(account)
    return _send_all(until)


def _with_something_new() -> list[UUID]:
    new = Notification.objects.filter(
        receiver=OuterRef("pk"), read_at__isnull=True, number__gt=OuterRef("looked_upto")
    )
    told = Mail.objects.told().filter(receiver=OuterRef("receiver"), upto__gte=OuterRef("number"))
    return list(
        _reachable().filter(Exists(new.filter(~Exists(told)))).order_by("pk").values_list("pk", flat=True)
    )


def _reachable() -> Any:
    accounts = User.objects.filter(is_active=True, agency__is_active=True)
    return accounts.exclude(email="").exclude(email=F("refused_email"))


@transaction.atomic(durable=True)
def _make_for(account_id: UUID) -> None:
    """Under the lock under which notifications are numbered, so that its last number is the last there is."""
    locked = _reachable().select_for_update(no_key=True, skip_locked=True, of=("self",))
    account = locked.select_related("agency").filter(pk=account_id).first()
    if account is None:
        return
    told = Mail.objects.told().filter(receiver=account)
    earlier = told.aggregate(upto=Max("upto"), sent_at=Max("ended_at"))
    if told.filter(state=MailState.DUE).exists() or _is_too_soon(account, earlier["sent_at"]):
        return
    entries = unseen(account).filter(number__gt=max(account.looked_upto, earlier["upto"] or 0)).count()
    if entries:
        Mail.objects.create(receiver=account, upto=account.notification_count, entries=entries)


def _is_too_soon(account: User, sent_at: datetime | None) -> bool:
    between = timedelta(minutes=policy.get(BETWEEN, agency=account.agency))
    return sent_at is not None and clock.now() < sent_at + between


def _send_all(until: float) -> int:
    server, sent = get_connection(), 0
    try:
        while time.monotonic() < until and (state := _send_next(server)):
            sent += state == MailState.SENT
        return sent
    finally:
        _hang_up(server)


@transaction.atomic(durable=True)
def _send_next(server: Any) -> MailState | None:
    """What became of the next one; None when there is none, or the server takes none now.

    The commit follows the server's word at once: what else is to be done is done before, or by the next sweep.
    """
    rows = Mail.objects.due().select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at", "pk")
    mail = rows.select_related("receiver__agency").first()
    if mail is None:
        return None
    if _is_needless(mail):
        return _end(mail, MailState.NEEDLESS)
    if presence.is_anywhere(mail.receiver.pk):
        return _wait(mail, FIRST_WAIT)
    try:
        server.open()
        server.send_messages([message(mail)])
    except smtplib.SMTPRecipientsRefused as refused:
        return _refused(mail, refused)
    except ValueError as failure:
        # It cannot be written down for this address; the others are not held up.
        _log.warning("An e-mail waits: %s.", type(failure).__name__)
        return _try_later(mail)
    except (smtplib.SMTPException, OSError) as failure:
        # Its text may hold an address.
        _log.warning("An e-mail waits: %s.", type(failure).__name__)
        _hang_up(server)
        _try_later(mail)
        return None
    return _end(mail, MailState.SENT)


def message(mail: Mail) -> EmailMessage:
    """The same bytes with each try."""
    with translation.override(mail.receiver.language):
        return EmailMessage(
            subject=gettext("Something new in Homeward"),
            body=_words(mail.entries),
            from_email=formataddr(("Homeward", settings.EMAIL_FROM)),
            to=[mail.receiver.email],
            headers={
                "Message-ID": mail.message_id,
                "Date": format_datetime(mail.made_at),
                # RFC 3834; the second is what Exchange asks before it answers that somebody is away.
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )


def _words(entries: int) -> str:
    said = ngettext(
        "There is something new for you in Homeward: %(number)d entry.",
        "There is something new for you in Homeward: %(number)d entries.",
        entries,
    ) % {"number": entries}
    lines = [said, gettext("Sign in to read:"), settings.SITE_URL.rstrip("/") + reverse("account_login")]
    return "\n".join(lines) + "\n"


def _is_needless(mail: Mail) -> bool:
    account = mail.receiver
    if not account.may_sign_in or account.email in ("", account.refused_email):
        return True
    return not unseen(account).filter(number__gt=account.looked_upto, number__lte=mail.upto).exists()


def _refused(mail: Mail, refused: smtplib.SMTPRecipientsRefused) -> MailState:
    (code, words), *_others = refused.recipients.values()
    if not _is_for_good(code, words):
        _log.warning("An e-mail waits: the server said %d.", code)
        return _try_later(mail)
    mail.receiver.refused_email = mail.receiver.email
    mail.receiver.save(update_fields=["refused_email"])
    record(None, "account.email_refused", mail.receiver, code=code)
    return _end(mail, MailState.REFUSED)


def _is_for_good(code: int, words: bytes) -> bool:
    """Whether there is no such address, and not only today or for such a sender."""
    first = words.decode(errors="replace").partition(" ")[0]
    if first.startswith("5.") and first.count(".") == 2:
        return first.startswith(ABOUT_THE_ADDRESS)
    return code in NO_SUCH_ADDRESS


def _try_later(mail: Mail) -> MailState:
    mail.tries += 1
    # 2**20 minutes are far beyond the longest wait.
    return _wait(mail, min(FIRST_WAIT * 2 ** min(mail.tries - 1, 20), LONGEST_WAIT))


def _wait(mail: Mail, how_long: timedelta) -> MailState:
    mail.next_try_at = clock.now() + how_long
    mail.save(update_fields=["tries", "next_try_at"])
    return MailState.DUE


def _end(mail: Mail, state: MailState) -> MailState:
    mail.state, mail.ended_at = state, clock.now()
    mail.save(update_fields=["state", "ended_at"])
    return state


def _hang_up(server: Any) -> None:
    with suppress(smtplib.SMTPException, OSError):
        server.close()
