"""From the arrival on: the handover or its failure, visits, an alert, and the end that was hoped for."""

from collections.abc import Collection
from datetime import timedelta

from accounts.meanwhile import last_saved
from cases.demo import around
from cases.demo.closing import close, propose_closure
from cases.demo.entries import take
from cases.models.people import Contact, PersonRole
from cases.models.plan import VisitKind
from cases.services.people import Particulars
from referrals.services.moving import take_referral_step
from repatriation.demo.leaving import TO_CARRY, journey_of
from repatriation.demo.way import HOME, Way
from repatriation.models import Handover
from repatriation.models.choices import HandoverRefusal, Occupation, SeenPaper, Sign
from repatriation.services.alternates import ask_about_alternate
from repatriation.services.care import Care, name_care
from repatriation.services.handing import begin_handover, match_receiver, sign_handover, tick_line
from repatriation.services.reporting import VisitReport, report_visit

AUNT = Particulars(
    role=PersonRole.RELATIVE,
    name="Tessa Tolen",
    telephone="+00 300 744",
    languages="Belmoran, Russian",
    note="Aunt; lives with the grandmother at weekends.",
    country=HOME,
    contact=Contact.SAFE,
)
CLOSURE = (
    "Lives with its grandmother in Belmora for more than a year. Five visits, each well. The social service there "
    "stays in touch; the family knows whom to call."
)
SAID = (
    "“My bed is under the window. The hens are loud.”",
    "“I have a friend. We walk to school.”",
    "“I am in the choir.”",
    "“I do not think of it every day any more.”",
    "“I want to learn to bake.”",
)


def begin(way: Way) -> None:
    """Gone through by the escort; nobody has signed yet."""
    begin_handover(way.pk, actor=way.who("tomas"))
    for place in range(1, len(TO_CARRY) + 1):
        tick_line(way.pk, actor=way.who("eskort"), place=place, there=True)


def hand_over(way: Way) -> None:
    with way.at(journey_of(way).arrives_at + timedelta(minutes=40)):
        _meet(way)


def _meet(way: Way) -> None:
    begin(way)
    match_receiver(way.pk, actor=way.who("eskort"), matches=True, paper=SeenPaper.IDENTITY_CARD)
    for name in ("eskort", "tomas"):
        handover = Handover.objects.get(way=way.pk, ended_at=None)
        sign_handover(way.pk, actor=way.who(name), seen=last_saved(handover))


def go_on_at_home(way: Way) -> None:
    """The child has left the country, and its case is monitored from here."""
    basis = "Record of the handover, signed by both"
    take(way.file, "end_residence", basis=basis, reason="Handed over to its grandmother in Belmora.")
    way.file.step("begin_monitoring")


def fail(way: Way) -> None:
    """The grandmother is in hospital. The panel is asked whether an aunt may receive the child."""
    way.step(
        "fail_handover",
        by="eskort",
        code=HandoverRefusal.NOBODY_CAME,
        words="With the escort in the guest room of the social service; ate, and sleeps.",
    )
    (aunt,) = around.add(way.file, AUNT)
    care = Care(country=HOME, person_id=aunt.pk, address="Mill Lane 3, Upper Tolna", alternate=True)
    alternate = name_care(way.pk, actor=way.file.worker, care=care)
    ask_about_alternate(way.pk, actor=way.who("sami"), arrangement_id=alternate.pk)


def report(
    way: Way, number: int, *, safe: bool = True, signs: Collection[Sign] = (), words: str = ""
) -> None:
    told = VisitReport(
        done_on=way.file.today,
        seen_alone=safe,
        safe=safe,
        occupation=Occupation.SCHOOL if safe else Occupation.NONE,
        signs=signs,
        child_words=SAID[number - 1] if safe else "",
        words=words or "The house is warm, the school sees the child every day.",
    )
    report_visit(way.pk, number, actor=way.who("tomas"), report=told)


def alarm(way: Way) -> None:
    words = "Not at school since Monday. The neighbour saw a grey van. The grandmother was told to be silent."
    report(way, 1, safe=False, signs=[Sign.MISSING, Sign.CONTACTED], words=words)


def complete(way: Way) -> None:
    """All visits are reported: return and referral are completed, then the case is closed."""
    file = way.file
    with file.ago(20):
        way.step("complete", by="sami")
        _complete_reception(way)
    propose_closure(file, seen=18, written=16, kind=VisitKind.REMOTE, summary=CLOSURE)
    close(file, ago=14)


def _complete_reception(way: Way) -> None:
    reception, tomas = way.row().reception_id, way.who("tomas")
    if reception is None:
        raise TypeError("Somebody received the child.")
    take_referral_step(reception, "begin_service", actor=tomas)
    done = {"outcome": "achieved", "feedback": "Lives with its grandmother and goes to school. Five visits."}
    take_referral_step(reception, "complete", actor=tomas, values=done)
