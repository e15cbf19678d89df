"""Words for the case itself: from the report to its end."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.choices import Basis
from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {
    "assign": DueWords(_("Assign a worker"), _("by risk, from the first report"), "case_assign", _("Assign")),
    "first_response": DueWords(
        _("See the child: first response"), _("by risk, from the first report"), "case_risk", _("Record")
    ),
    "assessment": DueWords(
        _("Complete the comprehensive assessment"), _("by risk, from the first report"), "case", _("Open")
    ),
    "evidence": DueWords(
        _("Complete what the old system did not hand over"),
        _("taken over from another system"),
        "case",
        _("Open"),
    ),
    "ask_other_agency": DueWords(
        _("Ask the other agency about a possible duplicate"),
        _("found by the duplicate check"),
        "case_duplicates",
        _("Open"),
    ),
    "contact": DueWords(
        _("Speak with the child again"), _("by risk, since the last time"), "case_risk", _("Record")
    ),
    "plan_review": DueWords(
        _("Review the plan"), _("by risk, since the last time"), "plan_review", _("Record")
    ),
    "tell_police": DueWords(
        _("Tell the police that the child is missing"), _("at once"), "case_police", _("Record")
    ),
    "best_interests_again": DueWords(
        _("Make a new best-interests assessment"), _("after reopening"), "best_interests", _("Open")
    ),
}

EVENTS: Mapping[str, StrPromise] = {
    "report.made": _("reported a child"),
    "report.taken": _("took the report from the desk"),
    "case.assigned": _("assigned a worker"),
    "case.moved": _("took the case over from another agency"),
    "case.imported": _("took the case over from a file"),
    "case.import_updated": _("updated the case from a file"),
    "case.begin_screening": _("began screening"),
    "case.take_over": _("took over the imported case"),
    "case.register": _("registered the case"),
    "case.find_not_eligible": _("found the case not eligible"),
    "case.assess": _("completed the assessment"),
    "case.plan": _("completed the plan"),
    "case.activate": _("approved the plan"),
    "case.begin_monitoring": _("began monitoring"),
    "case.return_to_active": _("returned the case to active work"),
    "case.close": _("closed the case"),
    "case.end_early": _("ended the case early"),
    "case.suspend": _("reported the child missing"),
    "case.resume": _("recorded that the child was found"),
    "case.police_told": _("recorded that the police were told"),
    "case.close_suspended": _("closed the case of a missing child"),
    "case.reopen": _("reopened the case"),
    "case.mark_duplicate": _("marked the file as a duplicate"),
    "case.undo_duplicate": _("undid the merge"),
    "case.refer_out": _("referred the case out of the system"),
    "case.end_proposed": _("proposed to end the case"),
    "case.guard_overridden": _("let a step go on without a condition"),
    "consent.recorded": _("recorded an answer about consent"),
    "risk.assessed": _("assessed risk and safety"),
    "identity.changed": _("changed identity"),
    "identity.name_added": _("added a name"),
    "identity.name_removed": _("removed a name"),
    "identity.number_added": _("added a document number"),
    "identity.number_removed": _("removed a document number"),
    "duplicates.checked": _("ran the duplicate check"),
    "duplicates.decided": _("decided about a possible duplicate"),
    "access.granted": _("gave personal access"),
    "access.ended": _("ended an access"),
    "paper.made": _("took away a paper with a code by which it can be checked"),
}

READS: dict[str, StrPromise] = {
    "case.read": _("opened the file"),
    "case.exported": _("took the file away as a PDF"),
    "case.listed": _("saw it in a list"),
    "case.past_read": _("opened the file as it was before another agency took it over"),
    "report.read": _("read the report at the desk"),
    "report.compared": _("compared the report with files that may be the same child’s"),
    "document.read": _("opened a document"),
    "emergency.read": _("looked at an opening in an emergency"),
}

# Why somebody may read: the grounds of CaseAccess, and what needs no ground in a case.
GROUNDS: Mapping[str, StrPromise] = {
    **{basis.value: basis.label for basis in Basis},
    "former_owner": _("had the file before another agency took it over"),
    "desk": _("works at the desk that received it"),
    "protection": _("watches over data protection"),
    "told": _("was told of its erasure"),
    "alert": _("answers for an alert in its country"),
}

NOTICES: Mapping[str, StrPromise] = {
    "report.waiting": _("A new report waits at the desk."),
    "case.assigned": _("A case was assigned to you."),
    "case.missing": _("A child is missing."),
    "case.end_proposed": _("Another supervisor proposes to end a case. A second one has to confirm."),
    "duplicates.decided_elsewhere": _("Somebody decided whether your file and another one are one child’s."),
    "duplicates.same": _("A worker found that two files are one child’s. Merge them."),
    "access.granted": _("You were given personal access to a case."),
    "audit.gap": _("Whoever runs Homeward said that seals of the record were lost with a restore. Ask why."),
    "audit.broken": _("The record of who did and read what is not whole. Look at it now."),
    "account.factors_reset": _(
        "Your second factor was reset by the operator. If you did not ask for it, say so now."
    ),
    "account.factor_added": _(
        "A second factor was added to your account. If it was not you, tell the operator now."
    ),
    "account.factor_removed": _(
        "A second factor was removed from your account. If it was not you, tell the operator now."
    ),
    "account.recovery_codes_made": _(
        "New recovery codes were made for your account. If it was not you, tell the operator now."
    ),
    "account.factors_reset_of": _("The second factor of an account was reset by the operator."),
    "guard.overridden": _("A supervisor let a step go on without one of its conditions."),
    "overdue.report": _("A report at the desk has waited too long."),
    "overdue.assign": _("A case has no worker and its time has passed."),
    "overdue.first_response": _("The first response is overdue."),
    "overdue.assessment": _("The comprehensive assessment is overdue."),
    "overdue.evidence": _("Evidence of an imported case is overdue."),
    "overdue.ask_other_agency": _("A question to another agency is overdue."),
    "overdue.contact": _("Contact with a child is overdue."),
    "overdue.plan_review": _("The review of a plan is overdue."),
    "overdue.tell_police": _("Telling the police about a missing child is overdue."),
    "overdue.best_interests_again": _("A new best-interests assessment is overdue."),
}

# Why a search found a file; `word` is what was typed.
FOUND: Mapping[str, StrPromise] = {
    "code": _("the code"),
    "name": _("“%(word)s”: a name that is written so"),
    "name_alike": _("“%(word)s”: a name that sounds alike or is spelled otherwise"),
    "name_weak": _("“%(word)s”: a name that is only somewhat alike"),
    "birth": _("the birth date"),
    "year": _("the year of birth"),
    "number": _("the number of a document"),
    "telephone": _("a telephone"),
}

REASONS: Mapping[str, StrPromise] = {
    "name": _("the same whole name"),
    "name_alike": _("a name that may be the same, spelled otherwise"),
    "one_name": _("one of the names"),
    "birth": _("the same birth date"),
    "birth_alike": _("a birth date with one difference"),
    "number": _("the same number of a document"),
    "number_alike": _("a number of a document with one difference"),
    "telephone": _("the same telephone"),
}
