"""The case file. Every name, note and address is sealed with the case's own data key."""

from cases.models.access import CaseAccess, CaseUserObjectPermission
from cases.models.case import Assignment, Case
from cases.models.child import Child, IdNumber, PersonName
from cases.models.closing import Closure, OutsideAcceptance
from cases.models.conferences import (
    AgendaPoint,
    Appointment,
    Conference,
    ConferenceDecision,
    Invitation,
    MinuteAddendum,
)
from cases.models.consent import Consent
from cases.models.documents import Document
from cases.models.duplicates import DuplicateCandidate, DuplicateCheck
from cases.models.duty import CalendarFeed, Cover, DutyShift
from cases.models.emergency import EmergencyOpening
from cases.models.erasure import CaseFigures, ErasedFigures, Erasure, LegalHold
from cases.models.imported import ImportedRecord, ImportedValues
from cases.models.lexicon import NameWord, SearchTokens
from cases.models.notes import Note, Voice
from cases.models.ownership import FormerOwner
from cases.models.papers import IssuedPaper
from cases.models.people import CaseLink, Person
from cases.models.plan import ChildView, Goal, PlanAgreement, Task, Visit
from cases.models.registers import Examination, HealthRecord, Interview, Need, TravelFitness
from cases.models.report import Report
from cases.models.risk import RiskAssessment
from cases.models.situation import BestInterestsAssessment, ExploitationAccount, Placement
from cases.models.tracks import LegalProtection, MedicalCare, Rehabilitation, TrackStep

__all__ = [
    "AgendaPoint",
    "Appointment",
    "Assignment",
    "BestInterestsAssessment",
    "CalendarFeed",
    "Case",
    "CaseAccess",
    "CaseFigures",
    "CaseLink",
    "CaseUserObjectPermission",
    "Child",
    "ChildView",
    "Closure",
    "Conference",
    "ConferenceDecision",
    "Consent",
    "Cover",
    "Document",
    "DuplicateCandidate",
    "DuplicateCheck",
    "DutyShift",
    "EmergencyOpening",
    "ErasedFigures",
    "Erasure",
    "Examination",
    "ExploitationAccount",
    "FormerOwner",
    "Goal",
    "HealthRecord",
    "IdNumber",
    "ImportedRecord",
    "ImportedValues",
    "Interview",
    "Invitation",
    "IssuedPaper",
    "LegalHold",
    "LegalProtection",
    "MedicalCare",
    "MinuteAddendum",
    "NameWord",
    "Need",
    "Note",
    "OutsideAcceptance",
    "Person",
    "PersonName",
    "Placement",
    "PlanAgreement",
    "Rehabilitation",
    "Report",
    "RiskAssessment",
    "SearchTokens",
    "Task",
    "TrackStep",
    "TravelFitness",
    "Visit",
    "Voice",
]
