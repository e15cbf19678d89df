"""The machines of the three tracks, by name, with the section that each belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from cases.edges.legal import STRAND_LABELS, STRANDS
from cases.edges.medical import MEDICAL
from cases.edges.rehabilitation import REHABILITATION
from cases.models import Case, LegalProtection, MedicalCare, Rehabilitation
from workflow.machine import Machine, Words


@dataclass(frozen=True)
class TrackMachine:
    """`page` is the name of the page on which the track stands; `attribute` leads from a case to its row."""

    machine: Machine
    section: Section
    model: type[Model]
    attribute: str
    page: str
    label: Words

    def row_of(self, case: Case) -> Any:
        row = getattr(case, self.attribute)
        # Guards ask the case behind the row; both must be one object, so that facts are loaded once.
        row.case = case
        return row


TRACKS: Mapping[str, TrackMachine] = MappingProxyType(
    {
        **{
            strand.name: TrackMachine(
                strand, Section.LEGAL, LegalProtection, "legal", "legal", STRAND_LABELS[strand.name]
            )
            for strand in STRANDS
        },
        MEDICAL.name: TrackMachine(
            MEDICAL, Section.MEDICAL, MedicalCare, "medical", "medical", _("Medical care")
        ),
        REHABILITATION.name: TrackMachine(
            REHABILITATION,
            Section.REHABILITATION,
            Rehabilitation,
            "rehabilitation",
            "rehabilitation",
            _("Rehabilitation"),
        ),
    }
)
