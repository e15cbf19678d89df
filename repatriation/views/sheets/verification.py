"""The request to a consulate on paper: what was frozen, word for word, and who asks."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.countries import country_name
from repatriation.models import VerificationRequest
from repatriation.pdf import Part, Sheet
from repatriation.views.asked import facts_of
from repatriation.views.sheets.words import moment, plain


def verification(request: VerificationRequest) -> Sheet:
    return Sheet(
        _("Request for verification"),
        _(
            "Is this child a national, or had it the right of permanent residence when it entered this country?"
        ),
        [
            _between(request),
            Part(_("Who the child is"), facts=plain(facts_of(request.frozen)), words=[_held()]),
        ],
    )


def _held() -> str:
    return _(
        "Who the child is, its parents’ names and its last address at home. Nothing else leaves: not what happened, "
        "not its health, not where it is now."
    )


def _between(request: VerificationRequest) -> Part:
    agency, post = request.case.agency, request.post
    return Part(
        _("Who asks whom"),
        facts=[
            (pgettext("of a letter", "To"), f"{post.name}, {country_name(post.country.code)}"),
            (pgettext("of a letter", "From"), f"{agency.name}, {country_name(agency.country.code)}"),
            (_("Telephone"), agency.telephone),
            (_("Email"), agency.email),
            (_("Sent on"), moment(request.sent_at, request.way)),
            (_("The consulate’s reference"), request.reference or ""),
        ],
    )
