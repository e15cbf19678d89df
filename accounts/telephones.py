"""Telephone numbers as people write them: what one looks like, and how it is dialled."""

import re

FEWEST_DIGITS = 5
_NUMBER = r"\+?[0-9 ()/.-]+"
_EXTENSION = r"(?:ext\.?|x|#|доб\.?)\s*([0-9]{1,6})"
_WRITTEN = re.compile(rf"({_NUMBER}?)(?:[ ,;]*{_EXTENSION})?", re.IGNORECASE)


def is_number(text: str) -> bool:
    """At least five digits, with what people put between them, and an extension where there is one."""
    found = _WRITTEN.fullmatch(text.strip())
    return found is not None and len(_digits(found[1])) >= FEWEST_DIGITS


def dialled(text: str) -> str:
    """As a telephone takes it; an extension is set apart (RFC 3966)."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or found[2] is None:
        return _plus(text) + _digits(text)
    return f"{_plus(text)}{_digits(found[1])};ext={found[2]}"


def _plus(text: str) -> str:
    return "+" if text.strip().startswith("+") else ""


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())
