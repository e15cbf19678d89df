"""The case file. Every name, note and address is sealed with the case's own data key."""

from cases.models.access import CaseAccess, CaseUserObjectPermission
from cases.models.case import Assignment, Case
from cases.models.child import Child, IdNumber, PersonName
from cases.models.consent import Consent
from cases.models.duplicates import DuplicateCandidate, DuplicateCheck
from cases.models.imported import ImportedRecord, ImportedValues
from cases.models.report import Report
from cases.models.risk import RiskAssessment

__all__ = [
    "Assignment",
    "Case",
    "CaseAccess",
    "CaseUserObjectPermission",
    "Child",
    "Consent",
    "DuplicateCandidate",
    "DuplicateCheck",
    "IdNumber",
    "ImportedRecord",
    "ImportedValues",
    "PersonName",
    "Report",
    "RiskAssessment",
]
