"""What somebody has found out about mutants that no test kills: those that change nothing, and those that never end."""

from dataclasses import dataclass
from typing import Literal

from tests.trials.hunting import Mutant


@dataclass(frozen=True)
class Verdict:
    """Of all mutants of this file whose old line has `before` in it, and whose new one `after`."""

    kind: Literal["equivalent", "endless"]
    path: str
    before: str
    after: str
    reason: str


VERDICTS: tuple[Verdict, ...] = ()


def verdict_on(mutant: Mutant) -> Verdict | None:
    return next(
        (
            each
            for each in VERDICTS
            if each.path == mutant.path and each.before in mutant.before and each.after in mutant.after
        ),
        None,
    )
