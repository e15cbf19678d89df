"""Languages in which an agency can speak with a child, by code, and their names in the reader's language."""

from collections.abc import Iterable

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.alphabets import by_alphabet

# Children who are moved across borders often speak languages into which nobody translates programs.
FURTHER: dict[str, StrPromise] = {
    "am": _("Amharic"),
    "ku": _("Kurdish (Kurmanji)"),
    "ps": _("Pashto"),
    "rom": _("Romani"),
    "sgn": _("Sign language"),
    "so": _("Somali"),
    "ti": _("Tigrinya"),
    "tl": _("Tagalog"),
    "wo": _("Wolof"),
    "yo": _("Yoruba"),
}
# Django names them, in every language in which it speaks itself; kinds of one language make no difference here.
NAMED = sorted(code for code, info in LANG_INFO.items() if "-" not in code and "name" in info)
CODES = frozenset({*NAMED, *FURTHER, "zh-hans"})


def is_language(code: str) -> bool:
    return code in CODES


def language_name(code: str) -> str:
    """In the reader's language; an unknown code stays as it is."""
    if code in FURTHER:
        return str(FURTHER[code])
    return str(get_language_info(code)["name_translated"]) if code in CODES else code


def written_language(codes: Iterable[str]) -> str:
    """The first of these in which this installation can write; else English."""
    installed = dict(settings.LANGUAGES)
    return next((code for code in codes if code in installed), "en")


def language_choices() -> list[tuple[str, str]]:
    """For forms: every language, by its name in the reader's language."""
    named = ((code, language_name(code)) for code in CODES)
    return sorted(named, key=lambda choice: by_alphabet(choice[1]))
