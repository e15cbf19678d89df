"""Coded values of the case file. They stand in clear: counted, guarded and enforced, they name nobody."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseState(TextChoices):
    """The lifecycle of the Inter-Agency Guidelines for Case Management and Child Protection."""

    REPORTED = "reported", _("Reported")
    SCREENING = "screening", _("Screening")
    REGISTERED = "registered", _("Registered")
    ASSESSED = "assessed", _("Assessed")
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    MONITORING = "monitoring", _("Monitoring")
    CLOSED = "closed", _("Closed")
    SUSPENDED = "suspended", _("Suspended")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")
    REFERRED_OUT = "referred_out", _("Referred out")
    DUPLICATE = "duplicate", _("Duplicate")


FINAL_STATES = frozenset(
    {CaseState.NOT_ELIGIBLE, CaseState.REFERRED_OUT, CaseState.CLOSED, CaseState.DUPLICATE}
)
OPEN_STATES = tuple(state for state in CaseState if state not in FINAL_STATES)
# `suspended` is open, but leaves only by its own edges or to `duplicate`.
RUNNING_STATES = tuple(state for state in OPEN_STATES if state != CaseState.SUSPENDED)


class Risk(TextChoices):
    HIGH = "high", _("High risk")
    MEDIUM = "medium", _("Medium risk")
    LOW = "low", _("Low risk")


class Safety(TextChoices):
    SAFE = "safe", _("Safe where the child is now")
    WITH_MEASURES = "with_measures", _("Safe with the measures described")
    NOT_SAFE = "not_safe", _("Not safe")


class Danger(TextChoices):
    YES = "yes", _("Yes, or it may be")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("I do not know")


class Gender(TextChoices):
    """The values of the Human Trafficking Case Data Standard 2.0."""

    FEMININE = "Feminine", _("Feminine")
    MASCULINE = "Masculine", _("Masculine")
    TRANSGENDER_FEMININE = "TransgenderFeminine", _("Transgender feminine")
    TRANSGENDER_MASCULINE = "TransgenderMasculine", _("Transgender masculine")
    NON_CONFORMING = "NonConforming", _("Non-conforming")
    UNKNOWN = "NonSpecifiedUnknown", _("Not specified or unknown")


class BirthCertainty(TextChoices):
    EXACT = "exact", _("The exact date is known")
    YEAR = "year", _("Only the year is known")
    ESTIMATED = "estimated", _("Estimated")
    UNKNOWN = "unknown", _("Unknown")


class Presumption(TextChoices):
    """Why there are reasons to believe that a person of uncertain age is a child (CETS197 10(3))."""

    STATEMENT = "statement", _("The child says so")
    APPEARANCE = "appearance", _("Appearance and behaviour")
    DOCUMENTS = "documents", _("Documents, or what others state")
    REPORTED = "reported", _("As it was reported; to be looked at")
    TAKEN_OVER = "taken_over", _("Taken over from another system; age to be assessed")


class NameKind(TextChoices):
    LEGAL = "legal", _("Name in documents")
    USED = "used", _("Name the child uses")
    ALIAS = "alias", _("Alias, or a name given by others")


class Script(TextChoices):
    LATIN = "Latn", _("Latin")
    CYRILLIC = "Cyrl", _("Cyrillic")
    # A language has the same name in English, and another one in Russian.
    ARABIC = "Arab", pgettext_lazy("script", "Arabic")
    HEBREW = "Hebr", pgettext_lazy("script", "Hebrew")
    GREEK = "Grek", pgettext_lazy("script", "Greek")
    OTHER = "Zyyy", _("Another script")


class IdKind(TextChoices):
    PASSPORT = "passport", _("Passport")
    IDENTITY_CARD = "identity_card", _("Identity card")
    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
    RESIDENCE = "residence", _("Residence document")
    OTHER = "other", _("Another document")


class Purpose(TextChoices):
    """What the child or its representative agrees to; each asked and answered by itself."""

    SERVICES = "services", _("Help and case management")
    DATA = "data", _("Keeping a file with personal data")
    SHARING = "sharing", _("Sharing data with one named recipient")
    CONTACT = "contact", _("Contact with the family")
    TRACING = "tracing", _("Tracing the family")


class Answer(TextChoices):
    CONSENT = "consent", _("Consent")
    ASSENT = "assent", _("Assent of the child")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


AGREES = (Answer.CONSENT, Answer.ASSENT)


class GivenBy(TextChoices):
    CHILD = "child", _("The child")
    PARENT = "parent", _("A parent")
    GUARDIAN = "guardian", _("The guardian")
    REPRESENTATIVE = "representative", _("An interim representative")


class Verdict(TextChoices):
    PENDING = "pending", _("Not decided yet")
    DIFFERENT = "different", _("Another child")
    SAME = "same", _("The same child")


class Basis(TextChoices):
    """Why somebody may see a case. Each row of `CaseAccess` has exactly one."""

    ASSIGNMENT = "assignment", _("works on this case")
    TEAM = "team", _("supervises the team that works on this case")
    REFERRAL = "referral", _("accepted a referral")
    REQUEST = "request", _("answers a consular request")
    PANEL = "panel", _("sits on the best-interests panel")
    ESCORT = "escort", _("escorts this journey")
    COVER = "cover", _("covers for the worker")
    DUTY = "duty", _("is on duty outside office hours")
    EMERGENCY = "emergency", _("opened the file in an emergency")
    PERSONAL = "personal", _("was given personal access")


# Who works on a case: its steps, its conditions and what is due are their business.
WORKING = (Basis.ASSIGNMENT, Basis.COVER, Basis.TEAM, Basis.DUTY)


class NotEligible(TextChoices):
    ADULT = "adult", _("Found to be an adult")
    NO_INDICATION = "no_indication", _("No sign of exploitation or trafficking")
    OTHER_SERVICE = "other_service", _("Another service is responsible")


class EarlyEnd(TextChoices):
    """Why an open case may end before its work is done."""

    DIED = "died", _("The child died")
    CAME_OF_AGE = "came_of_age", _("Came of age")
    DECLINED = "declined", _("Declined further help")
    CONTACT_LOST = "contact_lost", _("Contact lost for twelve months")
    LONG_MISSING = "long_missing", _("Missing for twelve months")
