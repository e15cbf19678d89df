"""How the child lives and what it needs: placement, what happened to it, and what is best for it."""

from typing import Any
from uuid import uuid4

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import Case
from vault.fields import SealedJSON, SealedText


class PlacementKind(TextChoices):
    PARENTS = "parents", _("With the parents")
    KINSHIP = "kinship", _("With relatives")
    FOSTER = "foster", _("Foster family")
    SHELTER = "shelter", _("Shelter")
    GROUP_HOME = "group_home", _("Small group home")
    HOSPITAL = "hospital", _("Hospital")
    INDEPENDENT = "independent", _("Lives alone, with support")
    DETENTION = "detention", _("In detention")


class Placement(models.Model):
    """Where the child is. Detention can be recorded, because it happens; it is never a safe placement (CRC 37(b))."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=11, choices=PlacementKind)
    is_safe = models.BooleanField()
    provider = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    address = SealedText(scope="case_id")
    telephone = SealedText(scope="case_id", null=True)
    note = SealedText(scope="case_id", null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-since", "-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(until__isnull=True), name="placement_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="placement_ends_later"
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlacementKind.DETENTION) | Q(is_safe=False), name="placement_no_safe_cell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Exploitation(TextChoices):
    """`vic_TypeOfExploitation` of the Human Trafficking Case Data Standard 2.0."""

    FORCED_LABOUR = "ForcedLabour", _("Forced labour")
    SEXUAL = "SexualExploitation", _("Sexual exploitation")
    CHILD_LABOUR = "ChildLabour", _("Child labour")
    FORCED_MARRIAGE = "ForcedMarriage", _("Forced marriage")
    SERVITUDE = "Servitude", _("Servitude")
    FORCED_MILITARY = "ForcedMilitaryByNonStateActors", _("Forced military service, by others than a state")
    ORGAN_REMOVAL = "OrganRemoval", _("Organ removal")
    FORCED_BEGGING = "ForcedBegging", _("Forced begging")
    FORCED_ADOPTION = "ForcedAdoption", _("Forced adoption")
    SURROGACY = "Surrogacy", _("Surrogacy")
    OTHER = "Other", _("Another kind")


class Recruitment(TextChoices):
    """`vic_MethodOfRecruitment` of HTCDS 2.0."""

    BUSINESS = "AtAPlaceOfBusiness", _("At a place of business")
    SCHOOL = "AtAnEducationalInstitution", _("At a school or another place of education")
    WORK = "AtWork", _("At work")
    SOCIAL_NETWORKS = "ThroughOnlineSocialNetworks", _("Through online social networks")
    ONLINE_ADVERTISEMENT = "ThroughAnOnlineAdvertisement", _("Through an online advertisement")
    TELEVISION = "ThroughATelevisionAdvert", _("Through an advertisement on television")
    NEWSPAPER = "ThroughANewspaperAdvert", _("Through an advertisement in a newspaper")
    FAMILY = "ThroughFamilyOrFamilyEvents", _("Through the family or a family event")
    FRIENDS = "ThroughFriendsOrSocialEvents", _("Through friends or a social event")
    OTHER = "Other", _("In another way")


class Control(TextChoices):
    """`vic_MethodsOfControl` of HTCDS 2.0."""

    THREATS = "PhysicalThreats", _("Threats of violence")
    THREATS_OF_LAW = "ThreatsLawEnforcement", _("Threats with the authorities")
    THREATS_TO_FAMILY = "ThreatensChildrenFamily", _("Threats against the family")
    DEBT = "DebtBondage", _("Debt bondage")
    FALSE_PROMISES = "FalsePromises", _("False promises")
    PHYSICAL_ABUSE = "PhysicalAbuse", _("Physical abuse")
    SEXUAL_ABUSE = "SexualAbuse", _("Sexual abuse")
    TAKES_EARNINGS = "TakesEarnings", _("Earnings taken away")
    NO_MONEY = "RestrictsFinancialAccess", _("No access to money")
    NO_CARE = "RestrictsMedicalCare", _("No access to medical care")
    NO_NECESSITIES = "WithholdsNecessities", _("Food, sleep or clothing withheld")
    PSYCHOLOGICAL_ABUSE = "PsychologicalAbuse", _("Psychological abuse")
    SUBSTANCES = "PsychoactiveSubstance", _("Drugs, alcohol or medicines")
    LONG_HOURS = "ExcessiveWorkingHours", _("Excessive working hours")
    NO_DOCUMENTS = "WithholdsDocuments", _("Documents withheld")
    OTHER = "Other", _("Another means")


class Relationship(TextChoices):
    """`vic_RelationshipToTrafficker` of HTCDS 2.0, spelt as the standard spells it."""

    FAMILIAL = "Familial", _("Of the family")
    ACQUAINTED = "Acquainted", _("Known to the child before")
    UNACQUAINTED = "Unaquainted", _("Not known to the child before")


class ExploitationAccount(models.Model):
    """What happened, in the codes of HTCDS 2.0 where people count, and in the child's words where they do not."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="account")
    exploitation = ArrayField(models.CharField(max_length=40), default=list)
    recruitment = ArrayField(models.CharField(max_length=40), default=list)
    control = ArrayField(models.CharField(max_length=40), default=list)
    relationship = models.CharField(max_length=20, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    words = SealedText(scope="case_id", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    def __str__(self) -> str:
        return str(self.case_id)


class Solution(TextChoices):
    """What a best-interests assessment recommends."""

    STAY_WITH_FAMILY = "family", _("To stay with, or go back to, the family here")
    CARE_HERE = "care_here", _("Care in this country")
    RETURN = "return", _("To look into a return")
    THIRD_COUNTRY = "third_country", _("To look into a third country")
    NOT_YET = "not_yet", _("Too early to say")


# Every factor is argued, or it is said why it cannot be yet (CRC General Comment 14; UNHCR-BIP).
FACTORS: tuple[tuple[str, Any], ...] = (
    ("views", _("The child’s own views")),
    ("family", _("Family and close relations")),
    ("safety", _("Safety, and what threatens it")),
    ("development", _("Health, schooling and development")),
    ("identity", _("Identity: language, culture, religion")),
    ("care", _("Care and placement")),
)


class BestInterestsAssessment(models.Model):
    """One version of the assessment. A finished one never changes; the next version begins as its copy."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="best_interests")
    version = models.PositiveIntegerField()
    factors = SealedJSON(scope="case_id", null=True)
    recommendation = models.CharField(max_length=13, choices=Solution, blank=True)
    conclusion = SealedText(scope="case_id", null=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="best_interests_version_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(finished_at__isnull=True), name="best_interests_one_draft"
            ),
        ]
        triggers = [
            # Decisions rest on what was written that day.
            pgtrigger.Protect(
                name="best_interests_stays_finished",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.finished_at IS NOT NULL"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"
