"""Connects referrals to the rooms below, once, when all models are loaded."""

from django.utils.translation import gettext_lazy as _

from accounts import drafts, lists, live, policy
from accounts.access import Ability
from accounts.live import Topic
from accounts.models import User
from cases import registry, wording
from cases.context import add_entry
from cases.models import Document
from cases.views.tabs import Group, Page, add_group
from cases.views.today import TARGETS
from referrals import board
from referrals import wording as words
from referrals.demo import tell_referrals
from referrals.edges import REFERRAL
from referrals.lists import LISTS
from referrals.models import Attachment, Referral
from referrals.permissions import may_listen, may_listen_to_boxes
from referrals.services import clocks, consenting, events, moving
from workflow import deadlines


def _boxes(user: User) -> Topic:
    return Topic(events.BOXES_TOPIC, user.agency_id)


def connect() -> None:
    REFERRAL.attach(Referral)
    drafts.register("referral_id", Referral, "case_id")
    lists.register(*LISTS)
    wording.add(words)
    live.register(events.REFERRAL_TOPIC, may_listen, sequences=events.numbers, presence=True)
    live.register(events.BOXES_TOPIC, may_listen_to_boxes, sequences=events.latest)
    live.watch_pages(_boxes, "referrals", "referral_board", "referral_register")
    add_entry("referrals", _("Referrals"), Ability.SEE_CASES)
    # Who watches over data protection sees no cases, so the page of referrals leads nowhere for them.
    add_entry("referral_register", _("Register of disclosures"), Ability.SEE_CASE_LOG)
    add_group(
        Group(_("Referrals"), (Page("case_referrals", _("Referrals"), lambda opened: opened.works_on_it),))
    )
    TARGETS["referrals.referral"] = ("referral", "referrals")
    registry.on_leaving_open(moving.end_with_case)
    registry.on_coming_back(clocks.stop_ended)
    registry.on_asking_open_matters(moving.has_open)
    registry.on_gone(Referral.DoesNotExist, Attachment.DoesNotExist, Document.DoesNotExist)
    registry.on_consent(consenting.follow_answer)
    registry.on_asking_what_follows(consenting.what_follows)
    deadlines.on_remind(clocks.remind_recipient)
    deadlines.on_overdue(moving.expire, before_telling=True)
    deadlines.on_overdue(clocks.tell_recipient)
    registry.on_seeding_demo(tell_referrals)
    _register_policies()


def _register_policies() -> None:
    hours, days = _("hours"), _("days")
    policy.register(
        clocks.ACKNOWLEDGE_HIGH,
        24,
        hours,
        _("How soon a recipient confirms that an urgent referral arrived."),
    )
    policy.register(
        clocks.ACKNOWLEDGE_OTHER, 72, hours, _("How soon a recipient confirms that another referral arrived.")
    )
    policy.register(
        board.SILENT_AFTER,
        3,
        _("referrals"),
        _("After how many referrals without any answer a recipient stands among those who never answer."),
    )
    policy.register(clocks.INFORM_HOURS, 48, hours, _("How soon the sender answers a recipient’s question."))
    policy.register(
        clocks.REPLACE_HOURS,
        24,
        hours,
        _("How soon the sender finds somebody else when a referral was not taken up or came back."),
    )
    policy.register(
        clocks.CONFIRM_DAYS, 14, days, _("How soon the sender confirms the outcome of a referral.")
    )
    policy.register(
        clocks.AFTER_CONFIRMATION,
        30,
        days,
        _("How long a recipient still has access once the outcome is confirmed."),
    )
    policy.register(
        clocks.AFTER_COMPLETION,
        45,
        days,
        _("How long a recipient still has access after it completed the service, without a confirmation."),
    )
