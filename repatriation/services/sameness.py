"""Whether a travel document speaks of the child of the request: its birth date, its state, its name.

Read from the machine-readable zone, and compared with what was frozen for the consulate; the file behind it is not
looked at, so that nobody learns from an answer here what the request does not show.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.audit import record
from accounts.countries import country_name, is_of_country
from accounts.errors import Invalid
from accounts.models import User
from cases.matching.words import romanised, words_of
from cases.models.choices import BirthCertainty
from repatriation import zone
from repatriation.models import Return, TravelDocument, VerificationRequest
from repatriation.models.choices import OPEN, VerifiedAs

# Two spellings of one name by different tables (ICAO 9303-3, 6) are at least as alike as this; mostly more.
ALIKE, LONG_ENOUGH = 0.75, 4


def check_number(way: Return, number: str) -> str:
    """As it is kept: letters and digits alone. Raises Invalid.

    Only returns that are open to the same country are looked at: elsewhere the same number may be another document.
    """
    plain = zone.plain_number(number)
    if not plain:
        raise Invalid("number", _("A number of a document has only Latin letters and digits."))
    _one_after_another(way.country)
    others = TravelDocument.objects.filter(
        ended_at__isnull=True, way__state__in=OPEN, way__country=way.country
    )
    if any(zone.same_number(other.number, plain) for other in others.exclude(way=way)):
        raise Invalid("number", _("This number is already written down for another document."))
    return plain


def _one_after_another(country: str) -> None:
    """Until the transaction ends: numbers are sealed, so no constraint of the table can compare them.

    Whoever writes one down at the same moment waits, and finds this one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('homeward.document_number'), hashtext(%s))", [country]
        )


def check_child(request: VerificationRequest, lines: str, *, confirmed: bool, actor: User) -> None:
    """What contradicts the request is refused; a name that has no part of it is asked about. Raises Invalid."""
    if not lines.strip():
        return
    try:
        read = zone.read(lines)
    except zone.NotAZone:
        # The guard of the step, or the form, says what is wrong with it.
        return
    frozen = request.frozen or {}
    _check_birth(read, frozen.get("birth"))
    if request.verified_as != VerifiedAs.RESIDENT:
        # Whoever only lived there may travel with the passport of another country.
        _check_state(read, request.country)
    if shares_name(read.names, [name["whole"] for name in frozen.get("names", ())]):
        return
    if not confirmed:
        raise Invalid("same_child", _("The name in these lines is another one than in the request."))
    sections = [Section.RETURN_JOURNEY]
    record(actor, "return.name_confirmed", request, case_id=request.case_id, sections=sections)


def _check_birth(read: zone.Zone, asked: Mapping[str, Any] | None) -> None:
    """An estimate is nobody's birth date; of a year alone the year is compared."""
    if not asked or asked["certainty"] not in (BirthCertainty.EXACT, BirthCertainty.YEAR):
        return
    born, by_year = date.fromisoformat(asked["day"]), asked["certainty"] == BirthCertainty.YEAR
    signs = read.born[:2] + zone.FILLER * 4 if by_year else read.born
    if zone.may_be_day(signs, born):
        return
    words = _("The child of this document was born: %(document)s. The child of the request: %(request)s.")
    wanted = str(born.year) if by_year else date_format(born, "j E Y")
    raise Invalid("zone", words % {"document": _birth_words(read.born), "request": wanted})


def _birth_words(signs: str) -> str:
    day = zone.birth_day(signs, clock.today("UTC"))
    return date_format(day, "j E Y") if day else signs


def _check_state(read: zone.Zone, country: str) -> None:
    for signs in (read.state, read.nationality):
        if not is_of_country(signs.rstrip(zone.FILLER), country):
            words = _("The state in these lines is “%(found)s”, and the request is for %(country)s.")
            told = {"found": signs.rstrip(zone.FILLER), "country": country_name(country)}
            raise Invalid("zone", words % told)


def shares_name(signs: str, names: Iterable[str]) -> bool:
    """Whether one part of the name in a zone is a part of one of these names, however it is transliterated."""
    found = [part.casefold() for part in signs.split(zone.FILLER) if part]
    known = {romanised(part) for name in names for part in words_of(name)}
    return not known or any(_alike(one, other) for one in found for other in known)


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < LONG_ENOUGH:
        return False
    # A zone cuts off what has no room.
    return other.startswith(one) or SequenceMatcher(None, one, other).ratio() >= ALIKE
