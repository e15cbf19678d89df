"""Who works together: an agency has accounts, owns cases, and answers for both."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.history import FileHistory

# From one midnight: when an agency opens and closes, where it works.
Hours = tuple[timedelta, timedelta]
WEEK = 7
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class AgencyKind(models.TextChoices):
    SOCIAL_SERVICE = "social_service", _("Social service")
    SHELTER = "shelter", _("Shelter")
    CLINIC = "clinic", _("Clinic")
    LEGAL_AID = "legal_aid", _("Legal aid")
    GUARDIANS_OFFICE = "guardians_office", _("Guardian's office")
    SCHOOL = "school", _("School")
    HOTLINE = "hotline", _("Hotline")
    POLICE = "police", _("Police")
    BORDER = "border", _("Border guard")
    HOSPITAL = "hospital", _("Hospital")
    CONSULATE = "consulate", _("Consulate")
    ESCORTS = "escorts", _("Escort service")
    PANEL = "panel", _("Best-interests panel")
    FOCAL_POINT = "focal_point", _("Focal point of a country")
    DATA_PROTECTION = "data_protection", _("Data-protection office")
    STATISTICS = "statistics", _("Statistics office")
    OPERATOR = "operator", _("Operator of this installation")
    OUTSIDE = "outside", _("Outside this installation")


# Who runs or counts has nothing to offer to a child.
NOT_LISTED = (AgencyKind.OPERATOR, AgencyKind.STATISTICS)


class ServiceType(models.TextChoices):
    """`spl_Type` of the Human Trafficking Case Data Standard 2.0."""

    EDUCATION = "Education", _("Education")
    FINANCIAL = "Financial", _("Financial")
    HEALTH = "Health", _("Health")
    LABOUR = "LabourExploitationRehabilitation", _("Rehabilitation after labour exploitation")
    LEGAL = "Legal", _("Legal")
    LIVELIHOOD = "Livelihood", _("Livelihood")
    RIGHTS = "RightsBasedTraining", _("Learning about one’s rights")
    SEXUAL = "SexualExploitationRehabilitation", _("Rehabilitation after sexual exploitation")
    SOCIAL_CARE = "SocialCare", _("Social care")


class Taken(models.TextChoices):
    """Whom an agency takes."""

    GIRLS = "girls", _("Girls")
    BOYS = "boys", _("Boys")
    OTHERS = "others", _("Children of another gender")


def check_time_zone(name: str) -> None:
    """A wrong zone moves every working day and deadline of the agency."""
    if name not in available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone. Write one such as Europe/Vienna."), params={"name": name}
        )


def check_opening_hours(week: Any) -> None:
    """Seven days from Monday, each closed (None) or from one time to a later one."""
    if week is None:
        return
    days = week if isinstance(week, list) else []
    if len(days) != WEEK or not all(day is None or _is_span(day) for day in days):
        raise ValidationError(_("Opening hours are seven days, each closed or from one time to a later one."))


def _is_span(day: Any) -> bool:
    times = day if isinstance(day, list) else []
    known = len(times) == 2 and all(isinstance(each, str) and _CLOCK_TIME.fullmatch(each) for each in times)
    return known and times[0] < times[1]


def since_midnight(clock_time: str) -> timedelta:
    """What 08:30 stands for; 24:00 is the end of the day."""
    hour, minute = map(int, clock_time.split(":"))
    return timedelta(hours=hour, minutes=minute)


class AgencyQuerySet(models.QuerySet["Agency"]):
    def listed(self) -> "AgencyQuerySet":
        """Those that stand in the directory."""
        return self.filter(is_active=True).exclude(kind__in=NOT_LISTED)


class Agency(models.Model):
    """Who it is, as the operator set it up; and from `services` on what it says of itself in the directory.

    No street and no house: where a shelter stands must not be read by everybody who may look for one.
    `desk` is the agency whose desk receives the reports made here; without one its own desk does."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    country = CountryField()
    kind = models.CharField(max_length=30, choices=AgencyKind)
    time_zone = models.CharField(max_length=60, validators=[check_time_zone])
    is_active = models.BooleanField(default=True)
    desk = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="served")
    services = ArrayField(models.CharField(max_length=32, choices=ServiceType), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # None: it says nothing, so the policy's office hours hold.
    opening_hours = models.JSONField(null=True, blank=True, validators=[check_opening_hours])
    open_on_holidays = models.BooleanField(default=False)
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    places_free = models.PositiveSmallIntegerField(null=True, blank=True)
    places_said_on = models.DateField(null=True, blank=True)
    youngest = models.PositiveSmallIntegerField(null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(null=True, blank=True)
    takes = ArrayField(models.CharField(max_length=6, choices=Taken), default=list, blank=True)
    who_is_taken = models.TextField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    duty_phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    alternate = models.CharField(max_length=200, blank=True)
    how_to_reach = models.TextField(blank=True)
    said_on = models.DateField(null=True, blank=True)
    objects = AgencyQuerySet.as_manager()
    history = FileHistory()

    class Meta:
        ordering = ["name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=AgencyKind.values), name="agency_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(services__contained_by=ServiceType.values), name="agency_services_are_known"
            ),
            models.CheckConstraint(
                condition=Q(takes__contained_by=Taken.values), name="agency_takes_known_children"
            ),
            models.CheckConstraint(
                condition=Q(places_free__isnull=True)
                | Q(places__isnull=True)
                | Q(places_free__lte=F("places")),
                name="agency_free_places_are_places",
            ),
            models.CheckConstraint(
                condition=Q(places_free__isnull=True) | Q(places_said_on__isnull=False),
                name="agency_free_places_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(youngest__isnull=True) | Q(oldest__isnull=True) | Q(youngest__lte=F("oldest")),
                name="agency_ages_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The database knows neither which zones exist nor what a week is, so no door but this one leads in.
        check_time_zone(self.time_zone)
        check_opening_hours(self.opening_hours)
        super().save(*args, **kwargs)

    @property
    def receiving_desk(self) -> "Agency":
        return self.desk or self

    def hours_on(self, weekday: int) -> Hours | None:
        """What it says of a day of the week, Monday being 0; None where it is closed or says no hours at all."""
        span = self.opening_hours[weekday] if self.opening_hours else None
        return (since_midnight(span[0]), since_midnight(span[1])) if span else None
