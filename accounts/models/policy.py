"""What a country or an agency has set in place of a default."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models.agencies import Agency


class PolicyValue(models.Model):
    """Belongs to an agency or to a country, never to both; the agency's own value goes first."""

    key = models.CharField(max_length=80)
    country = CountryField(null=True, blank=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="policy_values"
    )
    value = models.JSONField()

    class Meta:
        verbose_name = _("policy value")
        verbose_name_plural = _("policy values")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "agency"], condition=Q(agency__isnull=False), name="policy_once_agency"
            ),
            models.UniqueConstraint(
                fields=["key", "country"], condition=Q(country__isnull=False), name="policy_once_country"
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False, country__isnull=True)
                | Q(agency__isnull=True, country__isnull=False),
                name="policy_of_agency_or_country",
            ),
        ]

    def __str__(self) -> str:
        return self.key
