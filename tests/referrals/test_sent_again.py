"""Every form of a referral, sent twice at once and again after each later step: the effect is that of once."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import models
from django.urls import reverse

import clock
from accounts.access import Role
from accounts.meanwhile import last_saved
from accounts.models import AuditEvent, Notification, SentForm, User
from cases.models import Case, CaseAccess
from cases.models.choices import GivenBy
from cases.services.consents import withdraw_consent
from cases.services.incoming import SentFile, take_in
from referrals.models import Disclosure, Message, Referral, ReferralEvent, ServiceNote
from referrals.services.writing import write_message
from tests.cases import files, papers
from tests.cases.asking import browser, day
from tests.cast import PASSWORD, Cast
from tests.permissions.base import NOT_HERE
from tests.permissions.referrals import ROWS
from tests.referrals.offers import FIELDS, acknowledged, consented, drafted, in_service, offering, sent
from tests.referrals.words import STEPS
from tests.undone import undone
from workflow.models import Deadline, GuardOverride

LEFT: tuple[type[models.Model], ...] = (
    *(CaseAccess, Deadline, Disclosure, GuardOverride, Message, Notification, Referral, ReferralEvent),
    *(SentForm, ServiceNote),
)


def left_behind() -> list[object]:
    written = AuditEvent.objects.exclude(verb__in=["case.read", "case.listed", "referral.read"]).count()
    states = sorted(Referral.objects.values_list("pk", "state", "confirmed_at"), key=str)
    return [written, states, *(model._default_manager.count() for model in LEFT)]


@dataclass
class Sending:
    """Sends as somebody with a bad line does. `earlier` is what was sent: who, whereto, what, and where it led."""

    earlier: list[tuple[User, str, dict[str, Any], str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def __call__(self, user: User, name: str, *args: object, **data: Any) -> None:
        url, client = reverse(name, args=args), browser(user)
        before, said = left_behind(), {**data, "once": str(uuid4())}
        first = client.post(url, said)
        after = left_behind()
        assert (first.status_code, after != before) == (302, True), (name, args)
        is_step = name == "referral_step"
        self.names.add(f"{name} {args[1]}" if is_step else name)
        self.earlier.append((user, url, said, first["Location"]))
        self.all_again(after)
        if is_step:
            # From another window, whose form has a number of its own.
            client.post(url, {**data, "once": str(uuid4())})
            assert left_behind() == after, (name, args)

    def all_again(self, after: list[object]) -> None:
        """What was sent just now, and before."""
        for user, url, said, led_to in self.earlier:
            answer = browser(user).post(url, said)
            assert (answer.status_code, answer["Location"]) == (302, led_to), url
            assert left_behind() == after, url


def _statement(**more: Any) -> dict[str, Any]:
    today = clock.today("Europe/Vienna")
    said = {"purpose": "care", "needs": ["safe_place"], "legal_basis": "consent", **day("answer_by", today)}
    return said | more


def _to_the_confirmed_outcome(send: Sending, cast: Cast, case: Case) -> None:
    ana, petra, today = cast.ana, cast.petra, clock.today("Europe/Vienna")
    row = drafted(cast, case)
    to = f"{petra.agency_id}:SocialCare"
    send(ana, "referral_edit", row.pk, **_statement(request="She sleeps badly.", to=to))
    send(ana, "referral_pack", row.pk, **dict.fromkeys(FIELDS[:1], "on"))
    send(ana, "referral_preview", row.pk, seen=last_saved(row))
    send(ana, "referral_step", row.pk, "send")
    send(petra, "referral_step", row.pk, "acknowledge", contact="Petra", alternate="The desk")
    send(petra, "referral_step", row.pk, "ask", question="Does she need a room of her own?")
    send(ana, "referral_step", row.pk, "provide", answer="Yes, she does.")
    send(ana, "referral_message", row.pk, words="Thank you for asking.")
    send(petra, "referral_message", row.pk, words="You are welcome.")
    send(petra, "referral_step", row.pk, "accept", responsible="Petra", **day("starts_on", today))
    send(petra, "referral_step", row.pk, "begin_service")
    send(petra, "referral_note", row.pk, words="She slept well.")
    send(petra, "referral_step", row.pk, "complete", outcome="achieved", feedback="She is well.")
    send(ana, "referral_step", row.pk, "confirm")
    assert Message.objects.filter(referral=row).count() == 4
    assert ServiceNote.objects.get().words == "She slept well."


def _new_draft(send: Sending, cast: Cast, case: Case) -> None:
    offering(cast.petra.agency)
    consented(case, cast.ana, cast.petra.agency)
    send(cast.ana, "referral_new", case.pk, **_statement(to=[f"{cast.petra.agency_id}:SocialCare"]))
    assert Referral.objects.count() == 1
    send(cast.ana, "referral_step", Referral.objects.get().pk, "discard")


def _declined_and_offered_again(send: Sending, cast: Cast, case: Case) -> None:
    row = sent(cast, case)
    send(cast.petra, "referral_step", row.pk, "decline", code="capacity")
    send(cast.ana, "referral_again", row.pk)
    assert Referral.objects.count() == 2


def _recalled(send: Sending, cast: Cast, case: Case) -> None:
    row = acknowledged(cast, case)
    send(cast.ana, "referral_step", row.pk, "recall", reason="Another place was found.")


def _handed_back(send: Sending, cast: Cast, case: Case) -> None:
    row = in_service(cast, case)
    send(cast.petra, "referral_step", row.pk, "hand_back", code="escalated", reason="The house closes.")


def _ended_by_the_supervisor(send: Sending, cast: Cast, case: Case) -> None:
    row = in_service(cast, case)
    send(cast.sami, "referral_step", row.pk, "recall_care", reason="The child has moved.")


def _a_condition_set_aside(send: Sending, cast: Cast, case: Case) -> None:
    row = drafted(cast, case, legal_basis="order", basis_words="")
    send(cast.sami, "referral_override", row.pk, "send", "may_share", reason="By order of the youth court.")
    send(cast.ana, "referral_step", row.pk, "send")


def _signed_across_a_border(send: Sending, cast: Cast, case: Case) -> None:
    cast.tomas.agency.kind = "shelter"
    cast.tomas.agency.save()
    row = drafted(cast, case, cast.tomas.agency, transfer_basis="agreement")
    send(cast.sami, "referral_cosign", row.pk, seen=last_saved(row))
    send(cast.ana, "referral_step", row.pk, "send")


def _handed_over(send: Sending, cast: Cast, case: Case) -> None:
    north = cast.omar.agency
    User.objects.create_account("north", PASSWORD, name="North", role=Role.SUPERVISOR, agency=north)
    said = _statement(recipient=north.pk, legal_basis="order", basis_words="By order of the youth court.")
    send(cast.sami, "transfer_new", case.pk, **said)
    row = Referral.objects.get()
    send(cast.sami, "referral_preview", row.pk, seen=last_saved(row))
    send(cast.sami, "referral_step", row.pk, "send")
    send(cast.omar, "referral_step", row.pk, "acknowledge", contact="Omar", alternate="North")
    send(cast.omar, "referral_step", row.pk, "take_over", worker=cast.omar.pk)


def _another_ground(send: Sending, cast: Cast, case: Case) -> None:
    row = in_service(cast, case)
    consent, today = case.consents.get(recipient=row.recipient), clock.today("Europe/Vienna")
    withdraw_consent(case.pk, consent.pk, actor=cast.ana, given_by=GivenBy.CHILD, given_on=today)
    words = "By order of the youth court."
    send(cast.sami, "referral_basis", row.pk, legal_basis="order", basis_words=words)


def _reported_file(send: Sending, cast: Cast, case: Case) -> None:
    row = in_service(cast, case)
    files_sent = [SentFile("one.pdf", take_in("one.pdf", papers.pdf()))]
    said = write_message(row.pk, actor=cast.ana, words="Here it is.", files=files_sent)
    send(cast.ana, "referral_file_report", row.pk, said.attachments.get().pk)


PATHS = (
    *(_new_draft, _to_the_confirmed_outcome, _declined_and_offered_again, _recalled, _handed_back),
    *(_ended_by_the_supervisor, _a_condition_set_aside, _signed_across_a_border),
    *(_handed_over, _another_ground, _reported_file),
)


def test_each_form_has_its_effect_once(cast: Cast) -> None:
    sent_here: set[str] = set()
    for path in PATHS:
        send = Sending()
        with undone():
            path(send, cast, files.screened(cast))
        sent_here |= send.names
    by_people = {edge for edge, (_sources, _targets, who) in STEPS.items() if who - {"clock"}}
    takes_forms = {
        name.split()[0] for name, row in ROWS.items() if row.post.by_status and row.post != NOT_HERE
    }
    assert sent_here == takes_forms - {"referral_step"} | {f"referral_step {edge}" for edge in by_people}
