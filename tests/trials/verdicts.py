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


VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "equivalent",
        "vault/fields.py",
        "isinstance(scope, UUID) else UUID(str(scope))",
        "and False",
        "A UUID that is made of the text of a UUID is equal to it.",
    ),
    Verdict(
        "equivalent",
        "vault/fields.py",
        "ensure_ascii=False, sort_keys=True",
        "ensure_ascii=None",
        "None is as false as False.",
    ),
    Verdict(
        "equivalent",
        "vault/fields.py",
        "allow_nan=False",
        "allow_nan=None",
        "None is as false as False.",
    ),
    Verdict(
        "equivalent",
        "vault/files.py",
        '_derived(scope, b"", b"homeward file digest")',
        "_derived(scope, None,",
        "HKDF takes no salt for one of zeros, and HMAC fills an empty key up with zeros.",
    ),
    Verdict(
        "equivalent",
        "vault/files.py",
        'number.to_bytes(NUMBER_BYTES, "big")',
        "to_bytes(NUMBER_BYTES, )",
        "Big-endian is what Python does when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/heads.py",
        "raise ValueError(KIND)",
        "ValueError(None)",
        "The error is caught where it is raised for, and its words are never read.",
    ),
    Verdict(
        "equivalent",
        "vault/heads.py",
        'raise ValueError("statement")',
        "ValueError(None)",
        "The error is caught where it is raised for, and its words are never read.",
    ),
    Verdict(
        "equivalent",
        "vault/heads.py",
        "key = None",
        'key = ""',
        "Neither is a key of Ed25519, which is all that is asked of it.",
    ),
    Verdict(
        "equivalent",
        "vault/heads.py",
        "zip(options.heads, heads, strict=True)",
        "zip(options.heads, heads,",
        "One is made of the other, so they are of one length.",
    ),
)


def verdict_on(mutant: Mutant) -> Verdict | None:
    return next(
        (
            each
            for each in VERDICTS
            if each.path == mutant.path and each.before in mutant.before and each.after in mutant.after
        ),
        None,
    )
