from repatriation.models.consular import TravelDocument, TravelPermit, VerificationRequest
from repatriation.models.finding import (
    CareArrangement,
    CountryInput,
    HomeStudy,
    Relationship,
    SecurityAssessment,
    Wish,
)
from repatriation.models.inbound import OwnFile
from repatriation.models.journey import (
    Assent,
    Handover,
    HandoverSignature,
    Journey,
    Leg,
    MonitoringVisit,
)
from repatriation.models.panel import AlternateQuestion, Argument, Panel, Seat
from repatriation.models.returns import ContactClearance, Return, ReturnEvent

__all__ = [
    "AlternateQuestion",
    "Argument",
    "Assent",
    "CareArrangement",
    "ContactClearance",
    "CountryInput",
    "Handover",
    "HandoverSignature",
    "HomeStudy",
    "Journey",
    "Leg",
    "MonitoringVisit",
    "OwnFile",
    "Panel",
    "Relationship",
    "Return",
    "ReturnEvent",
    "Seat",
    "SecurityAssessment",
    "TravelDocument",
    "TravelPermit",
    "VerificationRequest",
    "Wish",
]
