"""What can be said to whoever holds a paper and asks: about its code, about the PDF itself, or about both."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

import clock
from cases.models import IssuedPaper
from cases.services.papers import find_by_content, find_paper
from cases.services.signatures import Signature, Unreadable, examine


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
    """When it was signed we know ourselves, so a certificate that has ended since proves as much as before."""
    signature = _examined(content, paper.made_at) if paper.signed_with else None
    if isinstance(signature, Signature) and signature.is_whole and signature.is_trusted:
        return _genuine(paper, Said.PROVEN, signature.signer, file_compared=True)
    return _genuine(paper, Said.UNPROVEN, file_compared=True)


def _not_kept(paper: IssuedPaper | None, content: bytes) -> Finding:
    signature = _examined(content, paper.made_at if paper else clock.now())
    if paper is None and isinstance(signature, Signature):
        # What was added at the end leaves what was signed as it left here.
        paper = find_by_content(content[: signature.length])
        signature = _examined(content, paper.made_at) if paper else signature
    signer = signature.signer if isinstance(signature, Signature) and signature.is_trusted else ""
    if paper:
        return Finding(Verdict.CHANGED, paper, signer=signer)
    return Finding(_without_paper(signature), signer=signer)


def _without_paper(signature: Signature | Verdict) -> Verdict:
    if isinstance(signature, Verdict):
        return signature
    if not signature.is_trusted:
        return Verdict.UNKNOWN_SIGNER
    return Verdict.NEVER_LEFT if signature.is_whole else Verdict.CHANGED


def _examined(content: bytes, at: datetime) -> Signature | Verdict:
    """The signature, or the verdict about a file that has none."""
    try:
        return examine(content, at=at) or Verdict.NOT_OURS
    except Unreadable:
        return Verdict.UNREADABLE
