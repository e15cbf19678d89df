"""The protocol of a handover: two signatures, who was looked at, what was there; or why it did not take place."""

from django.utils.translation import gettext as _

from repatriation.models import Handover, HandoverSignature, Journey, Leg, Return
from repatriation.models.choices import ReturnState, SignedAs
from repatriation.pdf import Part, Sheet
from repatriation.planning import on_the_wall
from repatriation.views.handing import Line, lines_of
from repatriation.views.sheets.words import of_agency


def protocol(way: Return, handover: Handover, *, names: list[tuple[str, str]], receiver: str) -> Sheet:
    """`names` and `receiver` say who the child and the receiver are, as far as this reader may know."""
    last = _last_leg(way, handover)
    return Sheet(
        _("Protocol of a handover"),
        _outcome(handover),
        [
            _meeting(way, handover, last, [*names, (_("Who receives the child"), receiver)]),
            _whereabouts(way, handover),
            Part(_("The papers of whoever receives the child"), words=[_looked(handover)]),
            Part(_("What went along"), facts=[(line.words, _there(line)) for line in lines_of(handover)]),
            Part(_("Remarks"), words=[handover.remarks or _("None")]),
            _signatures(way, handover, last),
        ],
    )


def _outcome(handover: Handover) -> str:
    return _("The handover did not take place.") if handover.refused else _("The child was handed over.")


def _last_leg(way: Return, handover: Handover) -> Leg | None:
    """Of the journey on which it was made: the clock of its end is the one that both looked at."""
    planned = way.journeys.order_by("-made_at")
    # Where clocks differ, the only plan there is.
    made = planned.filter(made_at__lte=handover.begun_at).first() or planned.last()
    return made.legs.last() if isinstance(made, Journey) else None


def _meeting(way: Return, handover: Handover, last: Leg | None, people: list[tuple[str, str]]) -> Part:
    ended = handover.ended_at
    return Part(
        _("The meeting"),
        facts=[
            *people,
            (_("Place of arrival"), last.end if last else ""),
            (_("Begun"), _at(way, handover.begun_at, last)),
            (_("Ended"), _at(way, ended, last) if ended else ""),
            (_("Why not"), str(handover.get_refused_display()) if handover.refused else ""),
        ],
    )


def _at(way: Return, at: object, last: Leg | None) -> str:
    return on_the_wall(at, last.arrives_zone if last else way.case.agency.time_zone)  # type: ignore[arg-type]


def _whereabouts(way: Return, handover: Handover) -> Part:
    """As long as it is true; when the panel decides anew, the protocol is no longer current."""
    failed = handover.refused and way.state == ReturnState.HANDOVER_FAILED
    return Part(_("Where the child is"), words=[(handover.whereabouts or "") if failed else ""])


def _looked(handover: Handover) -> str:
    if not handover.receiver_matches:
        return _("No papers of the one named were seen.")
    paper = {"paper": handover.get_paper_display()}
    return _("The escort has looked: it is the one named (%(paper)s).") % paper


def _there(line: Line) -> str:
    if line.there is None:
        return _("Nobody has looked")
    return _("There") if line.there else _("Not there")


def _signatures(way: Return, handover: Handover, last: Leg | None) -> Part:
    rows = handover.signatures.select_related("signer", "agency")
    signed: dict[str, HandoverSignature] = {row.signed_as: row for row in rows}
    facts = [(str(side.label), _signed(way, signed.get(side), last)) for side in SignedAs]
    return Part(_("Signatures"), words=[_("Whoever signed has proved once more who they are.")], facts=facts)


def _signed(way: Return, row: HandoverSignature | None, last: Leg | None) -> str:
    if row is None:
        return _("not signed")
    return f"{of_agency(row.signer, row.agency)}\n{_at(way, row.signed_at, last)}"
