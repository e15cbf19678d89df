from accounts.models.agencies import Agency, AgencyKind, ServiceType, Taken
from accounts.models.audit import AuditEvent
from accounts.models.certificates import AgencyCertificate
from accounts.models.drafts import Draft
from accounts.models.hints import ToldHint
from accounts.models.mail import Mail, MailState
from accounts.models.notifications import Notification
from accounts.models.policy import PolicyValue
from accounts.models.saved import SavedView
from accounts.models.seals import Seal, SealCheck, SealPart
from accounts.models.sent import SentForm
from accounts.models.sessions import Session
from accounts.models.users import User, UserManager

__all__ = [
    "Agency",
    "AgencyCertificate",
    "AgencyKind",
    "AuditEvent",
    "Draft",
    "Mail",
    "MailState",
    "Notification",
    "PolicyValue",
    "SavedView",
    "Seal",
    "SealCheck",
    "SealPart",
    "SentForm",
    "ServiceType",
    "Session",
    "Taken",
    "ToldHint",
    "User",
    "UserManager",
]
