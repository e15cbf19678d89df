"""What can be said to whoever holds a paper and asks: about its code, about the PDF itself, or about both."""

import logging
from dataclasses import dataclass
from enum import Enum, auto

import clock
from accounts.certificates import as_pem, trust_roots
from cases.models import IssuedPaper
from cases.services.papers import find_by_content, find_paper
from cases.services.signatures import Signature, Unreadable, examine, examine_apart

logger = logging.getLogger(__name__)


class Verdict(Enum):
    CURRENT = auto()
    SUPERSEDED = auto()
    CHANGED = auto()
    # Well signed by somebody who is trusted, and yet no such file left here.
    NEVER_LEFT = auto()
    UNKNOWN_SIGNER = auto()
    UNKNOWN_CODE = auto()
    NOT_OURS = auto()
    UNREADABLE = auto()


class Said(Enum):
    """Of the signature of a genuine paper."""

    UNSIGNED = auto()
    # Only the code was asked about.
    SIGNED = auto()
    PROVEN = auto()
    UNPROVEN = auto()


@dataclass(frozen=True)
class Finding:
    """`signer` is named only where an authority answers for the name, so it is never what a stranger has written."""

    verdict: Verdict
    paper: IssuedPaper | None = None
    signature: Said = Said.UNSIGNED
    signer: str = ""
    file_compared: bool = False


def verify(code: str | None, content: bytes | None) -> Finding:
    """At least one of the two. A paper is genuine by its bytes, or by its code alone, never by its signature alone:

    whoever stole a key could sign anything, but not put it among what left here.
    """
    paper = find_paper(code) if code else None
    if paper is None and (code or content is None):
        return Finding(Verdict.UNKNOWN_CODE)
    if content is None:
        return _genuine(paper, Said.SIGNED) if paper else Finding(Verdict.UNKNOWN_CODE)
    kept = find_by_content(content)
    if kept and paper in (None, kept):
        return _compared(kept, content)
    return _not_kept(paper, content)


def _genuine(paper: IssuedPaper, said: Said, signer: str = "", *, file_compared: bool = False) -> Finding:
    verdict = Verdict.CURRENT if paper.is_current else Verdict.SUPERSEDED
    return Finding(verdict, paper, said if paper.signed_with else Said.UNSIGNED, signer, file_compared)


def _compared(paper: IssuedPaper, content: bytes) -> Finding:
    signature = _ours(paper, content)
    if signature and signature.is_whole and signature.is_trusted:
        return _genuine(paper, Said.PROVEN, signature.signer, file_compared=True)
    return _genuine(paper, Said.UNPROVEN, file_compared=True)


def _ours(paper: IssuedPaper, content: bytes) -> Signature | None:
    """When it was signed we know ourselves, so a certificate that has ended since proves as much as before."""
    if paper.signed_with is None:
        return None
    try:
        return examine(content, roots=_roots(), at=paper.made_at)
    except Unreadable:
        # It left before there were signatures like these, or as no PDF at all.
        return None


def _not_kept(paper: IssuedPaper | None, content: bytes) -> Finding:
    """Changed, or not of ours. What was added behind leaves in front of it what left here."""
    at = paper.made_at if paper else clock.now()
    try:
        signature = examine_apart(content, roots=_roots(), at=at)
    except Unreadable:
        return Finding(Verdict.CHANGED, paper) if paper else Finding(Verdict.UNREADABLE)
    if signature and paper is None:
        left = content[: signature.length]
        paper = find_by_content(left)
        signature = _ours(paper, left) if paper else signature
    signer = signature.signer if signature and signature.is_trusted else ""
    return Finding(Verdict.CHANGED if paper else _without_paper(signature), paper, signer=signer)


def _without_paper(signature: Signature | None) -> Verdict:
    if signature is None:
        return Verdict.NOT_OURS
    if not signature.is_trusted:
        return Verdict.UNKNOWN_SIGNER
    return Verdict.NEVER_LEFT if signature.is_whole else Verdict.CHANGED


def _roots() -> str:
    try:
        return as_pem(trust_roots())
    except (OSError, ValueError) as error:
        # The start has checked it, so it went since. Nobody is trusted then, and the page still answers.
        logger.error("SIGNATURE_ROOTS cannot be read: %s.", type(error).__name__)
        return ""
