"""What steps in a track ask for: a day and, where there is one, the document that shows it; often more."""

from django.utils.translation import gettext_lazy as _

from workflow.machine import CODE, COUNTRY, DAY, WORDS, YES, Field, Words

HAPPENED_ON = Field(name="happened_on", kind=DAY, label=_("Day"))
DOCUMENT = Field(
    name="document",
    kind="document",
    label=_("Document that shows it"),
    required=False,
    hint=_("One of the documents in this file."),
)
ALWAYS = (HAPPENED_ON, DOCUMENT)
REASON = Field(name="reason", kind=WORDS, label=_("Reason"))
REVIEW_ON = Field(name="review_on", kind=DAY, label=_("To be looked at again on"))
AUTHORITY = Field(name="authority", kind=WORDS, label=_("Authority or organisation"))
NUMBER = Field(name="number", kind=WORDS, label=_("Number of the act or document"))


def yes(name: str, label: Words) -> Field:
    return Field(name=name, kind=YES, label=label)


__all__ = [
    "ALWAYS",
    "AUTHORITY",
    "CODE",
    "COUNTRY",
    "DAY",
    "NUMBER",
    "REASON",
    "REVIEW_ON",
    "WORDS",
    "Field",
    "yes",
]
