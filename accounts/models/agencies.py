"""Who works together: an agency has accounts, owns cases, and answers for both."""

from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


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


def check_time_zone(name: str) -> None:
    """A wrong zone moves every working day and deadline of the agency."""
    if name not in available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone. Write one such as Europe/Vienna."), params={"name": name}
        )


class Agency(models.Model):
    """`desk` is the agency whose desk receives the reports made here; without one its own desk does."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    country = CountryField()
    kind = models.CharField(max_length=30, choices=AgencyKind)
    services = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    time_zone = models.CharField(max_length=60, validators=[check_time_zone])
    duty_phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    desk = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="served")

    class Meta:
        ordering = ["name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=AgencyKind.values), name="agency_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The database cannot know which zones exist, so no door but this one leads in.
        check_time_zone(self.time_zone)
        super().save(*args, **kwargs)

    @property
    def receiving_desk(self) -> "Agency":
        return self.desk or self
