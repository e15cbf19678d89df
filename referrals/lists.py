"""The lists of this room: what each can be sorted and filtered by (`accounts/lists.py`)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from accounts.lists import Choice, List, Sort, in_order_of
from accounts.models import ServiceType
from cases.lists import sees_cases
from cases.models.choices import Risk
from referrals.board import DEFAULT_PERIOD, PERIODS
from referrals.models.choices import ReferralState
from referrals.permissions import can_see_board, can_see_register
from referrals.register import ENDED, HELD, OPEN, SHARED

BY_STATE = Sort("state", _("State"), in_order_of("state", ReferralState.values))
BY_SERVICE = Sort("service", _("Service"), in_order_of("service", ServiceType.values))
BY_RECIPIENT = Sort("recipient", _("Recipient"), "recipient__name")
OF_SERVICE = Choice("service", _("Service"), ServiceType.choices)
OF_STATE = Choice("state", _("State"), ReferralState.choices)
URGENT_FIRST = (Risk.HIGH, Risk.MEDIUM, Risk.LOW)

BOXES = List(
    name="referrals",
    title=_("Referrals"),
    may=sees_cases,
    page="referrals",
    sorts=(
        BY_SERVICE,
        Sort("sender", _("Sender"), "sender__name"),
        BY_RECIPIENT,
        BY_STATE,
        Sort("urgency", _("Urgency"), in_order_of("urgency", URGENT_FIRST)),
        Sort("answer", _("Answer by"), "answer_by"),
        Sort("case", _("Case"), "case__code"),
    ),
    choices=(
        Choice(
            "box",
            _("Boxes"),
            (("in", _("Inbox")), ("out", _("Outbox")), ("former", _("Handed over"))),
            apart=True,
        ),
        Choice("show", _("Show"), (("all", _("All")),), apart=True),
        OF_SERVICE,
        OF_STATE,
        Choice("urgency", _("Urgency"), Risk.choices),
    ),
)

HANDED_OVER = List(
    name="handed-over",
    title=_("Cases handed over"),
    may=sees_cases,
    is_kept=False,
    sorts=(
        Sort("case", _("Case"), "case__code"),
        Sort("by", _("Taken over by"), "successor__name"),
        Sort("on", _("On"), "until", falls=True),
    ),
)

OF_A_CASE = List(
    name="case-referrals",
    title=_("Referrals"),
    may=sees_cases,
    first="-made",
    sorts=(
        Sort("made", _("Made"), "made_at", falls=True),
        BY_SERVICE,
        BY_RECIPIENT,
        BY_STATE,
        Sort("sent", _("Sent"), "sent_at", falls=True),
    ),
    choices=(OF_SERVICE, OF_STATE),
)

REGISTER = List(
    name="register",
    title=_("Register of disclosures"),
    may=can_see_register,
    page="referral_register",
    first="-sent",
    sorts=(Sort("sent", _("Sent"), "sent_at", falls=True), BY_SERVICE, BY_RECIPIENT),
    choices=(
        Choice("side", _("Direction"), ((SHARED, _("Shared by us")), (HELD, _("Held by us"))), apart=True),
        Choice(
            "state",
            _("Show"),
            ((OPEN, pgettext_lazy("disclosures", "Open")), (ENDED, _("Ended"))),
            apart=True,
        ),
        Choice("agency", _("Agency"), every=_("All agencies")),
        OF_SERVICE,
    ),
)

BOARD = List(
    name="response-times",
    title=_("Response times"),
    may=can_see_board,
    page="referral_board",
    first="-sent",
    sorts=(
        Sort("name", _("Agency"), "name"),
        Sort("sent", _("Sent"), "sent", falls=True),
        Sort("intime", _("Confirmed in time"), "in_time", falls=True),
        Sort("confirms", _("Confirms after"), "confirms_in"),
        Sort("answers", _("Answers after"), "answers_in"),
        Sort("accepted", _("Accepted"), "accepted", falls=True),
        Sort("declined", _("Declined"), "declined", falls=True),
        Sort("expired", _("Expired"), "expired", falls=True),
        Sort("other", _("Waiting or taken back"), "other", falls=True),
    ),
    choices=(
        Choice(
            "days",
            _("Period"),
            tuple(
                (
                    str(days),
                    ngettext_lazy("Last %(count)s day", "Last %(count)s days", days) % {"count": days},
                )
                for days in PERIODS
            ),
            default=str(DEFAULT_PERIOD),
            apart=True,
        ),
    ),
)

LISTS = (BOXES, HANDED_OVER, OF_A_CASE, REGISTER, BOARD)
