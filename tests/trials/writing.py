"""Rules of a drive: what people write down on the way, up to the ends that they propose."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

import clock
from cases.models import CaseAccess, Consent
from cases.models.choices import (
    OPEN_STATES,
    Answer,
    Basis,
    BirthCertainty,
    EarlyEnd,
    GivenBy,
    Purpose,
    Risk,
    Safety,
)
from cases.services import abroad, consents
from cases.services.identity import record_identity
from cases.services.risk import assess_risk
from cases.services.steps import propose_end
from tests.cases import facts
from tests.cases import files as files_of_tests
from tests.trials.arranged import confirm, finish, review, write_closure
from tests.trials.drive import EVERYBODY, PLACES, TEAM, Drive
from workflow import deadlines

BIRTHS = st.sampled_from(
    (
        date(2009, 2, 28),
        date(2012, 2, 29),
        date(2016, 2, 29),
        date(2010, 12, 31),
        date(2013, 1, 1),
        date(2000, 5, 5),
    )
)


class Writing(Drive):
    """Risk, identity, consents, work, the place where the child lives, and how the file may end."""

    @rule(
        place=PLACES,
        actor=EVERYBODY,
        level=st.sampled_from(list(Risk)),
        safety=st.sampled_from(list(Safety)),
        seen=st.booleans(),
    )
    def look_at_risk(self, place: int, actor: str, level: Risk, safety: Safety, seen: bool) -> None:
        case = self.case(place)
        who, case_id = self.who(actor, case), case.pk
        self.attempt(
            "risk", lambda: assess_risk(case_id, actor=who, level=level, safety=safety, child_seen=seen)
        )

    @rule(place=PLACES, actor=EVERYBODY, born=BIRTHS, certainty=st.sampled_from(list(BirthCertainty)))
    def say_who_it_is(self, place: int, actor: str, born: date, certainty: BirthCertainty) -> None:
        case = self.case(place)
        who, case_id = self.who(actor, case), case.pk
        known = None if certainty == BirthCertainty.UNKNOWN else born
        identity = files_of_tests.identity(birth_date=known, birth_certainty=certainty)
        self.attempt("identity", lambda: record_identity(case_id, actor=who, identity=identity))

    @rule(
        place=PLACES, actor=TEAM, purpose=st.sampled_from((Purpose.SERVICES, Purpose.DATA, Purpose.SHARING))
    )
    def agree(self, place: int, actor: str, purpose: Purpose) -> None:
        case = self.case(place)
        who = self.who(actor, case)
        recipient = self.people["petra"].agency if purpose == Purpose.SHARING else None
        self.attempt(
            "consent",
            lambda: consents.record_consent(
                case.pk,
                actor=who,
                purpose=purpose,
                answer=Answer.CONSENT,
                given_by=GivenBy.GUARDIAN,
                given_on=self.today(case),
                recipient=recipient,
            ),
        )

    @rule(place=PLACES, actor=TEAM, pick=st.integers(0, 9))
    def withdraw(self, place: int, actor: str, pick: int) -> None:
        case = self.case(place)
        who = self.who(actor, case)
        answers = [each for each in case.facts.consents if consents.is_in_force(case, each)]
        if not answers:
            return
        answer = answers[pick % len(answers)]
        done = self.attempt(
            "withdrawal",
            lambda: consents.withdraw_consent(
                case.pk, answer.pk, actor=who, given_by=GivenBy.GUARDIAN, given_on=self.today(case)
            ),
        )
        if done and answer.recipient_id:
            given = CaseAccess.objects.live().filter(case=case, basis=Basis.PERSONAL)
            assert not given.filter(account__agency=answer.recipient_id).exists()
        if done:
            assert Consent.objects.filter(case=case, answer=Answer.WITHDRAWN).exists()

    @rule(place=PLACES)
    def plan_work(self, place: int) -> None:
        case = self.case(place)
        if case.state not in OPEN_STATES:
            return
        task = facts.task(case, self.worker(case))
        due_at = clock.now() + timedelta(days=3)
        deadlines.start(case.pk, "task", due_at, agency=case.agency, params={"task": str(task.pk)})
        facts.visit(case, self.worker(case))

    @rule(place=PLACES)
    def finish_work(self, place: int) -> None:
        finish(self, self.case(place))

    @rule(place=PLACES, kind=st.sampled_from(("parents", "kinship", "shelter", "detention")))
    def move_child(self, place: int, kind: str) -> None:
        case = self.case(place)
        if case.state in OPEN_STATES:
            facts.placement(case, self.worker(case), kind, is_safe=kind != "detention")

    # Ends, and danger abroad

    @rule(place=PLACES, actor=TEAM, why=st.sampled_from(list(EarlyEnd)))
    def propose(self, place: int, actor: str, why: EarlyEnd) -> None:
        case = self.case(place)
        case_id, who = case.pk, self.who(actor, case)
        self.attempt("propose_end", lambda: propose_end(case_id, actor=who, why=why))

    @rule(place=PLACES, actor=TEAM)
    def close_down(self, place: int, actor: str) -> None:
        """A closure, and a supervisor’s word about the durable solution, whether or not it is the time for it."""
        case = self.case(place)
        who = self.who(actor, case)
        self.attempt("closure", lambda: write_closure(case, who))
        self.attempt("solution", lambda: confirm(case, who))
        self.attempt("of age", lambda: review(case, who))

    @rule(place=PLACES, actor=TEAM)
    def alarm(self, place: int, actor: str) -> None:
        case = self.case(place)
        case_id, who = case.pk, self.who(actor, case)
        self.attempt("danger", lambda: abroad.believe_in_danger(case_id, actor=who, country="XB"))
        self.attempt(
            "told", lambda: abroad.record_told(case_id, actor=who, country="XB", words="Called at 9.")
        )
