"""What the job worker does for this room."""

from procrastinate.contrib.django import app

from accounts import drafts, live, mailing, saving, sealing, sending, vouching
from accounts.models import Session


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.forget_sent_forms", queueing_lock="accounts.forget_sent_forms", pass_context=False)
def forget_sent_forms(timestamp: int) -> None:
    sending.forget_old()
    drafts.forget_old()
    live.forget_old()


@app.periodic(cron="22 3 * * *")
@app.task(name="accounts.forget_views", queueing_lock="accounts.forget_views", pass_context=False)
def forget_views(timestamp: int) -> None:
    saving.forget_removed()


@app.periodic(cron="27 3 * * *")
@app.task(name="accounts.forget_sessions", queueing_lock="accounts.forget_sessions", pass_context=False)
def forget_sessions(timestamp: int) -> None:
    """What is over holds no key of anything, but says when somebody was here."""
    Session.objects.over().delete()


@app.periodic(cron="* * * * *")
@app.task(name="accounts.send_mail", queueing_lock="accounts.send_mail", pass_context=False)
def send_mail(timestamp: int) -> None:
    """Every minute; one that was killed has left its rows as they were, for the next."""
    mailing.sweep()


@app.periodic(cron="* * * * *")
@app.task(name="accounts.seal_audit", queueing_lock="accounts.seal_audit", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Asked every minute, done every few. One that was killed left no seal, and the next makes it."""
    sealing.sweep()


@app.periodic(cron="41 2 * * *")
@app.task(name="accounts.verify_audit", queueing_lock="accounts.verify_audit", pass_context=False)
def verify_audit(timestamp: int) -> None:
    vouching.look()
