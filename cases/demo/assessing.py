"""The first days: a safe place, somebody who speaks for the child, what happened, and what is best for it."""

from accounts.models import Agency
from cases.demo.entries import take
from cases.demo.files import File
from cases.models.situation import (
    FACTORS,
    Control,
    Exploitation,
    PlacementKind,
    Recruitment,
    Relationship,
    Solution,
)
from cases.services.account import Account, record_account
from cases.services.best_interests import Argued, finish_best_interests
from cases.services.placement import Place, record_placement

# Where the child is, by kind: address, telephone, note, and whose house it is.
HOUSES = {
    PlacementKind.SHELTER: (
        "Harbour House, Quay Road 4, Lindau",
        "+00 100 310",
        "Own room, second floor. Nobody outside is told the address.",
        "arvania-shelter",
    ),
    PlacementKind.FOSTER: ("Family in Fern Lane 11, Lindau", "+00 100 477", "Two other children.", ""),
    PlacementKind.KINSHIP: ("With the aunt, Orchard Street 23, Lindau", "+00 100 512", "", ""),
    PlacementKind.PARENTS: ("With both parents, Bell Street 9, Lindau", "+00 100 655", "", ""),
}
# For each factor two ways in which it is argued, for one half of the files each.
ARGUED = {
    "views": (
        "Wants to stay where it is safe and to go to school. Asks again and again about a younger brother.",
        "Wants to hear its mother’s voice before it decides anything. Does not want to be asked twice.",
    ),
    "family": (
        "The mother works abroad and calls every Sunday. Whether she knew is not clear yet.",
        "The parents look for the child and have gone to the police themselves.",
    ),
    "safety": (
        "The man who brought the child knows the old address and the telephone number. Both are changed.",
        "No threats since the telephone was switched off. The way to school is not walked alone.",
    ),
    "development": (
        "Two years without school. Sleeps badly, eats well, draws a lot.",
        "Reads for its age. Headaches in the evening; the clinic looks into them.",
    ),
    "identity": (
        "Speaks Belmoran with the interpreter and Arvanian with the other children. Wants to keep its feast days.",
        "Asks for a school where somebody speaks its language.",
    ),
    "care": (
        "The present place is safe and can be kept for as long as it is needed.",
        "The house is good for now. In the long run a family would be better than a house.",
    ),
}
CONCLUSION = (
    "Nothing is decided that cannot be undone: safety first, school at once, the family is looked into."
)
WHAT_HAPPENED = (
    Account(
        exploitation=[Exploitation.SEXUAL],
        recruitment=[Recruitment.SOCIAL_NETWORKS],
        control=[Control.THREATS_TO_FAMILY, Control.NO_DOCUMENTS],
        relationship=Relationship.UNACQUAINTED,
        countries=["XB", "XA"],
        words="“He wrote to me for weeks. Then he sent a ticket. In the flat he took my papers.”",
    ),
    Account(
        exploitation=[Exploitation.FORCED_BEGGING, Exploitation.CHILD_LABOUR],
        recruitment=[Recruitment.FAMILY],
        control=[Control.TAKES_EARNINGS, Control.LONG_HOURS, Control.PHYSICAL_ABUSE],
        relationship=Relationship.ACQUAINTED,
        countries=["XB", "XA"],
        words="“We had to bring fifty every evening. Who brought less did not eat.”",
    ),
)


def place(file: File, kind: PlacementKind, *, is_safe: bool = True) -> None:
    address, telephone, note, provider = HOUSES[kind]
    house = Agency.objects.get(code=provider) if provider else None
    where = Place(
        kind=kind,
        is_safe=is_safe,
        address=address,
        since=file.today,
        provider=house,
        telephone=telephone,
        note=note,
    )
    record_placement(file.case_id, actor=file.worker, place=where)


def weigh(file: File, solution: Solution) -> None:
    """A finished version; after the first one it is the next."""
    variant = file.half
    version = file.case().best_interests.count() + 1
    argued = Argued(
        version=version,
        factors={name: ARGUED[name][variant] for name, _label in FACTORS},
        recommendation=solution,
        conclusion=CONCLUSION,
    )
    finish_best_interests(file.case_id, actor=file.worker, argued=argued)


def first_night(file: File, kind: PlacementKind, spoken_for: str = "request_representative") -> None:
    """A safe place, and the step in representation by which somebody speaks for the child."""
    with file.day(0.45):
        place(file, kind)
        take(file, spoken_for)


def assess(file: File, *, on: float = 1.2, solution: Solution = Solution.CARE_HERE) -> None:
    with file.day(on):
        account = WHAT_HAPPENED[file.half]
        record_account(file.case_id, actor=file.worker, account=account)
        weigh(file, solution)
        file.step("assess")
