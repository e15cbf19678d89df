"""Codes of a return. They stand in clear, so that the database enforces what nobody may set aside."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReturnState(TextChoices):
    CONSIDERED = "considered", _("Considered")
    TRACING = "tracing", _("Tracing the family")
    FAMILY_ASSESSMENT = "family_assessment", _("Assessment of the family")
    RISK_ASSESSMENT = "risk_assessment", _("Risk and security assessment")
    PANEL_PENDING = "panel_pending", _("Before the panel")
    DECIDED_RETURN = "decided_return", _("Decided: return")
    DECIDED_INTEGRATION = "decided_integration", _("Decided: integration here")
    DECIDED_THIRD_COUNTRY = "decided_third_country", _("Decided: a third country")
    DEFERRED = "deferred", _("Deferred")
    VERIFICATION_REQUESTED = "verification_requested", _("Verification requested")
    NATIONALITY_VERIFIED = "nationality_verified", _("Nationality verified")
    NOT_A_NATIONAL = "not_a_national", _("Not a national")
    VERIFICATION_INCONCLUSIVE = "verification_inconclusive", _("Verification without result")
    DOCUMENT_REQUESTED = "document_requested", _("Travel document requested")
    DOCUMENT_ISSUED = "document_issued", _("Travel document issued")
    DOCUMENT_REFUSED = "document_refused", _("Travel document refused")
    TRAVEL_PLANNED = "travel_planned", _("Journey planned")
    READY = "ready", _("Ready to depart")
    DEPARTED = "departed", _("Departed")
    ARRIVED = "arrived", _("Arrived")
    HANDED_OVER = "handed_over", pgettext_lazy("return", "Handed over")
    HANDOVER_FAILED = "handover_failed", _("Handover failed")
    MONITORING = "monitoring", pgettext_lazy("return", "Monitoring")
    RETRAFFICKING_ALERT = "retrafficking_alert", _("Alert: signs of trafficking")
    COMPLETED = "completed", pgettext_lazy("return", "Completed")
    WITHDRAWN = "withdrawn", pgettext_lazy("return", "Withdrawn")
    SUSPENDED = "suspended", pgettext_lazy("return", "Suspended")
    ENDED = "ended", pgettext_lazy("return", "Ended")


FINDING_OUT = (
    ReturnState.CONSIDERED,
    ReturnState.TRACING,
    ReturnState.FAMILY_ASSESSMENT,
    ReturnState.RISK_ASSESSMENT,
)
# Of these a suspension leads back; whatever was decided meanwhile goes before the panel again.
UNDECIDED = (*FINDING_OUT, ReturnState.PANEL_PENDING)
DECIDED_TO_LEAVE = (ReturnState.DECIDED_RETURN, ReturnState.DECIDED_THIRD_COUNTRY)
CARRYING_OUT = (
    ReturnState.VERIFICATION_REQUESTED,
    ReturnState.NATIONALITY_VERIFIED,
    ReturnState.NOT_A_NATIONAL,
    ReturnState.VERIFICATION_INCONCLUSIVE,
    ReturnState.DOCUMENT_REQUESTED,
    ReturnState.DOCUMENT_ISSUED,
    ReturnState.DOCUMENT_REFUSED,
    ReturnState.TRAVEL_PLANNED,
    ReturnState.READY,
)
BEFORE_DEPARTURE = (*UNDECIDED, *DECIDED_TO_LEAVE, ReturnState.DEFERRED, *CARRYING_OUT)
ON_THE_WAY = (ReturnState.DEPARTED, ReturnState.ARRIVED)
AFTER_HANDOVER = (ReturnState.HANDED_OVER, ReturnState.MONITORING)
# Visits go on while an alert stands: somebody has to see the child, then more than ever.
VISITED_IN = (*AFTER_HANDOVER, ReturnState.RETRAFFICKING_ALERT)
FINAL = frozenset({ReturnState.COMPLETED, ReturnState.DECIDED_INTEGRATION, ReturnState.ENDED})
OPEN = tuple(state for state in ReturnState if state not in FINAL)


class Direction(TextChoices):
    """An inbound return is the same process seen from the country to which the child comes: a matter of who looks."""

    OUTBOUND = "outbound", _("From here")
    INBOUND = "inbound", _("To here")


class Channel(TextChoices):
    """By whom the family is looked for. Neutral ones tell no authority."""

    AUTHORITY = "authority", _("Authorities of that country")
    CHILD_CALLS = "child_calls", _("The child calls its family")
    RED_CROSS = "red_cross", _("Red Cross or Red Crescent")
    OTHER_NEUTRAL = "neutral", _("Another organisation that tells no authority")


class Finding(TextChoices):
    """With what the search for the family, or the look at it, ended."""

    VERIFIED = "verified", _("Found, and the relationship is verified")
    IMPLICATED = "implicated", _("The family had a part in what happened")
    NOT_FOUND = "not_found", _("Not found")
    CONTACT_REFUSED = "contact_refused", _("The child does not want contact")
    UNWILLING = "caregiver_unwilling", _("Nobody there is willing to care for the child")
    CONTACT_UNSAFE = "contact_unsafe", _("Contact would be dangerous")
    NOT_NEEDED = "not_needed", _("No search needed")


class Desire(TextChoices):
    YES = "yes", _("Wants it")
    NO = "no", _("Does not want it")
    UNSURE = "unsure", _("Is not sure")
    NOT_SAID = "not_said", _("Says nothing about it")


class Evidence(TextChoices):
    """What shows how somebody is related to the child."""

    REGISTER = "register", _("Entry in a civil register")
    DOCUMENT = "document", _("Another document")
    DNA = "dna", _("DNA test")
    AUTHORITY = "authority", _("Confirmed by an authority")
    STATEMENTS = "statements", _("Statements that agree, of people who know both")


class Suitability(TextChoices):
    SUITABLE = "suitable", _("Suitable")
    WITH_SUPPORT = "with_support", _("Suitable with support")
    UNSUITABLE = "unsuitable", _("Not suitable")


class CareKind(TextChoices):
    """Who takes responsibility for the child where it goes (GA64/142 ¶148)."""

    PARENT = "parent", _("A parent")
    RELATIVE = "relative", _("A relative")
    FOSTER = "foster", _("A foster family")
    AGENCY = "agency", _("An authorised agency")


class Conclusion(TextChoices):
    """Of the risk and security assessment (CETS197 16(7))."""

    POSITIVE = "positive", _("A return is in the child’s best interests")
    NEGATIVE = "negative", _("A return is not in the child’s best interests")
    OPEN = "open", _("It cannot be said yet")


class Likelihood(TextChoices):
    NONE = "none", _("No sign of it")
    LOW = "low", _("Unlikely")
    MEDIUM = "medium", _("Possible")
    HIGH = "high", _("Likely")


class RiskFactor(TextChoices):
    """What a risk and security assessment looks at, each by itself (CETS197 16(7), GC6 ¶84). Both countries do."""

    RECRUITERS = "recruiters", _("Recruiters or traffickers who can reach the child")
    REPRISALS = "reprisals", _("Threats or revenge, also because of testimony")
    DEBT = "debt", _("A debt of the child or its family")
    FAMILY = "family", _("The family’s part in what happened, or violence at home")
    CONFLICT = "conflict", _("Armed conflict, or danger to everybody there")
    NO_PROTECTION = "no_protection", _("Authorities that cannot or will not protect")
    PROSECUTION = "prosecution", _("Prosecution or detention of the child")
    STIGMA = "stigma", _("Rejection because of what happened")
    PRACTICES = "practices", _("Early marriage or other harmful practices")
    NO_CARE = "no_care", _("Lack of care, school or health services")


class Option(TextChoices):
    """What a panel can decide; all are equal outcomes."""

    RETURN = "return", _("Return")
    INTEGRATION = "integration", _("Integration here")
    THIRD_COUNTRY = "third_country", _("A third country")
    DEFERRAL = "deferral", _("Decide later")


class VerifiedAs(TextChoices):
    """PAL8(3): nationality, or the right of permanent residence at the time of entry."""

    NATIONAL = "national", _("National")
    RESIDENT = "resident", _("Right of permanent residence")


class PostAnswer(TextChoices):
    """What a consulate says to the question who the child is."""

    VERIFIED = "verified", _("Confirmed")
    NOT_A_NATIONAL = "not_national", _("Not a national")
    NO_RESULT = "no_result", _("No result")


class NextQuestion(TextChoices):
    """What a panel is asked when a consulate could not help; each is a finding, none a decision."""

    ANOTHER_COUNTRY = "another_country", _("Another country may be the child’s own")
    STATELESS = "stateless", _("A procedure for statelessness")
    NO_DOCUMENT = "no_document", _("A national, and yet no travel document")
    OTHER_WAY = "other_way", _("Another solution than a return")


class TravelDocumentKind(TextChoices):
    PASSPORT_FOUND = "passport_found", _("Passport that was found")
    NEW_PASSPORT = "new_passport", _("New passport")
    EMERGENCY = "emergency", _("Emergency travel document")


class Refusal(TextChoices):
    NO_PROOF = "no_proof", _("Identity is not proved enough")
    WRONG_POST = "wrong_post", _("Another post is competent")
    CONSENT = "consent", _("The consent of a parent is asked for")
    OTHER = "other", _("Another reason")


class PermitKind(TextChoices):
    VISA = "visa", _("Visa or transit visa")
    EXIT = "exit", _("Exit permit")
    OVERSTAY = "overstay", _("Waiver for having overstayed")


class Authority(TextChoices):
    """Who authorises the journey."""

    GUARDIAN = "guardian", _("The guardian or representative")
    COURT = "court", _("A court or guardianship authority")


class AssentKind(TextChoices):
    ASSENT = "assent", _("The child agrees")
    OBSERVED = "observed", _("Too young to agree; what was observed")
    REFUSED = "refused", _("The child does not agree")


class SignedAs(TextChoices):
    ESCORT = "escort", _("Escort")
    RECEIVER = "receiver", _("Receiving partner")


class HandoverRefusal(TextChoices):
    NOBODY_CAME = "nobody_came", _("Nobody came")
    OTHER_PERSON = "other_person", _("Somebody else came than the one named")
    CHILD_REFUSES = "child_refuses", _("The child does not want to go along")
    UNSAFE = "unsafe", _("It does not look safe")
    RECEIVER_REFUSES = "receiver_refuses", _("The receiver refuses")


class SeenPaper(TextChoices):
    """By what it was seen who receives the child. Which kind, never which number."""

    PASSPORT = "passport", _("Passport")
    IDENTITY_CARD = "identity_card", _("Identity card")
    DRIVING_LICENCE = "driving_licence", _("Driving licence")
    RESIDENCE = "residence", _("Residence permit")
    SERVICE_CARD = "service_card", _("Service card of an agency")


class Occupation(TextChoices):
    """Where a child is by day; what the last report must say so that monitoring can end."""

    SCHOOL = "school", _("At school")
    TRAINING = "training", _("In training")
    WORK = "work", _("Lawfully at work")
    BELOW_AGE = "below_age", _("Below school age")
    NONE = "none", _("None of these")


class Sign(TextChoices):
    """Indicators of re-trafficking; each raises the alert."""

    MISSING = "missing", _("Has not been seen, or has gone")
    DEBT = "debt", _("Owes money to somebody")
    CONTROLLED = "controlled", _("Does not speak alone, or is watched")
    PHONE = "phone", _("Has things that nobody can explain")
    OUT_OF_SCHOOL = "out_of_school", _("Was taken out of school to earn")
    CONTACTED = "contacted", _("Was contacted by a suspect")
    INJURED = "injured", _("Has injuries that nobody can explain")
    SAYS_SO = "says_so", _("Says so")


class EndReason(TextChoices):
    CAME_OF_AGE = "came_of_age", _("Came of age")
    DECLINED = "declined", _("Declined further help")
    CONTACT_LOST = "contact_lost", _("Contact lost")
    DIED = "died", _("The child died")
    NO_QUESTION = "no_question", _("No return is in question any more")
    # Set by the case itself, never chosen.
    CASE = "case", _("The case has ended")


class ClearanceState(TextChoices):
    NOT_CLEARED = "not_cleared", _("Not cleared")
    CLEARED = "cleared", _("Cleared")
    REVOKED = "revoked", _("Revoked")
