"""Faults planted in a copy of the code, one at a time: the tests named beside each have to turn red.

Each is a place in the code, what stands there, and what a careless change would have made of it.
"""

from dataclasses import dataclass

SERVICES, VIEWS = "referrals/services/", "referrals/views/"
PERMISSIONS, GUARDS = "referrals/permissions.py", "referrals/guards.py"


@dataclass(frozen=True)
class Fault:
    what: str
    path: str
    before: str
    after: str
    # The file that is likely to notice it; only if it does not, all of referrals are asked.
    first: str = "test_send_and_answer.py"
    # Where the fault shows elsewhere: these tests alone.
    elsewhere: tuple[str, ...] = ()

    @property
    def rounds(self) -> tuple[tuple[str, ...], ...]:
        """The tests to run, until one of them fails."""
        return (
            (self.elsewhere,)
            if self.elsewhere
            else ((f"tests/referrals/{self.first}",), ("tests/referrals",))
        )


FAULTS = (
    Fault(
        "A draft is seen by the agency that it is meant for",
        PERMISSIONS,
        "sent | (received & ~never_came)",
        "sent | received",
    ),
    Fault(
        "The ground of another referral opens the pack",
        PERMISSIONS,
        "live_for(user).filter(basis=Basis.REFERRAL, basis_id=referral.pk)",
        "live_for(user).filter(basis=Basis.REFERRAL, case=referral.case_id)",
        first="test_write_message.py",
    ),
    Fault(
        "An account that changed its role still answers for its agency",
        PERMISSIONS,
        "answers = Role(user.role) in _answers(referral.transfer)",
        "answers = True",
    ),
    Fault(
        "A socket goes on hearing of a referral that has ended",
        PERMISSIONS,
        "return referral is not None and takes_part(user, referral)",
        "return referral is not None",
        first="test_write_message.py",
    ),
    Fault(
        "The sender can send files before the acceptance",
        PERMISSIONS,
        "return Hand.RECIPIENT not in held and referral.state in OFFERED",
        "return False",
        first="test_write_message.py",
    ),
    Fault(
        "The letter says who the child is before the acceptance",
        PERMISSIONS,
        "accepted = referral.accepted_by_id is not None",
        "accepted = True",
        first="test_referral_letter.py",
    ),
    Fault(
        "What is asked in words is shown before the acceptance",
        VIEWS + "referral.py",
        "row.request if opened.reads_request else None",
        "row.request",
        first="test_refer_child.py",
    ),
    Fault(
        "The pack is shown before the acceptance",
        VIEWS + "loading.py",
        "if not (self.is_sender or self.holds_pack):",
        "if not self.hands:",
        first="test_refer_child.py",
    ),
    Fault(
        "The tombstone still tells what was offered",
        VIEWS + "referral.py",
        '"offer": [] if opened.is_tombstone else offer_facts(row)',
        '"offer": offer_facts(row)',
        first="test_refer_child.py",
    ),
    Fault(
        "One side does not see the moves of the clock",
        VIEWS + "referral.py",
        'for event in row.events.select_related("by", "agency")',
        'for event in (row.events if opened.is_sender else row.events.exclude(side="clock")).select_related("by")',
    ),
    Fault(
        "The grounds do not end with the referral",
        SERVICES + "access.py",
        "        grounds.end_ground(row, by=by)",
        "        row.refresh_from_db()",
    ),
    Fault(
        "Ended care leaves the pack open",
        SERVICES + "moving.py",
        '    "recall_care": _close,',
        '    "recall_care": lambda referral, attempt: clocks.stop(referral),',
    ),
    Fault(
        "The recipient's clock runs while information is asked for",
        SERVICES + "clocks.py",
        "    _end(referral, ANSWER, met=False)\n    hours",
        "    hours",
    ),
    Fault(
        "The time that was left is lost when the answer comes",
        SERVICES + "moving.py",
        'return {"answer_by": clock.now() + left, "left_to_answer": None}',
        'return {"left_to_answer": None}',
    ),
    Fault(
        "A move of the other side is taken",
        SERVICES + "moving.py",
        "    REFERRAL.require_hand(REFERRAL.edge(edge_name), referral, attempt.actor)\n",
        "",
        first="test_referral_table.py",
    ),
    Fault(
        "A move that arrives twice has its effect twice",
        SERVICES + "events.py",
        "return key is not None and referral.events.filter(key=key).exists()",
        "return False",
        first="test_sent_again.py",
    ),
    Fault(
        "Nobody gives what they may not read: not asked",
        SERVICES + "giving.py",
        "if section not in sections(by, referral.case):",
        "if not section:",
        first="test_refer_child.py",
    ),
    Fault(
        "An authority of the country of origin is asked without clearance",
        GUARDS,
        "return not to_authority_of_origin(referral) or clearance_of(referral) is not None",
        "return True",
        first="test_referral_table.py",
    ),
    Fault(
        "It is sent without having been looked at",
        GUARDS,
        "return (referral.transfer or bool(referral.wanted)) and referral.previewed_at is not None",
        "return True",
        first="test_sign_referral.py",
    ),
    Fault(
        "Consent to share with somebody else is enough",
        GUARDS,
        "        return standing_consent(referral) is not None",
        "        return referral.case.consents.exists()",
        first="test_withdraw_consent_to_share.py",
    ),
    Fault(
        "The second signature is the sender's own",
        GUARDS,
        "return referral.cosigned_by_id is not None and referral.cosigned_by != attempt.actor",
        "return referral.cosigned_by_id is not None",
        first="test_sign_referral.py",
    ),
    Fault(
        "Open pages hear nothing of a move",
        SERVICES + "events.py",
        "    live.hint(REFERRAL_TOPIC, referral.pk)\n",
        "",
        elsewhere=("tests/browser/test_four_windows.py", "tests/accounts/test_live.py"),
    ),
    Fault(
        "A withdrawn consent leaves the offer standing",
        SERVICES + "consenting.py",
        "        end_with_consent(referral)\n",
        "        referral.refresh_from_db()\n",
        first="test_withdraw_consent_to_share.py",
    ),
    Fault(
        "The former owner keeps its grounds after a transfer",
        "cases/services/ownership.py",
        "    grounds.change_owner(case, by=by)\n",
        "",
        first="test_transfer_case.py",
    ),
)
