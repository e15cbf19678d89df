"""What the job worker does for this room."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from cases.services import documents, erasing, indexing, watching
from cases.services.erased import destroy


@app.task(
    name=documents.DISCARD,
    pass_context=False,
    # Each time after twice as long: a storage that is away for six days is still asked when it comes back.
    retry=RetryStrategy(max_attempts=18, exponential_wait=2),
)
def discard_bytes(document_id: str) -> None:
    documents.discard_bytes(UUID(document_id))


@app.task(name=indexing.SPREAD, pass_context=False, retry=RetryStrategy(max_attempts=5, exponential_wait=2))
def spread_word(number: str) -> None:
    indexing.spread_word(int(number))


@app.task(
    name=erasing.FINISH,
    pass_context=False,
    # As above: the key store or the storage may be away.
    retry=RetryStrategy(max_attempts=18, exponential_wait=2),
)
def finish_erasure(case_id: str) -> None:
    destroy(UUID(case_id))


@app.periodic(cron="37 * * * *")
@app.task(name="cases.forget_which_write", queueing_lock="cases.forget_which_write", pass_context=False)
def forget_which_write(timestamp: int) -> None:
    indexing.forget_which_write()


@app.periodic(cron="7 * * * *")
@app.task(name="cases.watch_reading", queueing_lock="cases.watch_reading", pass_context=False)
def watch_reading(timestamp: int) -> None:
    """Every hour; who was told of within the window is not told of again."""
    watching.look()
