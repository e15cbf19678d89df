"""In which language a sheet is given away: chosen on its page, whatever its reader's own is."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


@dataclass(frozen=True)
class Chosen:
    """`options` are all installed languages, each by its own name."""

    code: str
    dir: str
    options: list[tuple[str, str, bool]]


def chosen_language(request: HttpRequest) -> Chosen:
    """`?language=`; the reader's own where that is none of ours."""
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("language", "")
    code = asked if asked in known else translation.get_language() or settings.LANGUAGE_CODE
    options = [(each, translation.get_language_info(each)["name_local"], each == code) for each in known]
    return Chosen(code, "rtl" if translation.get_language_info(code)["bidi"] else "ltr", options)
