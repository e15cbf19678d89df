"""From the departure to the end of monitoring."""

from django.utils.translation import gettext_lazy as _

from repatriation.guards.never import IMPLICATED
from repatriation.models import Return
from repatriation.models.choices import Occupation, SignedAs
from workflow.machine import Attempt, Guard

_HANDOVER = "repatriation_handover given WHERE given.way_id = NEW.id AND given.ended_at IS NULL"


def _identity_checked(way: Return, attempt: Attempt) -> bool:
    return way.identity_checked or attempt.values.get("identity_checked") is True


def _two_signatures(way: Return, attempt: Attempt) -> bool:
    handover = way.facts.handover
    if handover is None:
        return False
    signed = dict(handover.signatures.values_list("signed_as", "signer"))
    return set(signed) == set(SignedAs) and len(set(signed.values())) == len(signed)


def _receiver_is_named(way: Return, attempt: Attempt) -> bool:
    handover, journey = way.facts.handover, way.facts.journey
    if handover is None or journey is None:
        return False
    named = handover.receiver_id == journey.receiver_id and handover.receiver.ended_at is None
    return handover.receiver_matches and named


def _alternate_approved(way: Return, attempt: Attempt) -> bool:
    handover = way.facts.handover
    if handover is None or not handover.receiver_matches:
        return False
    receiver = handover.receiver
    approved = receiver.approved_by_id is not None and receiver.approved_by_id == way.panel_id
    cares = receiver.is_able and receiver.agreed_on is not None and receiver.ended_at is None
    return receiver.alternate and approved and cares


def _receiver_is_free(way: Return, attempt: Attempt) -> bool:
    handover = way.facts.handover
    return handover is not None and not handover.receiver.is_implicated


def _lists_done(way: Return, attempt: Attempt) -> bool:
    return way.facts.handover is not None and way.facts.handover.list_done


def _reports_in(way: Return, attempt: Attempt) -> bool:
    visits = way.facts.visits
    return bool(visits) and all(visit.done_on is not None for visit in visits)


def _last_is_well(way: Return, attempt: Attempt) -> bool:
    done = [visit for visit in way.facts.visits if visit.done_on is not None]
    if not done:
        return False
    last = max(done, key=lambda visit: visit.number)
    return bool(last.safe) and last.occupation != Occupation.NONE and not last.signs


IDENTITY_CHECKED = Guard(
    "identity_checked",
    _("It was checked that this is the child, with this document."),
    ("PAL8(4)", "CETS197 16(2)"),
    _identity_checked,
    hint=_("Compare the child and the document, and say so."),
)
TWO_SIGNATURES = Guard(
    "two_signatures",
    _("Two people have signed: the escort, and who receives the child."),
    ("TRM", "CETS197 16(5)"),
    _two_signatures,
    violation=(
        "(SELECT count(DISTINCT signed.signer_id) FROM repatriation_handoversignature signed"
        f" WHERE signed.handover_id IN (SELECT given.id FROM {_HANDOVER})) < 2"
    ),
    remedy="handover",
    remedy_label=_("The handover"),
)
RECEIVER_IS_NAMED = Guard(
    "receiver_is_named",
    _("The one who receives the child is the one named, by papers that were looked at."),
    ("GA64/142 ¶148", "TRM"),
    _receiver_is_named,
    violation=(
        f"NOT EXISTS (SELECT 1 FROM {_HANDOVER} AND given.receiver_matches AND given.receiver_id IN"
        " (SELECT trip.receiver_id FROM repatriation_journey trip"
        " JOIN repatriation_carearrangement care ON care.id = trip.receiver_id AND care.ended_at IS NULL"
        " WHERE trip.way_id = NEW.id AND trip.ended_at IS NULL))"
    ),
    remedy="handover",
    remedy_label=_("The handover"),
)
ALTERNATE_APPROVED = Guard(
    "alternate_approved",
    _(
        "The one who receives the child is an alternate who has agreed and whom the panel has approved, by papers"
        " that were looked at."
    ),
    ("UNHCR-BIP", "GA64/142 ¶148"),
    _alternate_approved,
    violation=(
        f"NOT EXISTS (SELECT 1 FROM {_HANDOVER} AND given.receiver_matches AND given.receiver_id IN"
        " (SELECT care.id FROM repatriation_carearrangement care WHERE care.way_id = NEW.id"
        " AND care.alternate AND care.approved_by_id = NEW.panel_id AND care.ended_at IS NULL"
        " AND care.is_able AND care.agreed_on IS NOT NULL))"
    ),
    remedy="handover",
    remedy_label=_("The handover"),
)
RECEIVER_IS_FREE = Guard(
    "receiver_is_free",
    _("Nobody who receives the child had a part in what happened."),
    ("GC6 ¶85", "GA64/142 ¶148"),
    _receiver_is_free,
    violation=(
        f"EXISTS (SELECT 1 FROM {_HANDOVER} AND given.receiver_id IN"
        " (SELECT care.id FROM repatriation_carearrangement care"
        f" JOIN cases_person person ON person.id = care.person_id WHERE {IMPLICATED}))"
    ),
    hint=_("Do not hand the child over. Say that the handover failed."),
)
LISTS_DONE = Guard(
    "lists_done",
    _("The list of documents, medication and belongings was gone through."),
    ("TRM",),
    _lists_done,
    remedy="handover",
    remedy_label=_("The handover"),
)
REPORTS_IN = Guard(
    "reports_in",
    _("The reports of all visits are in."),
    ("TRM", "CETS197 16(5)"),
    _reports_in,
    remedy="monitoring",
    remedy_label=_("Visits afterwards"),
)
LAST_IS_WELL = Guard(
    "last_is_well",
    _(
        "The last report says that the child is safe, at school, in training, lawfully at work or below school age,"
        " with no sign of trafficking."
    ),
    ("TRM", "CETS197 16(5)"),
    _last_is_well,
    remedy="monitoring",
    remedy_label=_("Visits afterwards"),
)
