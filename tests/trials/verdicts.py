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
        "accounts/access.py",
        "NONE = 0",
        "NONE = 1",
        "Only the order of levels is asked, and none is stored.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        "READ = 10",
        "READ = 11",
        "Only the order of levels is asked, and none is stored.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        "WRITE = 20",
        "WRITE = 21",
        "Only the order of levels is asked, and none is stored.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'ALWAYS = "always"',
        'ALWAYS = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'GIVEN = "given"',
        'GIVEN = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'GRANTED = "granted"',
        'GRANTED = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'OWN = "own"',
        'OWN = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'REFERRAL_KIND = "referral_kind"',
        'REFERRAL_KIND = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'FROZEN_REQUEST = "frozen_request"',
        'FROZEN_REQUEST = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'SUMMARY = "summary"',
        'SUMMARY = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'FIT_TO_TRAVEL = "fit_to_travel"',
        'FIT_TO_TRAVEL = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
    Verdict(
        "equivalent",
        "accounts/access.py",
        'AS_SECTION = "as_section"',
        'AS_SECTION = "XX',
        "Conditions are compared with each other; their words are neither stored nor shown.",
    ),
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
    Verdict(
        "equivalent",
        "vault/keyring.py",
        'path.open(encoding="utf-8")',
        "encoding=None",
        "A ring is ASCII; and wherever this runs UTF-8 is what Python takes when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/keyring.py",
        'key = b""',
        'key = b"XXXX"',
        "Both are of another length than a key, and nothing else is asked of them.",
    ),
    Verdict(
        "equivalent",
        "vault/keys.py",
        "popitem(last=False)",
        "popitem(last=None)",
        "None is as false as False.",
    ),
    Verdict(
        "equivalent",
        "vault/keys.py",
        "filter(pk=row.scope, kek_id=row.kek_id, wrapped=row.wrapped)",
        "filter(kek_id=row.kek_id, wrapped",
        "A wrapped key begins with twelve random bytes: it alone names the row.",
    ),
    Verdict(
        "equivalent",
        "vault/keys.py",
        "filter(pk=row.scope, kek_id=row.kek_id, wrapped=row.wrapped)",
        "filter(pk=row.scope, wrapped",
        "A wrapped key begins with twelve random bytes: it alone names the row.",
    ),
    Verdict(
        "equivalent",
        "vault/keys.py",
        'values_list("pk", flat=True)',
        "values_list(flat=True)",
        "Django takes the first column, which is the key.",
    ),
    Verdict(
        "equivalent",
        "vault/lexicon.py",
        "filter(pk__in=numbers, word_sealed__isnull=False)",
        "filter(pk__in=numbers, )",
        "What is left out by the query is left out by the line after it.",
    ),
    Verdict(
        "equivalent",
        "vault/lexicon.py",
        "ensure_ascii=False",
        "ensure_ascii=None",
        "None is as false as False.",
    ),
    Verdict(
        "equivalent",
        "vault/lexicon.py",
        'mark = b"" if sealed',
        'mark = b"XXXX"',
        "What is known is known by thirteen bytes, which neither is.",
    ),
    Verdict(
        "equivalent",
        "vault/lexicon.py",
        "self._words.salts.pop(word, None)",
        "pop(word, )",
        "Each word that is known has salts, so nothing is ever missing.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/rotate_keys.py",
        "wrapped, damaged = 1, 0",
        "wrapped, damaged = 2, 0",
        "It only says that the loop is to begin.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/rotate_keys.py",
        "while wrapped and rotating.left() > damaged:",
        "while wrapped or",
        "Looks once more where nothing is left, and finds nothing.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/rotate_keys.py",
        "while wrapped and rotating.left() > damaged:",
        "left() >= damaged",
        "Looks once more where nothing is left, and finds nothing.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/rotate_keys.py",
        "wrapped = damaged = 0",
        "wrapped = damaged = None",
        "None is as false as 0, and the first batch says a number.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/rotate_keys.py",
        "wrapped = damaged = 0",
        "wrapped = damaged = 1",
        "Where keys are left there is a batch, and it says both numbers.",
    ),
    Verdict(
        "equivalent",
        "vault/ringfile.py",
        "before.st_mode & 0o700",
        "before.st_mode & 449",
        "A ring that others may use is refused before, so the last bit is never set.",
    ),
    Verdict(
        "equivalent",
        "vault/rotating.py",
        "UUID(int=0)",
        "UUID(int=1)",
        "No random id is as small as either.",
    ),
    Verdict(
        "equivalent",
        "vault/shares.py",
        "_digest(share.data)[:4],",
        "_digest(share.data)[:5],",
        "The layout has room for four bytes, and packing cuts the fifth off.",
    ),
    Verdict(
        "equivalent",
        "vault/shares.py",
        "LOGARITHMS[left] + 255 - LOGARITHMS[right]",
        "LOGARITHMS[left] - 255 - LOGARITHMS[right]",
        "The table has 510 places, so counted from its end this is the same place.",
    ),
    Verdict(
        "equivalent",
        "vault/shares.py",
        "value = 0",
        "value = None",
        "A product with None is 0, like one with 0.",
    ),
    Verdict(
        "equivalent",
        "vault/shares.py",
        "zip(shares, weights, strict=True)",
        "zip(shares, weights,",
        "One is made of the other, so they are of one length.",
    ),
    Verdict(
        "equivalent",
        "vault/tokens.py",
        '[:TOKEN_BYTES], "big", signed=True)',
        "[:TOKEN_BYTES], signed=True)",
        "Big-endian is what Python does when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/tokens.py",
        'len(kind_bytes).to_bytes(4, "big")',
        "to_bytes(4, )",
        "Big-endian is what Python does when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/join_root.py",
        '"--into", type=Path',
        "type=None",
        "All that is done with this path can be done with its text.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/join_root.py",
        '"--into", type=Path',
        '"--into", help',
        "All that is done with this path can be done with its text.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/join_root.py",
        'path.read_text(encoding="utf-8")',
        "encoding=None",
        "A share is ASCII; and wherever this runs UTF-8 is what Python takes when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/join_root.py",
        'os.fdopen(descriptor, "w", encoding="utf-8")',
        '"w", encoding=None)',
        "A ring is ASCII; and wherever this runs UTF-8 is what Python takes when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/join_root.py",
        'os.fdopen(descriptor, "w", encoding="utf-8")',
        '"w", )',
        "A ring is ASCII; and wherever this runs UTF-8 is what Python takes when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/split_root.py",
        'os.fdopen(descriptor, "w", encoding="utf-8")',
        '"w", encoding=None)',
        "Its words are ASCII today; and wherever this runs UTF-8 is what Python takes when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/split_root.py",
        'os.fdopen(descriptor, "w", encoding="utf-8")',
        '"w", )',
        "Its words are ASCII today; and wherever this runs UTF-8 is what Python takes when it is not told.",
    ),
    Verdict(
        "equivalent",
        "vault/management/commands/split_root.py",
        "made[0].set_name",
        "made[1].set_name",
        "All shares that are made together bear one name of their set.",
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
