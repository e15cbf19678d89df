"""What the case page shows of an imported file: words in the reader's language, no codes."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import translation

from accounts.access import Section
from cases.importing.labels import imported_rows
from cases.models import ImportedValues
from tests.cases import files
from tests.cast import Cast

SAID: Mapping[Section, Mapping[str, Any]] = {
    Section.ACCOUNT: {
        "vic_TypeOfExploitation": ["ForcedBegging", "ForcedAdoption"],
        "vic_LocationOfExploitation": "Port Vale",
    },
    Section.IDENTITY: {
        "prs_Gender": "NonSpecifiedUnknown",
        "prs_Citizenship": ["UA", "XB"],
        "prs_Birthdate": "2009",
    },
    Section.LEGAL: {"con_Consent": "TRUE"},
    Section.NOTES: {"cas_IncomingReferralDate": "2023-05-01", "cas_Status": "FollowUp", "old_Column": "Kept"},
}
SHOWN = {
    "en": {
        "Type of Exploitation": "Forced begging, Forced adoption",
        "Location of Exploitation": "Port Vale",
        "Gender": "Not Specified/Unknown",
        "Citizenship": "Ukraine, Belmora",
        "Birthdate": "2009",
        "Consent": "yes",
        "Incoming Referral Date": "1 May 2023",
        "Status": "Follow Up",
        "old_Column": "Kept",
    },
    "ru": {
        "Вид эксплуатации": "Принудительное попрошайничество, Принудительное усыновление",
        "Место эксплуатации": "Port Vale",
        "Пол": "Не указан или неизвестен",
        "Гражданство": "Украина, Бельмора",
        "Дата рождения": "2009",
        "Согласие": "да",
        "Дата входящего направления": "1 мая 2023",
        "Состояние": "Наблюдение",
        "old_Column": "Kept",
    },
}


@pytest.mark.parametrize("language", SHOWN)
def test_values_are_words_in_the_readers_language(cast: Cast, language: str) -> None:
    case = files.in_state("active", cast.ana.agency)
    for section, values in SAID.items():
        kept = ImportedValues(case=case, section=section)
        kept.values = dict(values)
        kept.save(force_insert=True)
    with translation.override(language):
        shown = {label: words for block in imported_rows(case, Section) for label, words in block["facts"]}
    assert shown == SHOWN[language]
