"""Pages of a case put into words, for whoever looks at what was read. Forms are called as the page that has them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

_NAMES: tuple[tuple[StrPromise, str], ...] = (
    (_("Overview"), "case case_assign case_override case_police case_propose_end case_step"),
    (_("Identity"), "case_identity name_add name_remove number_add number_remove"),
    (_("People"), "people person_edit person_new person_remove"),
    (_("Placement"), "placement"),
    (_("Report"), "case_report"),
    (_("What happened"), "account"),
    (_("Duplicates"), "case_duplicates duplicate_decide duplicates_run"),
    (_("Linked files"), "link_add link_remove links"),
    (_("Risk and safety"), "case_risk"),
    (_("Best interests"), "best_interests best_interests_finish"),
    (_("Consent"), "consent_new consent_withdraw consents withdrawal_decide"),
    (_("Legal protection"), "interview_new legal testimony"),
    (_("Medical care"), "examination_new health_record_new medical travel_fitness_new"),
    (_("Rehabilitation"), "need_new rehabilitation"),
    (_("Plan"), "agreement_new goal_end goal_new plan plan_review task_done task_drop task_new view_new"),
    (_("Plan"), "visit_cancel visit_done visit_new"),
    (_("The child’s voice"), "leaflet voice_answer voice_new voices"),
    (_("Closure"), "closure coming_of_age danger_abroad durable_solution focal_point_told outside"),
    (_("Calendar"), "appointment_cancel appointment_done appointment_move appointment_new case_calendar"),
    (_("Conferences"), "conference conference_cancel conference_invited conference_move conference_new"),
    (_("Conferences"), "addendum_new conferences decision_new minute minute_close point_new point_remove"),
    (_("Notes"), "note_new notes"),
    (_("Documents"), "document_new document_open document_police document_remove document_report documents"),
    (_("History"), "case_history"),
    (_("The whole file"), "case_file case_file_pdf"),
    (_("Who can see this"), "access_end access_grant case_access"),
    (_("Erasing the file"), "erasure erasure_confirm erasure_drop erasure_export hold_lift hold_place"),
)
PAGES: Mapping[str, StrPromise] = {name: label for label, names in _NAMES for name in names.split()}
