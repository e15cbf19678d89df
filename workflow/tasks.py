"""What the job worker does for this room."""

from procrastinate.contrib.django import app

from workflow import deadlines


@app.periodic(cron="* * * * *")
@app.task(name="workflow.sweep_deadlines", queueing_lock="workflow.sweep_deadlines", pass_context=False)
def sweep_deadlines(timestamp: int) -> None:
    """Every minute; the queueing lock spares a worker that was away one sweep for each missed minute."""
    deadlines.sweep()
