"""When a track has come to rest: what monitoring, and later a return, wait for."""

from cases.models import Case
from cases.models.plan import Track
from cases.models.tracks import (
    Identification,
    LegalProtection,
    MedicalState,
    Proceedings,
    Protection,
    RehabilitationState,
    Representation,
    Residence,
)

MEDICAL = frozenset(
    {
        MedicalState.STABLE_FOLLOW_UP,
        MedicalState.COMPLETED,
        MedicalState.DECLINED,
        MedicalState.NOT_APPLICABLE,
    }
)
# Under way counts: the plan runs on here, or was accepted abroad.
REHABILITATION = frozenset(
    {
        RehabilitationState.IN_PROGRESS,
        RehabilitationState.ACHIEVED,
        RehabilitationState.PARTLY_ACHIEVED,
        RehabilitationState.ENDED,
        RehabilitationState.DECLINED,
        RehabilitationState.NOT_APPLICABLE,
    }
)


def unsettled_strands(legal: LegalProtection) -> list[str]:
    """Names of the strands of legal protection that have not come to rest. Redress never holds anything up."""
    proceedings = legal.proceedings in (Proceedings.NONE, Proceedings.CLOSED) or (
        legal.proceedings == Proceedings.OPEN and legal.testimony_arranged
    )
    settled = {
        "representation": legal.representation not in (Representation.NEEDED, Representation.REQUESTED),
        "identification": legal.identification in (Identification.VICTIM, Identification.NOT_A_VICTIM),
        "residence": legal.residence in (Residence.NOT_APPLICABLE, Residence.PERMITTED, Residence.ENDED),
        "protection": legal.protection != Protection.CLAIMED,
        "proceedings": proceedings,
    }
    return [name for name, rests in settled.items() if not rests]


def unsettled_tracks(case: Case) -> list[Track]:
    unsettled = {
        Track.LEGAL: bool(unsettled_strands(case.legal)),
        Track.MEDICAL: case.medical.state not in MEDICAL,
        Track.REHABILITATION: case.rehabilitation.state not in REHABILITATION,
    }
    return [track for track, waits in unsettled.items() if waits]
