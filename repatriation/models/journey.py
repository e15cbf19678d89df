"""The journey: legs, escort, papers to carry, who waits at the other end; the handover; and how it goes afterwards."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

import clock
from accounts.history import FileHistory
from accounts.lasting import LastingRow
from accounts.models import Agency, User
from cases.models import Case, Document
from cases.models.choices import Gender
from cases.models.plan import Means
from repatriation.models.choices import (
    AssentKind,
    Authority,
    HandoverRefusal,
    Occupation,
    SeenPaper,
    Sign,
    SignedAs,
)
from repatriation.models.finding import CareArrangement
from repatriation.models.returns import Return
from vault.fields import SealedJSON, SealedText


class Journey(models.Model):
    """One plan to travel; a new date is a new row, so that nobody is handed over on what an older one said.

    `departs_at` and `arrives_at` are the ends of the legs, `arrives_on` the day at the place of arrival.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="journeys")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    departs_at = models.DateTimeField()
    arrives_at = models.DateTimeField()
    departs_on = models.DateField()
    arrives_on = models.DateField()
    escort = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    escort_vetted_on = models.DateField(null=True)
    # Until when the vetting holds, where the authority that vetted says so.
    vetted_until = models.DateField(null=True)
    # Preferably the child's own; accounts say nothing of it, so it is what the planner knows.
    escort_gender = models.CharField(max_length=20, choices=Gender.choices, blank=True)
    # By what right the escort takes the child along.
    mandate = SealedText(scope="case_id", null=True)
    receiver = models.ForeignKey(CareArrangement, models.PROTECT, null=True, related_name="+")
    authorised_by = models.CharField(max_length=8, choices=Authority, blank=True)
    authorised_on = models.DateField(null=True)
    authorisation = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    # With whom to speak on both ends: rows of side, name, telephone.
    contacts = SealedJSON(scope="case_id", null=True)
    has_contacts = models.BooleanField(default=False)
    # Medication and papers to carry, belongings: the list that is ticked off at the handover.
    to_carry = SealedJSON(scope="case_id", null=True)
    assistance = SealedText(scope="case_id", null=True)
    fallback = SealedText(scope="case_id", null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["way"], condition=Q(ended_at__isnull=True), name="journey_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(arrives_at__gt=F("departs_at")), name="journey_arrives_after_departure"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Leg(models.Model):
    """From one place to the next. Times are moments; each end names the zone in which people read its clock."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="legs")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    start = SealedText(scope="case_id")
    end = SealedText(scope="case_id")
    carrier = SealedText(scope="case_id", null=True)
    departs_at = models.DateTimeField()
    departs_zone = models.CharField(max_length=50)
    arrives_at = models.DateTimeField()
    arrives_zone = models.CharField(max_length=50)
    history = FileHistory()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["journey", "place"], name="leg_place_once"),
            models.CheckConstraint(condition=Q(arrives_at__gt=F("departs_at")), name="leg_arrives_later"),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} {self.place}"


class Assent(models.Model):
    """The child's yes to this journey, or for a child too young what was observed. The latest counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="assents")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=AssentKind)
    given_on = models.DateField()
    means = models.CharField(max_length=8, choices=Means)
    words = SealedText(scope="case_id")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        # A yes of an earlier day, entered later, does not overrule a newer no.
        ordering = ["-given_on", "-written_at"]

    def __str__(self) -> str:
        return str(self.pk)


class Handover(models.Model):
    """Two people meet, with two devices. The one to whom the child is given is the one named.

    `lines` is the list to carry as it was when the handover began; each is then in `ticked` or in `missing`. What one
    side has signed changes no more: whoever finds a mistake begins anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="handovers")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(CareArrangement, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    # The receiver's papers were looked at, and are those of the one named.
    receiver_matches = models.BooleanField(default=False)
    paper = models.CharField(max_length=15, choices=SeenPaper, blank=True)
    lines = SealedJSON(scope="case_id", null=True)
    # Which lines of the list to carry were there, and which were not; all were gone through.
    ticked = SealedJSON(scope="case_id", null=True)
    missing = SealedJSON(scope="case_id", null=True)
    list_done = models.BooleanField(default=False)
    remarks = SealedText(scope="case_id", null=True)
    refused = models.CharField(max_length=16, choices=HandoverRefusal, blank=True)
    # Where the child is, and with whom, when it could not be handed over.
    whereabouts = SealedText(scope="case_id", null=True)
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["way"], condition=Q(ended_at__isnull=True), name="handover_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class HandoverSignature(LastingRow):
    """Signed by proving anew who one is. Made once, by two people who are not the same."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="signatures")
    signed_as = models.CharField(max_length=8, choices=SignedAs)
    signer = models.ForeignKey(User, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "signed_as"], name="handover_signed_once_a_side"),
            models.UniqueConstraint(fields=["handover", "signer"], name="handover_signed_by_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.signed_as}"


class MonitoringVisit(models.Model):
    """One visit after the handover, by the partner abroad; its report is what monitoring ends on."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="visits")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    seen_alone = models.BooleanField(default=False)
    safe = models.BooleanField(null=True)
    occupation = models.CharField(max_length=9, choices=Occupation, blank=True)
    signs = ArrayField(models.CharField(max_length=13, choices=Sign), default=list)
    child_words = SealedText(scope="case_id", null=True)
    words = SealedText(scope="case_id", null=True)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["way", "number"], name="monitoring_number_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True)
                | (Q(safe__isnull=False, reported_by__isnull=False) & ~Q(occupation="")),
                name="monitoring_report_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
