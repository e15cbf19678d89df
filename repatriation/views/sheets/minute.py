"""The minute of a panel: who sat, who was heard, what was weighed, how it was voted, what was decided and told."""

from collections import Counter
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.alphabets import listed
from cases.models.situation import FACTORS
from repatriation.guards.deciding import options_of
from repatriation.models import Panel, Seat
from repatriation.models.choices import Option
from repatriation.pdf import Part, Sheet
from repatriation.services.convening import quorum
from repatriation.views.panels import countries_of
from repatriation.views.sheets.words import day, moment, of_agency


def minute(panel: Panel, names: Sequence[tuple[str, str]]) -> Sheet:
    """`names` says who the child is, to those who may know."""
    seats = list(panel.seats.select_related("member", "agency"))
    return Sheet(
        _("Minute of a panel"),
        _(
            "A return, integration here, a third country and deciding later are equal outcomes. What counts is "
            "what is best for this child."
        ),
        [
            _sitting(panel, names),
            _who_sat(panel, seats),
            _heard(panel),
            _weighed(panel),
            _votes(seats),
            _dissent(panel, seats),
            _decision(panel),
            _told(panel),
            _appeal(panel),
        ],
    )


def _sitting(panel: Panel, names: Sequence[tuple[str, str]]) -> Part:
    facts = [*names, (_("The panel met"), moment(panel.meets_at, panel.way)), *countries_of(panel)]
    return Part(_("The sitting"), facts=[(_("Case"), panel.case.code), *facts])


def _who_sat(panel: Panel, seats: Sequence[Seat]) -> Part:
    present = sum(seat.recused_at is None for seat in seats)
    needed = {"present": present, "needed": quorum(panel.way)}
    facts = [(seat.member.name, f"{seat.agency.name}{_as_what(panel, seat)}") for seat in seats]
    words = _("Members: %(present)s. Needed for a decision: %(needed)s.") % needed
    return Part(_("Who sat"), words=[words], facts=facts)


def _as_what(panel: Panel, seat: Seat) -> str:
    if seat.recused_at is not None:
        return f" · {_('Stepped down')}"
    # Whoever has the chair since then, for a later question, did not have it here.
    return f" · {_('Chair')}" if seat.member_id == panel.minute_signed_by_id else ""


def _heard(panel: Panel) -> Part:
    child = listed(filter(None, (day(panel.child_heard_on), str(panel.get_child_means_display() or ""))))
    return Part(
        _("How the child and its representative were heard"),
        facts=[
            (_("The child"), child),
            (_("In its words"), panel.child_words or ""),
            (_("Guardian or representative"), day(panel.representative_heard_on)),
            (_("What was said"), panel.representative_words or ""),
        ],
    )


def _weighed(panel: Panel) -> Part:
    argued = {(row.factor, row.option): row.words or "" for row in panel.arguments.all()}
    options = options_of(panel.third_country)
    entries = [
        (str(label), [(str(Option(option).label), argued.get((factor, option), "")) for option in options])
        for factor, label in FACTORS
    ]
    return Part(_("What was weighed"), entries=entries)


def _votes(seats: Sequence[Seat]) -> Part:
    """As the app shows them: after the close, who voted how."""
    voted = [seat for seat in seats if seat.vote]
    counted = Counter(str(seat.get_vote_display()) for seat in voted)
    tally = "; ".join(f"{option}: {number}" for option, number in counted.most_common())
    silent = _("did not vote")
    present = [seat for seat in seats if seat.recused_at is None]
    facts = [(seat.member.name, str(seat.get_vote_display()) if seat.vote else silent) for seat in present]
    return Part(_("Votes"), words=[tally], facts=facts)


def _dissent(panel: Panel, seats: Sequence[Seat]) -> Part:
    otherwise = [seat for seat in seats if seat.vote and seat.vote != panel.outcome]
    without = _("Voted otherwise and gives no reason.")
    return Part(
        _("Who voted otherwise, and why"),
        facts=[(seat.member.name, seat.dissent or without) for seat in otherwise],
    )


def _decision(panel: Panel) -> Part:
    signed = (of_agency(panel.minute_signed_by), moment(panel.minute_signed_at, panel.way))
    return Part(
        _("What was decided"),
        facts=[
            (pgettext("of a panel", "Decided"), str(panel.get_outcome_display())),
            (_("Reasons"), panel.reasons or ""),
            (_("How it goes on"), panel.goes_on or ""),
            (_("Signed"), "\n".join(filter(None, signed))),
        ],
    )


def _told(panel: Panel) -> Part:
    none = _("not told yet")
    return Part(
        _("How it was told"),
        facts=[
            (_("The child"), day(panel.child_told_on) or none),
            (_("Guardian or representative"), day(panel.guardian_told_on) or none),
            (_("How they were told"), panel.told_words or ""),
        ],
    )


def _appeal(panel: Panel) -> Part:
    until = date_format(panel.appeal_until, "l j E Y") if panel.appeal_until else ""
    return Part(
        _("How it can be appealed"),
        facts=[
            (_("Can be appealed until"), until),
            (_("Where and how it can be appealed"), panel.appeal or ""),
        ],
    )
