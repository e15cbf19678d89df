"""What an escort carries: the mandate, which it shows to others, and the travel pack, which it reads itself."""

from django.utils.translation import gettext as _

from accounts.alphabets import listed
from repatriation.models import Journey, Return
from repatriation.pdf import Part, Sheet
from repatriation.views.escort import on_duty, pack_of
from repatriation.views.sheets.words import child_of, contacts, day, document_of, of_agency, plain, way_of

BOX = "☐"


def mandate(way: Return, journey: Journey) -> Sheet:
    """Shown at borders and counters: nothing of health, and nobody's name besides whom it is about."""
    return Sheet(
        _("Mandate of an escort"),
        _("The escort named here travels with a child on the journey below. Please let both of them pass."),
        [
            Part(_("The escort"), facts=[(_("Name"), of_agency(journey.escort)), *_vetted(journey)]),
            _child(way),
            _authority(way, journey),
            way_of(journey),
            Part(_("What the escort may do"), words=_may()),
            _who_asks(way),
        ],
    )


def _vetted(journey: Journey) -> list[tuple[str, str]]:
    return [
        (_("Vetted on"), day(journey.escort_vetted_on)),
        (_("The vetting holds until"), day(journey.vetted_until)),
    ]


def _child(way: Return) -> Part:
    document = document_of(way)
    words = _("The child’s full name stands in its travel document.") if document else ""
    facts = [child_of(way.case), (_("Travel document"), document)]
    return Part(_("The child"), words=[words], facts=facts)


def _authority(way: Return, journey: Journey) -> Part:
    who = str(journey.get_authorised_by_display()) if journey.authorised_by else ""
    return Part(
        _("By whose authority"),
        facts=[
            (_("Agency"), way.case.agency.name),
            (_("Authorised by"), listed(filter(None, (who, day(journey.authorised_on))))),
            (_("Mandate of the escort"), journey.mandate or ""),
        ],
    )


def _who_asks(way: Return) -> Part:
    """Of the agency alone: the people who wait for the child are for the escort to call."""
    agency = way.case.agency
    at_night = [(f"{row['name']} · {row['side']}", row["phone"]) for row in on_duty(way)]
    return Part(_("Whom to call"), facts=[(agency.name, agency.telephone), *at_night])


def _may() -> list[str]:
    """The same for every escort: what it does besides, it asks first."""
    return [
        _("Keep the child and its papers close on this journey, and show the papers to authorities."),
        _("Buy, change and use tickets for the two of them, and accept help on the way."),
        _("Give the child the medicines that are carried for it, and call a doctor in an emergency."),
        _("Hand the child over to whoever is named for it, and to nobody else."),
        _("For everything else the agency is called first."),
    ]


def pack(way: Return, journey: Journey) -> Sheet:
    said = pack_of(way, journey)
    carried = [f"{BOX} {line}" for line in said["carried"]]
    return Sheet(
        _("Travel pack"),
        _("What is needed on the way. It is for the escort alone; destroy it after the handover."),
        [
            Part(_("The child"), facts=plain(said["facts"])),
            way_of(journey),
            Part(_("Assistance on the way"), words=[said["assistance"]]),
            Part(_("What to carry"), words=carried),
            contacts(way, journey),
            Part(_("If something goes wrong"), words=[said["fallback"]]),
        ],
    )
