"""What the demo's agencies say of themselves in the directory. Two have not said anything for a long time."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import clock
from accounts.models import ServiceType, Taken

WEEKEND = [None, None]
OFFICE = [*[["08:00", "16:30"]] * 4, ["08:00", "14:00"], *WEEKEND]
LATE_ON_THURSDAY = [*[["09:00", "16:00"]] * 3, ["09:00", "19:00"], ["09:00", "13:00"], *WEEKEND]
CLINIC = [*[["07:30", "18:00"]] * 5, ["09:00", "13:00"], None]
ALWAYS = [["00:00", "24:00"]] * 7
EVERYBODY = list(Taken.values)

# Days ago, services, languages, and whatever else it says.
SAID: Mapping[str, tuple[int, list[str], list[str], dict[str, Any]]] = {
    "arvania-social": (
        4,
        [ServiceType.SOCIAL_CARE, ServiceType.FINANCIAL],
        ["en", "ru", "ro", "ar"],
        {
            "opening_hours": OFFICE,
            "telephone": "+00 100 210",
            "duty_phone": "+00 100 200",
            "email": "desk@social.arvania.example",
            "contact": "Desk officer",
            "alternate": "Head of the Lindau team",
            "oldest": 17,
            "takes": EVERYBODY,
            "who_is_taken": "Every child who is found in the district, whatever its papers.",
            "how_to_reach": "Call first, day or night. A report without a name is a report too.",
        },
    ),
    "arvania-north": (
        12,
        [ServiceType.SOCIAL_CARE],
        ["en", "ru", "uk"],
        {
            "opening_hours": OFFICE,
            "telephone": "+00 100 310",
            "duty_phone": "+00 100 300",
            "email": "desk@north.arvania.example",
            "contact": "Desk officer",
            "oldest": 17,
            "takes": EVERYBODY,
            "how_to_reach": "For a transfer we need the risk level and who speaks for the child.",
        },
    ),
    "arvania-shelter": (
        1,
        [ServiceType.SOCIAL_CARE, ServiceType.SEXUAL, ServiceType.EDUCATION],
        ["en", "ru", "ro", "uk", "sq"],
        {
            "opening_hours": ALWAYS,
            "open_on_holidays": True,
            "telephone": "+00 100 410",
            "duty_phone": "+00 100 411",
            "email": "intake@harbour.arvania.example",
            "contact": "Intake coordinator",
            "alternate": "House manager on duty",
            "places": 12,
            "places_free": 3,
            "youngest": 10,
            "oldest": 17,
            "takes": [Taken.GIRLS, Taken.OTHERS],
            "who_is_taken": "Siblings stay together: brothers up to 12 come along. "
            "No child who needs a hospital bed.",
            "how_to_reach": "Call before you set out; we tell the way to the worker who brings the child. "
            "We need to know of allergies, medicines, and of anybody who is looking for the child.",
        },
    ),
    "arvania-clinic": (
        9,
        [ServiceType.HEALTH],
        ["en", "ru", "ar", "vi"],
        {
            "opening_hours": CLINIC,
            "telephone": "+00 100 510",
            "duty_phone": "+00 100 112",
            "email": "children@clinic.arvania.example",
            "contact": "Paediatrician on call",
            "alternate": "Ward sister",
            "places": 4,
            "places_free": 0,
            "youngest": 0,
            "oldest": 17,
            "takes": EVERYBODY,
            "how_to_reach": "Within 72 hours of violence come at once, at any hour, and do not wash clothes.",
        },
    ),
    "arvania-legal": (
        47,
        [ServiceType.LEGAL, ServiceType.RIGHTS],
        ["en", "ru", "fr", "ar", "fa"],
        {
            "opening_hours": LATE_ON_THURSDAY,
            "telephone": "+00 100 610",
            "email": "office@legalaid.arvania.example",
            "contact": "Lawyer of the day",
            "oldest": 17,
            "takes": EVERYBODY,
            "who_is_taken": "Free of charge for every child, in every proceeding.",
            "how_to_reach": "We need the date of the next hearing or interview, and who may sign for the child.",
        },
    ),
    "arvania-hotline": (
        2,
        [ServiceType.SOCIAL_CARE],
        ["en", "ru", "ro", "sq", "rom"],
        {
            "opening_hours": ALWAYS,
            "open_on_holidays": True,
            "telephone": "+00 100 116",
            "email": "helpline@children.arvania.example",
            "contact": "Shift leader",
            "takes": EVERYBODY,
            "how_to_reach": "Children call themselves; the call costs nothing and shows on no bill.",
        },
    ),
    "arvania-panel": (
        21,
        [],
        ["en", "ru"],
        {
            "opening_hours": OFFICE,
            "telephone": "+00 100 710",
            "email": "secretary@panel.arvania.example",
            "contact": "Secretary of the panel",
            "how_to_reach": "The panel sits on Tuesdays. What is to be decided must be here on the Thursday before.",
        },
    ),
    "arvania-panel-court": (
        33,
        [],
        ["en"],
        {
            "opening_hours": LATE_ON_THURSDAY,
            "telephone": "+00 100 720",
            "contact": "Registry of the court",
        },
    ),
    "arvania-escorts": (
        6,
        [],
        ["en", "ru", "ro"],
        {
            "opening_hours": OFFICE,
            "telephone": "+00 100 810",
            "duty_phone": "+00 100 811",
            "email": "journeys@escorts.arvania.example",
            "contact": "Planner of journeys",
            "takes": EVERYBODY,
            "how_to_reach": "Five working days before the journey, with the language of the child.",
        },
    ),
    "arvania-focal": (
        6,
        [ServiceType.SOCIAL_CARE],
        ["en", "ro", "ru"],
        {
            "opening_hours": OFFICE,
            "telephone": "+00 100 910",
            "duty_phone": "+00 100 911",
            "email": "focal@social.arvania.example",
            "contact": "National contact for returning children",
        },
    ),
    "belmora-social": (
        3,
        [ServiceType.SOCIAL_CARE, ServiceType.EDUCATION, ServiceType.LIVELIHOOD],
        ["ro", "ru", "en"],
        {
            "opening_hours": OFFICE,
            "telephone": "+00 300 410",
            "duty_phone": "+00 300 400",
            "email": "returns@social.belmora.example",
            "contact": "Officer for returning children",
            "alternate": "Deputy director",
            "places": 8,
            "places_free": 2,
            "youngest": 3,
            "oldest": 17,
            "takes": EVERYBODY,
            "how_to_reach": "A home study takes three weeks. Give us the village and the mother’s maiden name.",
        },
    ),
    "belmora-consulate": (
        15,
        [],
        ["ro", "ru", "en"],
        {
            "opening_hours": LATE_ON_THURSDAY,
            "telephone": "+00 300 510",
            "duty_phone": "+00 300 511",
            "email": "children@consulate.belmora.example",
            "contact": "Consul for the protection of minors",
            "how_to_reach": "We issue papers for the way home. We ask nothing about what happened.",
        },
    ),
    "belmora-focal": (
        5,
        [ServiceType.SOCIAL_CARE],
        ["ro", "ru", "en", "fr"],
        {
            "opening_hours": OFFICE,
            "telephone": "+00 300 610",
            "duty_phone": "+00 300 611",
            "email": "focal@justice.belmora.example",
            "contact": "National contact for children on the move",
        },
    ),
    "corvia-house": (
        9,
        [ServiceType.SOCIAL_CARE, ServiceType.EDUCATION],
        ["en", "ro", "fr"],
        {
            "opening_hours": ALWAYS,
            "open_on_holidays": True,
            "telephone": "+00 500 110",
            "duty_phone": "+00 500 111",
            "email": "house@children.corvia.example",
            "contact": "Head of the house",
            "oldest": 17,
            "takes": EVERYBODY,
            "who_is_taken": "Children who have somebody of their own in Corvia.",
        },
    ),
}


def said_by(code: str) -> dict[str, Any]:
    """For the agency's row. One that has no account here, or runs the installation, says nothing."""
    if code not in SAID:
        return {}
    days, services, languages, more = SAID[code]
    said_on = clock.today("UTC") - timedelta(days=days)
    entry = {"services": services, "languages": languages, "said_on": said_on, **more}
    return entry | ({"places_said_on": said_on} if "places_free" in more else {})
