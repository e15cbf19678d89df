from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from guardian.models import UserObjectPermissionBase

import clock
from accounts.access import RELATIONS_OF, Relation, Role
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.choices import OPEN_STATES, WORKING, Basis
from cases.models.duty import DutyShift

RELATION_OF: dict[str, Relation] = {
    Basis.ASSIGNMENT: Relation.ASSIGNED,
    Basis.TEAM: Relation.AGENCY,
    Basis.REFERRAL: Relation.REFERRED,
    Basis.REQUEST: Relation.CONSULAR,
    Basis.PANEL: Relation.PANEL,
    Basis.ESCORT: Relation.ESCORT,
    Basis.COVER: Relation.ASSIGNED,
    Basis.DUTY: Relation.DUTY,
    Basis.EMERGENCY: Relation.EMERGENCY,
    Basis.PERSONAL: Relation.PERSONAL,
}


# Grounds of those who work for the agency that owns the case, and of nobody else.
OF_OWN_AGENCY = (Basis.ASSIGNMENT, Basis.COVER, Basis.DUTY)


def _called(user: User) -> Q:
    """The duty that an agency holds is a ground of whoever has a shift now, and opens what is open."""
    shift = DutyShift.objects.at().filter(worker=user, agency=user.agency_id)
    standing = Q(basis=Basis.DUTY, agency__isnull=False)
    return ~standing | (Q(Exists(shift)) & Q(case__state__in=OPEN_STATES))


class CaseAccessQuerySet(models.QuerySet["CaseAccess"]):
    def live(self, at: datetime | None = None) -> Self:
        moment = at or clock.now()
        return self.filter(Q(until__isnull=True) | Q(until__gt=moment), ended_at__isnull=True)

    def live_for(self, user: User) -> Self:
        """Grounds that count for this account now: its role can hold the relation, its agency or itself is named."""
        held = RELATIONS_OF[Role(user.role)]
        bases = [basis for basis, relation in RELATION_OF.items() if relation in held]
        # Who works for another agency now leaves the old one's files behind.
        stayed = ~Q(basis__in=OF_OWN_AGENCY) | Q(case__agency=user.agency_id)
        rows = self.live().filter(stayed, Q(account=user) | Q(agency=user.agency_id), basis__in=bases)
        return rows.filter(_called(user)) if Basis.DUTY in bases else rows

    def for_lists(self, user: User) -> Self:
        """Of the grounds that count for this account, those by which a list is ordered.

        Whoever works on a case finds it by its deadline, also when another ground, which knows of none, is held.
        """
        held = self.model.objects.live_for(user)
        works = held.filter(case=OuterRef("case"), basis__in=WORKING)
        return self.live_for(user).filter(Q(basis__in=WORKING) | ~Exists(works))


class CaseAccess(models.Model):
    """One ground for seeing one case: the only source of every list and every check.

    Held by an account or by an agency (then by those of its accounts whose role can hold the relation).
    `sections` and `may_write` belong to personal grants; the other grounds read the access table.
    The agency that owns a case holds its duty ground all the time; it counts for the account that has a shift now.
    `due` is the case's next deadline, kept here so that a worklist is one join in the order of an index; only on
    the grounds of those who work on the case, because it tells even by its place in a list.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="access")
    # Without an index of its own: one of the agency and the basis serves as well, and more.
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", db_index=False)
    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=10, choices=Basis.choices)
    basis_id = models.UUIDField()
    sections = ArrayField(models.CharField(max_length=20), default=list)
    may_write = models.BooleanField(default=False)
    due = models.DateTimeField(null=True)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    history = FileHistory(excluded_fields=["due"])
    objects: ClassVar[CaseAccessQuerySet] = CaseAccessQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=True, account__isnull=False)
                | Q(agency__isnull=False, account__isnull=True),
                name="case_access_one_holder",
            ),
            models.UniqueConstraint(
                fields=["case", "basis", "basis_id", "account", "agency"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="case_access_one_live_row_per_basis",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.PERSONAL) | Q(until__isnull=False, account__isnull=False),
                name="case_access_personal_grant_ends",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.EMERGENCY) | Q(until__isnull=False, account__isnull=False),
                name="case_access_emergency_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "due", "case"],
                condition=Q(ended_at__isnull=True),
                name="access_account_due",
            ),
            models.Index(
                fields=["agency", "due", "case"], condition=Q(ended_at__isnull=True), name="access_agency_due"
            ),
            # An agency may own very many files, of which one account sees a few by another basis.
            models.Index(fields=["agency", "basis"], name="access_agency_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.basis}"

    @property
    def relation(self) -> Relation:
        return RELATION_OF[self.basis]

    @property
    def stands_by(self) -> bool:
        """The duty ground that an agency holds opens nothing by itself: it takes a shift."""
        return self.basis == Basis.DUTY and self.agency_id is not None

    def counts_for(self, user: User, *, is_called: bool) -> bool:
        """What `live_for` asks, of a live row in hand. `is_called`: whether a shift of the account runs."""
        if self.relation not in RELATIONS_OF[Role(user.role)]:
            return False
        if self.basis in OF_OWN_AGENCY and self.case.agency_id != user.agency_id:
            return False
        if self.account_id != user.pk and self.agency_id != user.agency_id:
            return False
        return not self.stands_by or (is_called and self.case.state in OPEN_STATES)


class CaseUserObjectPermission(UserObjectPermissionBase):
    """Personal, exceptional grants as django-guardian keeps them: a direct foreign key, mirrored into CaseAccess."""

    content_object = models.ForeignKey("cases.Case", models.CASCADE)
    deletable = True

    class Meta(UserObjectPermissionBase.Meta):
        pass
