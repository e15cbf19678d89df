"""A small machine with every kind of edge and guard, on a table that only these tests have."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import uuid4

from django.apps.registry import Apps
from django.db import models
from django_fsm import FSMField

from accounts.models import User
from workflow.machine import CLOCK, Attempt, Edge, Field, Guard, Machine, Override

WORKER = frozenset({"worker"})
SUPERVISOR = frozenset({"supervisor"})
HAND_OF = {"case_worker": WORKER, "supervisor": SUPERVISOR}


class ParcelState(models.TextChoices):
    PACKED = "packed"
    SENT = "sent"
    HELD = "held"
    DELIVERED = "delivered"
    LOST = "lost"


class Parcel(models.Model):
    """Lives in a registry of its own, so that neither migrations nor grants nor flushes know it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    state = FSMField(default=ParcelState.PACKED, choices=ParcelState.choices, protected=True)
    held_from = models.CharField(max_length=20, blank=True)
    is_addressed = models.BooleanField(default=True)
    is_stamped = models.BooleanField(default=True)
    weight = models.IntegerField(default=1)
    packer = models.UUIDField(null=True)
    checker = models.UUIDField(null=True)
    imported_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Parcel"]] = models.Manager()

    class Meta:
        app_label = "workflow"
        db_table = "test_parcel"
        apps = Apps()

    def __str__(self) -> str:
        return "parcel"


def _weighed(parcel: Parcel, attempt: Attempt) -> bool | Mapping[str, str | int]:
    return True if parcel.weight <= 5 else {"over": parcel.weight - 5}


def _checked_by_another(parcel: Parcel, attempt: Attempt) -> bool:
    checker = parcel.checker
    return None not in (checker, parcel.packer) and checker != parcel.packer


def _held_from(parcel: Parcel, attempt: Attempt) -> str:
    return parcel.held_from


ADDRESSED = Guard("addressed", "An address is on it.", ("POST 1",), lambda parcel, _: parcel.is_addressed)
STAMPED = Guard(
    "stamped",
    "It bears a stamp.",
    ("POST 2",),
    lambda parcel, _: parcel.is_stamped,
    override=Override.SUPERVISOR,
    remedy="parcel_stamp",
    remedy_label="Buy a stamp",
)
WEIGHED = Guard("weighed", "It is too heavy by %(over)s kg.", ("POST 3",), _weighed)
CHECKED = Guard(
    "checked_by_another",
    "It was checked by somebody who did not pack it.",
    ("POST 4",),
    _checked_by_another,
    override=Override.NEVER,
    violation="NEW.checker = NEW.packer",
)
REASON = Field("reason", "text", "Reason", min_length=5)


def edges() -> tuple[Edge, ...]:
    return (
        Edge("send", "Send", ("packed",), ("sent",), WORKER, (ADDRESSED, STAMPED, WEIGHED)),
        Edge("hold", "Hold", ("packed", "sent"), ("held",), WORKER | SUPERVISOR, inputs=(REASON,)),
        Edge("release", "Release", ("held",), ("packed", "sent"), WORKER, choose=_held_from),
        Edge("repack", "Repack", ("packed", "held"), (), WORKER, (ADDRESSED,), stays=True),
        Edge("deliver", "Deliver", ("sent",), ("delivered",), SUPERVISOR, (CHECKED,)),
        Edge("lose", "Give up", ("sent",), ("lost",), frozenset({CLOCK})),
    )


def hands(user: User, parcel: Any) -> frozenset[str]:
    return HAND_OF.get(user.role, frozenset())


def machine(**changes: Any) -> Machine:
    settled: dict[str, Any] = {
        "name": "parcel",
        "field": "state",
        "states": ParcelState,
        "initial": ParcelState.PACKED,
        "edges": edges(),
        "final": frozenset({ParcelState.DELIVERED, ParcelState.LOST}),
        "hands": hands,
        "hand_labels": {"worker": "a worker", "supervisor": "a supervisor"},
        "imported_field": "imported_at",
    }
    return Machine(**(settled | changes))


PARCELS = machine()
