"""Codes of a referral. What the recipient sees before it accepts is made of these and of nothing else."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReferralState(TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    INFO_REQUESTED = "info_requested", _("Information asked for")
    INFO_PROVIDED = "info_provided", _("Information given")
    ACCEPTED = "accepted", _("Accepted")
    IN_SERVICE = "in_service", _("In service")
    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", _("Declined")
    RECALLED = "recalled", _("Recalled")
    EXPIRED = "expired", _("Expired")
    HANDED_BACK = "handed_back", _("Handed back")
    DISCARDED = "discarded", _("Discarded")


# The recipient has it and has not answered yet.
OFFERED = (
    ReferralState.SENT,
    ReferralState.ACKNOWLEDGED,
    ReferralState.INFO_REQUESTED,
    ReferralState.INFO_PROVIDED,
)
# The recipient works for the child.
RUNNING = (ReferralState.ACCEPTED, ReferralState.IN_SERVICE)
OPEN = (*OFFERED, *RUNNING)
FINAL = frozenset(
    {
        ReferralState.COMPLETED,
        ReferralState.DECLINED,
        ReferralState.RECALLED,
        ReferralState.EXPIRED,
        ReferralState.HANDED_BACK,
        ReferralState.DISCARDED,
    }
)
# What was not taken up can be offered again, as a new version.
CAN_BE_SENT_AGAIN = frozenset(
    {ReferralState.DECLINED, ReferralState.RECALLED, ReferralState.EXPIRED, ReferralState.HANDED_BACK}
)


class Side(TextChoices):
    """Who made a move: both see the same history."""

    SENDER = "sender", _("Sender")
    RECIPIENT = "recipient", _("Recipient")
    CLOCK = "clock", _("Clock")


class Purpose(TextChoices):
    """What the recipient is asked to do."""

    CARE = "care", _("Care for the child")
    ASSESS = "assess", _("Find out what the child needs")
    TREAT = "treat", _("Examine and treat")
    REPRESENT = "represent", _("Advise or represent")
    TEACH = "teach", _("Teach or train")
    FAMILY = "family", _("Look for the family and its circumstances")
    TAKE_OVER = "take_over", _("Take the whole case over")


# A transfer asks for the case itself, and every other referral for one of these.
SERVICE_PURPOSES = tuple(choice for choice in Purpose.choices if choice[0] != Purpose.TAKE_OVER)


class Need(TextChoices):
    """What the child needs, in words that name nobody."""

    SAFE_PLACE = "safe_place", _("A safe place to live")
    DAILY_CARE = "daily_care", _("Daily care")
    MEDICAL = "medical", _("Medical care")
    PSYCHOSOCIAL = "psychosocial", _("Psychosocial help")
    LEGAL = "legal", _("Legal advice")
    GUARDIAN = "guardian", _("A guardian or representative")
    SCHOOL = "school", _("School or training")
    FAMILY = "family", _("Work with the family")
    INTERPRETER = "interpreter", _("An interpreter")
    PROTECTION = "protection", _("Protection from somebody")


class AgeBand(TextChoices):
    UNKNOWN = "unknown", _("Age not known")
    UNDER_6 = "under_6", _("Under 6")
    UNDER_12 = "6_11", _("6 to 11")
    UNDER_15 = "12_14", _("12 to 14")
    UNDER_18 = "15_17", _("15 to 17")
    ADULT = "18", _("18 or older")


class LegalBasis(TextChoices):
    """On what ground data of the child goes to this recipient."""

    CONSENT = "consent", _("Consent to share with this recipient")
    VITAL = "vital", _("To protect life or health, where nobody can be asked in time")
    DUTY = "duty", _("A law demands it")
    ORDER = "order", _("A court or guardianship authority ordered it")


# No ground that anybody can state: a supervisor answered for sending without one. What was given so says so.
BY_LEAVE = "leave"
GIVEN_ON = (*LegalBasis.choices, (BY_LEAVE, _("A supervisor’s leave, without consent or another ground")))


class TransferBasis(TextChoices):
    """On what ground data of the child crosses a border."""

    ADEQUATE = "adequate", _("The other country protects data adequately")
    AGREEMENT = "agreement", _("An agreement between the two authorities or countries")
    VITAL = "vital", _("To protect the child’s life or health")
    PUBLIC = "public", _("An important reason of public interest that law recognises")


class Decline(TextChoices):
    CAPACITY = "capacity", _("No place or no time")
    ELIGIBILITY = "eligibility", _("The child is not among those whom we help")
    CONFLICT = "conflict", _("Conflict of interest")
    UNSAFE = "unsafe", _("It would not be safe here")
    OTHER = "other", _("Another reason")


class HandBack(TextChoices):
    """What happens to the child when the recipient cannot go on; care goes on until then."""

    REPLACED = "replaced", _("Somebody else takes over")
    ESCALATED = "escalated", _("Nobody is found yet, the sender has to act")
