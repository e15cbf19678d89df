"""What a code becomes for a reader."""

from dataclasses import dataclass

from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class DueWords:
    """A kind of deadline: what to do, why, and the page where it is done."""

    title: StrPromise
    why: StrPromise
    page: str
    action: StrPromise
