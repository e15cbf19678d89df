"""People around the child, files that belong together, and what the child itself asks, wishes and complains about."""

from cases.demo.entries import take
from cases.demo.files import File, code_of
from cases.models import Person
from cases.models.notes import VoiceKind
from cases.models.people import Conflict, Contact, LinkKind, PersonRole
from cases.services.links import add_link
from cases.services.people import Particulars, add_person, change_person
from cases.services.voices import answer_voice, record_voice

MOTHER = Particulars(
    role=PersonRole.MOTHER,
    name="Liuba Sabran",
    telephone="+00 300 118",
    languages="Belmoran",
    note="Works in a bakery. Calls on Sundays; does not know where the child lives.",
    country="XB",
    contact=Contact.SAFE,
)
MOTHER_IN_CYRILLIC = Particulars(
    role=PersonRole.MOTHER,
    name="Любовь Дубрель",
    telephone="+00 300 204",
    languages="Belmoran, Russian",
    country="XB",
    contact=Contact.UNKNOWN,
)
FATHER_IN_ARABIC = Particulars(
    role=PersonRole.FATHER,
    name="كريم سلوان",
    languages="Arabic",
    note="Last heard of in the camp at the river.",
    contact=Contact.UNKNOWN,
)
GUARDIAN = Particulars(
    role=PersonRole.GUARDIAN,
    name="Greta Halm",
    telephone="+00 100 820",
    languages="Arvanian, English",
    country="XA",
    contact=Contact.SAFE,
)
INTERIM = Particulars(
    role=PersonRole.REPRESENTATIVE,
    name="Hanno Pell",
    telephone="+00 100 833",
    note="Stands in until the court has decided.",
    country="XA",
    contact=Contact.SAFE,
)
INTERPRETER = Particulars(
    role=PersonRole.INTERPRETER,
    name="Инга Тарл",
    telephone="+00 100 841",
    languages="Belmoran, Russian, Arvanian",
    contact=Contact.SAFE,
)
REFUSED_INTERPRETER = Particulars(
    role=PersonRole.INTERPRETER,
    name="Marek Dorn",
    languages="Belmoran, Romani",
    note="The child knows him from its street and falls silent when he comes in.",
    contact=Contact.UNSAFE,
    conflict=Conflict.SAME_COMMUNITY,
)
SUSPECT = Particulars(
    role=PersonRole.SUSPECT,
    name="“Uncle” Vilko",
    telephone="+00 300 999",
    note="Drives a grey van. The police know the number plate.",
    country="XB",
    contact=Contact.UNSAFE,
)
TRUSTED = Particulars(
    role=PersonRole.TRUSTED,
    name="Ms Abel, class teacher",
    telephone="+00 100 860",
    contact=Contact.SAFE,
)


def add(file: File, *told: Particulars) -> list[Person]:
    return [add_person(file.case_id, actor=file.worker, told=each) for each in told]


def appoint(file: File, told: Particulars = GUARDIAN, *, by: str = "") -> Person:
    (guardian,) = add(file, told)
    take(file, "appoint_representative", by=by, person=guardian)
    return guardian


def find_conflict(file: File, guardian: Person) -> None:
    """Of an appointed guardian: recorded, reported, and another one requested."""
    told = Particulars(
        role=guardian.role,
        name=guardian.name,
        note="An uncle of the man who is suspected, by marriage.",
        contact=Contact.UNSAFE,
        conflict=Conflict.FAMILY_OF_SUSPECT,
    )
    change_person(file.case_id, guardian.pk, actor=file.worker, told=told)
    take(file, "report_conflict")


def link(file: File, number: int, kind: LinkKind, *, by: str = "") -> None:
    """With the file of that story, by somebody who sees both."""
    actor = file.people[by] if by else file.worker
    add_link(file.case_id, actor=actor, code=code_of(number), kind=kind)


def hear(file: File, kind: VoiceKind, words: str, answer: str = "") -> None:
    """What the child says; answered on the same day, or not yet."""
    said = record_voice(file.case_id, actor=file.worker, kind=kind, words=words, said_on=file.today)
    if answer:
        answer_voice(file.case_id, said.pk, actor=file.worker, answer=answer, answered_on=file.today)
