"""What the job worker does for this room."""

from procrastinate.contrib.django import app

from accounts import sending


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.forget_sent_forms", queueing_lock="accounts.forget_sent_forms", pass_context=False)
def forget_sent_forms(timestamp: int) -> None:
    sending.forget_old()
