"""Connects the case file to the rooms below, once, when all models are loaded."""

from django.utils.translation import gettext_lazy as _

from accounts import audit, drafts, lists, live, policy
from cases import registry
from cases.edges.lifecycle import LIFECYCLE
from cases.edges.tracks import TRACKS
from cases.lists import LISTS
from cases.matching.names import SECONDS_IN_MEMORY, WORDS_IN_MEMORY
from cases.models import Case, EmergencyOpening, FormerOwner, Report
from cases.permissions import which_may_listen
from cases.services import clocks, conferences, documents, emergency, telling, voices, watching
from cases.services.track_effects import legal_answer_awaited
from workflow import deadlines

# Pages made of the cases of their reader.
LIST_PAGES = (
    "today",
    "case_list",
    "calendar",
    "desk",
    "team",
    "duty",
    "team_reassign",
    "emergency_reviews",
    "people_access",
)


def connect() -> None:
    lists.register(*LISTS)
    LIFECYCLE.attach(Case)
    for track in TRACKS.values():
        track.machine.attach(track.model)
    drafts.register("case_id", Case, "pk")
    drafts.register("report_id", Report, "case_key")
    drafts.register("opening_id", EmergencyOpening, "case_id")
    drafts.register("former_id", FormerOwner, "case_id")
    live.register_many(telling.CASE_TOPIC, which_may_listen, presence=True, counted=True)
    live.watch_pages(live.lists_of, *LIST_PAGES)
    audit.on_record(telling.heed)
    registry.on_asking_open_matters(documents.police_not_told)
    registry.on_leaving_open(documents.keep_telling_police)
    registry.on_leaving_open(emergency.keep_review_due)
    registry.on_coming_back(emergency.drop_reviewed)
    deadlines.on_change(clocks.refresh_due)
    deadlines.on_remind(clocks.remind)
    deadlines.on_overdue(clocks.tell_of_age)
    deadlines.on_overdue(clocks.tell_overdue)
    deadlines.on_escalate(clocks.escalate)
    registry.on_asking_open_matters(legal_answer_awaited)
    registry.on_asking_open_matters(conferences.minute_open)
    policy.register(
        WORDS_IN_MEMORY,
        500_000,
        _("words"),
        _("How many words of names a process opens at most, so that like names are found."),
    )
    policy.register(
        SECONDS_IN_MEMORY,
        600,
        _("seconds"),
        _("How long a process keeps the opened words of names after the last search."),
    )
    policy.register(
        watching.WINDOW_HOURS,
        24,
        _("hours"),
        _("Over how much time it is counted how many files an account opened."),
    )
    policy.register(
        watching.MOST_FILES,
        40,
        _("files"),
        _("How many different files an account may open within that time before somebody is told."),
    )
    policy.register(
        watching.MOST_FAR_FILES,
        12,
        _("files"),
        _("How many of them may be far from its own work before somebody is told."),
    )
    policy.register(
        voices.ANSWER_DAYS,
        7,
        _("days"),
        _("How soon a child’s question or complaint is answered."),
    )
    policy.register(
        conferences.MINUTE_DAYS,
        3,
        _("days"),
        _("How soon after a case conference its minute is closed."),
    )
    policy.register(
        "case.contact_lost_days",
        365,
        _("days"),
        _("How long there must have been no contact before a case ends because contact was lost."),
    )
    policy.register(
        "case.reopened_assessment_days",
        7,
        _("days"),
        _("After reopening, a new best-interests assessment is due within this many days."),
    )
    policy.register(
        "case.long_missing_days",
        365,
        _("days"),
        _("How long a child must have been missing before its case may close."),
    )
    policy.register(
        "case.retention_years",
        10,
        _("years"),
        _("How long a file is kept after the child has come of age, or after closing if that is later."),
    )
    policy.register(
        "consent.withdrawn_days",
        1,
        _("working days"),
        _("How soon a supervisor decides how help goes on after consent was withdrawn."),
    )
    policy.register(
        "legal.representation_hours",
        24,
        _("hours"),
        _("How soon a representative is requested once one is needed."),
    )
    policy.register(
        "legal.identification_days",
        5,
        _("working days"),
        _("How soon the authority answers a request for identification."),
    )
    policy.register(
        "legal.reflection_days",
        30,
        _("days"),
        _("How long the recovery and reflection period lasts; never less than 30."),
    )
    policy.register(
        "rehabilitation.review_months",
        3,
        _("months"),
        _("How often rehabilitation is reviewed."),
    )
    policy.register(
        "rehabilitation.risk_review_days",
        7,
        _("days"),
        _("How soon rehabilitation is reviewed after the risk has changed."),
    )
    policy.register(
        "medical.fitness_days",
        10,
        _("days"),
        _("How old a certificate of fitness to travel may be at departure."),
    )
