"""People around the child: recorded, never accounts."""

from uuid import uuid4

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.access import Section
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import Case
from vault.fields import SealedText


class PersonRole(TextChoices):
    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    SIBLING = "sibling", _("Brother or sister")
    RELATIVE = "relative", _("Another relative")
    CAREGIVER = "caregiver", _("Caregiver")
    GUARDIAN = "guardian", _("Guardian")
    REPRESENTATIVE = "representative", _("Interim representative")
    INTERPRETER = "interpreter", _("Interpreter")
    TRUSTED = "trusted", _("A person the child trusts")
    SUSPECT = "suspect", _("Suspected of the exploitation")


FAMILY = frozenset({PersonRole.MOTHER, PersonRole.FATHER, PersonRole.SIBLING, PersonRole.RELATIVE})
REPRESENTS = frozenset({PersonRole.GUARDIAN, PersonRole.REPRESENTATIVE})


def section_of(role: str) -> Section:
    return Section.ACCOUNT if role == PersonRole.SUSPECT else Section.CONTACTS


class Conflict(TextChoices):
    """Why somebody may not speak or translate for this child (EU2011/36 14(2))."""

    NONE = "none", _("No conflict of interest")
    SUSPECTED = "suspected", _("Suspected of a part in the exploitation")
    FAMILY_OF_SUSPECT = "suspects_side", _("Close to somebody who is suspected")
    OWN_GAIN = "own_gain", _("Gains from the decision")
    SAME_COMMUNITY = "community", _("Of the same small community, the child is afraid")


class Contact(TextChoices):
    """Whether this person may be spoken to about the child."""

    SAFE = "safe", _("Contact is safe")
    UNSAFE = "unsafe", _("Contact is dangerous")
    UNKNOWN = "unknown", _("Not known")


class Person(models.Model):
    """Somebody the file has to know. Whoever is suspected belongs to what happened, everybody else to contacts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="people")
    role = models.CharField(max_length=14, choices=PersonRole)
    name = SealedText(scope="case_id")
    telephone = SealedText(scope="case_id", null=True)
    address = SealedText(scope="case_id", null=True)
    languages = SealedText(scope="case_id", null=True)
    note = SealedText(scope="case_id", null=True)
    country = models.CharField(max_length=2, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    contact = models.CharField(max_length=7, choices=Contact, default=Contact.UNKNOWN)
    conflict = models.CharField(max_length=13, choices=Conflict, default=Conflict.NONE)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def section(self) -> Section:
        return section_of(self.role)

    @property
    def may_represent(self) -> bool:
        """A guardian or interim representative without a conflict of interest (EU2011/36 14(2))."""
        return self.role in REPRESENTS and self.conflict == Conflict.NONE


class LinkKind(TextChoices):
    SIBLING = "sibling", _("Brothers or sisters")
    CO_VICTIM = "co_victim", _("Exploited together")
    SAME_SUSPECT = "same_suspect", _("The same person is suspected")


class CaseLink(models.Model):
    """Two files that have to do with each other. A link opens neither file to the readers of the other."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="links_made")
    other = models.ForeignKey(Case, models.PROTECT, related_name="links_received")
    kind = models.CharField(max_length=12, choices=LinkKind)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "other", "kind"], condition=Q(removed_at__isnull=True), name="case_link_once"
            ),
            models.CheckConstraint(condition=~Q(case=models.F("other")), name="case_link_to_another_case"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
