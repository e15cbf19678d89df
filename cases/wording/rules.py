"""The rules on which conditions and pages rest, in plain words: each short name is explained here, and nowhere else.

A short name is an instrument and, where one is meant, its place: `CETS197 16(7)`. Guards name theirs in `source`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

INSTRUMENTS: Mapping[str, StrPromise] = {
    "ASYL": _("Confidentiality of claims for international protection"),
    "CETS197": _("Council of Europe Convention on Action against Trafficking in Human Beings"),
    "CRC": _("UN Convention on the Rights of the Child"),
    "EU2011/36": _("EU Directive 2011/36 against trafficking in human beings"),
    "GA64/142": _("UN Guidelines for the Alternative Care of Children"),
    "GC6": _("General Comment 6 of the UN Committee on the Rights of the Child"),
    "GDPR": _("General Data Protection Regulation of the EU"),
    "HTCDS": _("Human Trafficking Case Data Standard"),
    "IACM": _("Inter-Agency Guidelines for Case Management and Child Protection"),
    "LANZ14": _("Council of Europe Convention of Lanzarote, article 14"),
    "MED": _("Clinical guidance for survivors of violence"),
    "PAL8": _("UN Protocol of Palermo against trafficking in persons, article 8"),
    "TRM": _("Guidelines for a Transnational Referral Mechanism"),
    "UNHCR-BIP": _("Best Interests Procedure of UNHCR"),
    "VCCR": _("Vienna Convention on Consular Relations"),
}

SAYS: Mapping[str, StrPromise] = {
    "ASYL": _(
        "The country from which a child seeks protection does not learn of it, and is asked nothing that tells."
    ),
    "CETS197": _(
        "A child that was trafficked is protected first; what is done for it must not expose it again."
    ),
    "CETS197 10(3)": _(
        "When the age is uncertain and there are reasons to believe that a victim is a child, it is treated as one."
    ),
    "CETS197 10(4)": _(
        "A child that is alone gets a guardian or another representative who acts for its good."
    ),
    "CETS197 12(1)": _("Every victim gets a safe place, care, and somebody who looks at its safety."),
    "CETS197 13": _("A victim has at least 30 days to recover and to think. Nobody is removed in that time."),
    "CETS197 16(2)": _("A return respects the rights, the safety and the dignity of the person who returns."),
    "CETS197 16(5)": _(
        "Somebody in the other country is known who helps after the return, with school, work and care."
    ),
    "CETS197 16(7)": _(
        "No child is returned when an assessment of risk and security shows that this is not best for it."
    ),
    "CETS197 33(1)": _(
        "Whoever learns that a victim is in immediate danger in another country tells that country at once."
    ),
    "CRC 3": _("In everything that is done about a child, what is best for this child comes first."),
    "CRC 12": _(
        "Every child may say what it thinks about what concerns it, and it counts by age and maturity."
    ),
    "CRC 37(b)": _(
        "A child is not locked up for having been a victim. Detention is the very last resort, and short."
    ),
    "EU2011/36": _(
        "What is decided about a child that was trafficked is decided for its good, with its representative."
    ),
    "EU2011/36 13(2)": _(
        "When the age is uncertain and there are reasons to believe that a victim is a child, it is treated as one."
    ),
    "EU2011/36 14(1)": _(
        "A child is helped by what it needs itself, assessed for this child, until a lasting solution."
    ),
    "EU2011/36 14(2)": _(
        "A guardian or representative is appointed from the moment a child is identified; another one where its "
        "interests and those of its parents collide."
    ),
    "EU2011/36 16": _(
        "A lasting solution is found for a child that is alone, by what is best for this child."
    ),
    "GA64/142 ¶148": _(
        "A child goes back only when somebody there, a person or an authorised agency, has agreed and is able to "
        "take responsibility."
    ),
    "GC6 ¶84": _(
        "No child is returned where there is a reasonable risk that its basic rights would be violated."
    ),
    "GC6 ¶85": _(
        "Without parents or relatives who can care, secure and concrete care is arranged before a return."
    ),
    "GDPR 5": _(
        "Data about a person are seen by no more people, and kept no longer, than their purpose needs."
    ),
    "HTCDS": _("What is recorded, shared and counted about a victim rests on what that person agreed to."),
    "IACM": _(
        "A case goes step by step: register, assess, plan, act, review, close. Each step shows that it was done."
    ),
    "LANZ14": _(
        "A child that was exploited is helped to recover, in the short and the long run, and its views count."
    ),
    "MED": _(
        "Some care works for hours or days only: protection against HIV within 72 hours, emergency contraception "
        "within 120. Body and mind are looked at with consent, and what was found is written down."
    ),
    "PAL8": _(
        "A country takes back its own people, looks to their safety, and does not delay without a reason."
    ),
    "PAL8(1)": _("A return happens without undue delay, and with due regard for safety."),
    "PAL8(2)": _("A return takes account of legal proceedings, and is preferably voluntary."),
    "PAL8(3)": _(
        "Asked by another country, a country says without delay whether somebody is its national or lives there."
    ),
    "PAL8(4)": _("The country of the child issues the papers that it needs to travel."),
    "TRM": _(
        "Between agencies and countries, the receiving side confirms, names whom to call, and says what came of it; "
        "nothing is handed on without an answer."
    ),
    "UNHCR-BIP": _(
        "Several people from several agencies decide together what is best for the child, on a written assessment, "
        "after hearing it."
    ),
    "VCCR": _(
        "A consulate helps and protects the people of its country, and gets no more than it needs for that."
    ),
}


@dataclass(frozen=True)
class Rule:
    """A rule as a reader meets it. One that nobody explained has its short name alone."""

    code: str
    name: str
    says: str


def in_words(sources: Iterable[str]) -> Iterator[Rule]:
    for code in sources:
        yield Rule(code, str(INSTRUMENTS.get(instrument_of(code), "")), str(SAYS.get(code, "")))


def instrument_of(code: str) -> str:
    """Of `PAL8(4)` and of `GC6 ¶85`, what stands before the place."""
    return code.partition(" ")[0].partition("(")[0]
