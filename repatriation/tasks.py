"""What the job worker does for this room."""

from procrastinate.contrib.django import app

from repatriation.demo.stories import TELL, tell_by_number


@app.task(name=TELL, pass_context=False)
def tell_return(number: int) -> None:
    """Of the demo: see `repatriation.demo.stories.leave_returns_to_worker`."""
    tell_by_number(number)
