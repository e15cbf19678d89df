"""Legal protection: six strands, each a small machine of its own over one row."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from cases.edges.entries import ALWAYS, AUTHORITY, CODE, COUNTRY, DAY, NUMBER, REASON, WORDS, Field, yes
from cases.guards import tracks as guards
from cases.models.tracks import (
    Identification,
    Proceedings,
    Protection,
    Redress,
    Representation,
    Residence,
)
from cases.permissions import TRACK_WORKERS, Hand, hands_in
from workflow.machine import Edge, Guard, Machine, Words

WHO = TRACK_WORKERS | {Hand.LEGAL_PARTNER}


class DecidingOrganisation(TextChoices):
    """`vic_TraffickingStatusDecisionMakingOrg` of the Human Trafficking Case Data Standard 2.0."""

    POLICE = "Police", _("Police")
    NGO = "NGO", _("Non-governmental organisation")
    COURT = "CourtOrProsecution", _("Court or prosecution")
    GOVERNMENT = "NonPoliceGovernmentalOrganization", _("Another governmental organisation")
    OTHER = "Other", _("Another organisation")


DECIDED_BY = Field(
    name="decided_by",
    kind=CODE,
    label=_("Which kind of organisation decided"),
    choices=tuple(DecidingOrganisation.choices),
)
VALID_UNTIL = Field(
    name="valid_until",
    kind=DAY,
    label=_("Valid until"),
    required=False,
    hint=_("Leave it empty only where it has no end."),
)


def _edge(
    name: str,
    label: Words,
    sources: str | tuple[str, ...],
    target: str,
    happened: Words,
    *inputs: Field,
    guards: tuple[Guard, ...] = (),
) -> Edge:
    """The step of a strand. One whose target is its only source keeps the state."""
    stays = sources == target
    return Edge(
        name=name,
        label=label,
        sources=(sources,) if isinstance(sources, str) else sources,
        targets=() if stays else (target,),
        stays=stays,
        who=WHO,
        guards=guards,
        inputs=(*ALWAYS, *inputs),
        happened=happened,
    )


def _strand(
    name: str, states: type[TextChoices], initial: str, edges: tuple[Edge, ...], final: set[str]
) -> Machine:
    return Machine(
        name=name,
        field=name,
        states=states,
        initial=initial,
        edges=edges,
        final=frozenset(final),
        hands=hands_in(Section.LEGAL),
        hand_labels={hand.value: hand.label for hand in Hand},
    )


REPRESENTATION = _strand(
    "representation",
    Representation,
    Representation.NEEDED,
    (
        _edge(
            "judge_parents_safe",
            _("Record that no representative is needed"),
            Representation.NEEDED,
            Representation.NOT_NEEDED,
            _("recorded that no representative is needed"),
            yes("parents_safe", _("The parents are judged safe and can speak for the child")),
            Field(name="basis", kind=WORDS, label=_("What this rests on")),
        ),
        _edge(
            "need_representative",
            _("Record that a representative is needed again"),
            (Representation.NOT_NEEDED, Representation.ENDED),
            Representation.NEEDED,
            _("recorded that a representative is needed"),
            REASON,
        ),
        _edge(
            "request_representative",
            _("Request a representative"),
            Representation.NEEDED,
            Representation.REQUESTED,
            _("requested a representative"),
            AUTHORITY,
            Field(name="pending_because", kind=WORDS, label=_("Why the appointment is pending")),
        ),
        _edge(
            "appoint_representative",
            _("Record the appointment"),
            Representation.REQUESTED,
            Representation.APPOINTED,
            _("recorded the appointment of a representative"),
            Field(name="person", kind="person", label=_("Guardian or representative")),
            AUTHORITY,
            NUMBER,
            guards=(guards.NO_CONFLICT,),
        ),
        _edge(
            "report_conflict",
            _("Report a conflict of interest and request another one"),
            Representation.APPOINTED,
            Representation.REQUESTED,
            _("reported a conflict of interest of the representative"),
            REASON,
            AUTHORITY,
        ),
        _edge(
            "end_representation",
            _("Record the end of representation"),
            Representation.APPOINTED,
            Representation.ENDED,
            _("recorded the end of representation"),
            REASON,
        ),
    ),
    set(),
)
IDENTIFICATION = _strand(
    "identification",
    Identification,
    Identification.NOT_STARTED,
    (
        _edge(
            "request_identification",
            _("Request identification"),
            Identification.NOT_STARTED,
            Identification.REQUESTED,
            _("requested identification as a victim"),
            AUTHORITY,
        ),
        _edge(
            "find_possible_victim",
            _("Record: possible victim"),
            Identification.REQUESTED,
            Identification.POSSIBLE_VICTIM,
            _("recorded: possible victim; the reflection period began"),
            DECIDED_BY,
        ),
        _edge(
            "find_victim",
            _("Record: victim"),
            Identification.POSSIBLE_VICTIM,
            Identification.VICTIM,
            _("recorded: victim"),
            DECIDED_BY,
            NUMBER,
        ),
        _edge(
            "find_no_victim",
            _("Record: not a victim"),
            (Identification.REQUESTED, Identification.POSSIBLE_VICTIM),
            Identification.NOT_A_VICTIM,
            _("recorded: not a victim"),
            DECIDED_BY,
            REASON,
        ),
        _edge(
            "appeal_identification",
            _("Appeal"),
            Identification.NOT_A_VICTIM,
            Identification.REQUESTED,
            _("appealed against the decision about identification"),
            AUTHORITY,
            REASON,
        ),
    ),
    {Identification.VICTIM},
)
RESIDENCE = _strand(
    "residence",
    Residence,
    Residence.NONE,
    (
        _edge(
            "request_permit",
            _("Request a permit"),
            (Residence.NONE, Residence.REFUSED),
            Residence.PERMIT_REQUESTED,
            _("requested a residence permit"),
            AUTHORITY,
            Field(name="number", kind=WORDS, label=_("Number of the application, or why there is none yet")),
        ),
        _edge(
            "permit_residence",
            _("Record the permit"),
            Residence.PERMIT_REQUESTED,
            Residence.PERMITTED,
            _("recorded the residence permit"),
            NUMBER,
            VALID_UNTIL,
        ),
        # Without it a permit that was renewed would stay overdue for ever.
        _edge(
            "renew_permit",
            _("Record the renewal"),
            Residence.PERMITTED,
            Residence.PERMITTED,
            _("recorded the renewal of the residence permit"),
            NUMBER,
            VALID_UNTIL,
        ),
        _edge(
            "refuse_permit",
            _("Record the refusal"),
            Residence.PERMIT_REQUESTED,
            Residence.REFUSED,
            _("recorded that the residence permit was refused"),
            NUMBER,
            REASON,
        ),
        _edge(
            "record_national",
            _("Record that no permit is needed"),
            Residence.NONE,
            Residence.NOT_APPLICABLE,
            _("recorded that no residence permit is needed"),
            Field(name="basis", kind=WORDS, label=_("Document that shows the nationality, and its number")),
        ),
        _edge(
            "doubt_nationality",
            _("Record that a permit is needed after all"),
            Residence.NOT_APPLICABLE,
            Residence.NONE,
            _("recorded that a residence permit is needed after all"),
            REASON,
        ),
        _edge(
            "end_residence",
            _("Record that the child has left the country"),
            (Residence.NONE, Residence.PERMIT_REQUESTED, Residence.PERMITTED, Residence.REFUSED),
            Residence.ENDED,
            _("recorded that the child has left the country"),
            Field(name="basis", kind=WORDS, label=_("What shows it, for example a stamp or a ticket")),
            REASON,
        ),
    ),
    {Residence.ENDED},
)
PROTECTION = _strand(
    "protection",
    Protection,
    Protection.NONE,
    (
        _edge(
            "claim_protection",
            _("Record a claim for international protection"),
            (Protection.NONE, Protection.REFUSED_FINAL, Protection.WITHDRAWN),
            Protection.CLAIMED,
            _("recorded a claim for international protection"),
            AUTHORITY,
            # A code, because whoever clears contact with a country has to be able to read it.
            Field(name="against", kind=COUNTRY, label=_("Against which country")),
        ),
        _edge(
            "grant_protection",
            _("Record that protection was granted"),
            Protection.CLAIMED,
            Protection.GRANTED,
            _("recorded that international protection was granted"),
            NUMBER,
        ),
        _edge(
            "refuse_protection",
            _("Record the final refusal"),
            Protection.CLAIMED,
            Protection.REFUSED_FINAL,
            _("recorded the final refusal of international protection"),
            NUMBER,
            yes("no_appeal_open", _("No appeal is open and none can be made any more")),
        ),
        _edge(
            "withdraw_claim",
            _("Record that the claim was withdrawn"),
            Protection.CLAIMED,
            Protection.WITHDRAWN,
            _("recorded that the claim for protection was withdrawn"),
            yes("counselled", _("The child was counselled, with its representative present")),
            REASON,
        ),
    ),
    {Protection.GRANTED},
)
PROCEEDINGS = _strand(
    "proceedings",
    Proceedings,
    Proceedings.NONE,
    (
        _edge(
            "open_proceedings",
            _("Record that proceedings are open"),
            Proceedings.NONE,
            Proceedings.OPEN,
            _("recorded that proceedings are open"),
            AUTHORITY,
            NUMBER,
        ),
        _edge(
            "pause_proceedings",
            _("Record that proceedings are paused"),
            Proceedings.OPEN,
            Proceedings.PAUSED,
            _("recorded that proceedings are paused"),
            REASON,
        ),
        _edge(
            "resume_proceedings",
            _("Record that proceedings go on"),
            Proceedings.PAUSED,
            Proceedings.OPEN,
            _("recorded that proceedings go on"),
        ),
        _edge(
            "close_proceedings",
            _("Record the end of proceedings"),
            (Proceedings.OPEN, Proceedings.PAUSED),
            Proceedings.CLOSED,
            _("recorded the end of proceedings"),
            Field(name="result", kind=WORDS, label=_("How they ended")),
        ),
        _edge(
            "reopen_proceedings",
            _("Record that proceedings are open again"),
            Proceedings.CLOSED,
            Proceedings.OPEN,
            _("recorded that proceedings are open again"),
            REASON,
        ),
    ),
    set(),
)
REDRESS = _strand(
    "redress",
    Redress,
    Redress.NOT_SOUGHT,
    (
        _edge(
            "seek_redress",
            _("Record that redress is sought"),
            (Redress.NOT_SOUGHT, Redress.REFUSED),
            Redress.SOUGHT,
            _("recorded that redress is sought"),
            AUTHORITY,
        ),
        _edge(
            "drop_redress",
            _("Record that redress is not sought any more"),
            Redress.SOUGHT,
            Redress.NOT_SOUGHT,
            _("recorded that redress is not sought any more"),
            REASON,
        ),
        _edge(
            "award_redress",
            _("Record the award"),
            Redress.SOUGHT,
            Redress.AWARDED,
            _("recorded the award of redress"),
            Field(name="award", kind=WORDS, label=_("What was awarded, and where it is kept")),
        ),
        _edge(
            "refuse_redress",
            _("Record the refusal"),
            Redress.SOUGHT,
            Redress.REFUSED,
            _("recorded that redress was refused"),
            REASON,
        ),
    ),
    {Redress.AWARDED},
)

STRANDS = (REPRESENTATION, IDENTIFICATION, RESIDENCE, PROTECTION, PROCEEDINGS, REDRESS)
STRAND_LABELS = {
    REPRESENTATION.name: _("Representation"),
    IDENTIFICATION.name: _("Identification as a victim"),
    RESIDENCE.name: _("Residence"),
    PROTECTION.name: _("International protection"),
    PROCEEDINGS.name: _("Proceedings"),
    REDRESS.name: _("Redress"),
}
