"""Papers that leave bear a code by which anybody can ask whether they are genuine and still hold.

The code is drawn before the paper is written, because it is printed on it; only its keyed digest is kept.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.models import Agency, AgencyCertificate, User
from cases.models import Case, IssuedPaper
from cases.models.papers import PaperKind
from cases.services.locking import locked
from cases.services.signing import signed
from vault.tokens import keyed_digest

# Crockford's: no I, L, O, U, so that nothing is read as something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans("OIL", "011")
# 80 bits by chance, and one sign that tells a slip of the pen from a code that nobody knows.
DRAWN, GROUP = 16, 4


@dataclass(frozen=True)
class Made:
    """A paper that is written and not yet handed out, as `make_paper` gives it: `content` are the bytes to hand out.

    `current` is false for what is history when it is made.
    """

    kind: PaperKind
    code: str
    content: bytes
    language: str
    signed_with: AgencyCertificate | None
    current: bool = True


def make_paper(
    kind: PaperKind, code: str, content: bytes, *, by: User, language: str, current: bool = True
) -> Made:
    """Signed by the agency that hands it out. Before the write that keeps it, because it takes a while."""
    done = signed(content, agency=by.agency, kind=kind, language=language, at=clock.now())
    return Made(kind, code, done.content, language, done.certificate, current)


def new_code() -> str:
    """As it is printed, for example 7K2M-9QXA-B3CD-4EFG-H."""
    drawn = "".join(secrets.choice(ALPHABET) for _place in range(DRAWN))
    whole = drawn + _check(drawn)
    return "-".join(whole[place : place + GROUP] for place in range(0, len(whole), GROUP))


def normalised(typed: str) -> str | None:
    """The signs of a code, however somebody wrote them; None where no code looks so."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(ALIKE)
    signs = "".join(
        sign for sign in plain if not (sign.isspace() or unicodedata.category(sign) in ("Pd", "Cf"))
    )
    if len(signs) != DRAWN + 1 or not set(signs) <= set(ALPHABET):
        return None
    return signs if _check(signs[:DRAWN]) == signs[DRAWN] else None


def _check(signs: str) -> str:
    """Luhn's, in base 32: it finds each wrong sign, and two neighbours that changed places."""
    total = 0
    for place, sign in enumerate(reversed(signs)):
        value = ALPHABET.index(sign) * (2 - place % 2)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def find_paper(code: str) -> IssuedPaper | None:
    """By a code in its normal form."""
    return _known().filter(code_digest=_code_digest(code)).first()


def find_by_content(content: bytes) -> IssuedPaper | None:
    """The one that left with these very bytes."""
    return _known().filter(content_digest=content_digest(content)).first()


def _known() -> QuerySet[IssuedPaper]:
    return IssuedPaper.objects.select_related("agency", "signed_with")


def content_digest(content: bytes) -> str:
    """Without a key: the code stands in the bytes, so nobody can guess them from the digest."""
    return hashlib.sha256(content).hexdigest()


def _code_digest(code: str) -> str:
    return keyed_digest("paper", code)


@write
def keep_case_file(case_id: UUID, made: Made, *, actor: User) -> IssuedPaper:
    """Raises Case.DoesNotExist where the access has ended while the file was being written."""
    return keep(made, about=case_id, case=locked(case_id, actor), by=actor)


def keep(made: Made, *, about: UUID, case: Case, by: User) -> IssuedPaper:
    """A part of a write, before the paper leaves. It takes the place of the same agency's earlier one of its kind."""
    code = normalised(made.code)
    if code is None:
        raise ValueError("A paper bears a code that new_code has drawn.")
    if made.current:
        outdate(about, of_agency=by.agency_id, kind=made.kind)
    now = clock.now()
    paper = IssuedPaper.objects.create(
        kind=made.kind,
        code_digest=_code_digest(code),
        content_digest=content_digest(made.content),
        signed_with=made.signed_with,
        language=made.language,
        case=case,
        about=about,
        agency=by.agency,
        made_by=by,
        made_at=now,
        outdated_at=None if made.current else now,
    )
    record(by, "paper.made", paper, case_id=case.pk, kind=made.kind, language=made.language)
    return paper


def outdate(
    about: UUID,
    *,
    of_agency: UUID | None = None,
    kind: PaperKind | None = None,
    made_before: datetime | None = None,
) -> None:
    """A part of a write: what was made about this row does not hold any more. Of one agency or of all, and so on."""
    rows = _current().filter(about=about)
    if of_agency is not None:
        rows = rows.filter(agency=of_agency)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if made_before is not None:
        rows = rows.filter(made_at__lt=made_before)
    _end(rows)


def outdate_with_owner(case: Case, before: Agency) -> None:
    """A part of a write: another agency has the case. The former one’s file is over, and what names it as who asks."""
    own_file = Q(about=case.pk, agency=before)
    _end(_current().filter(own_file | Q(case=case, kind__in=NAMES_THE_OWNER)))


# Whoever holds one of these is to call the agency that has the case.
NAMES_THE_OWNER = (PaperKind.REQUEST, PaperKind.MANDATE, PaperKind.PACK)


def _current() -> QuerySet[IssuedPaper]:
    return IssuedPaper.objects.select_for_update().filter(outdated_at__isnull=True)


def _end(rows: QuerySet[IssuedPaper]) -> None:
    for paper in rows.order_by("pk"):
        paper.outdated_at = clock.now()
        paper.save(update_fields=["outdated_at"])
