"""Before the vote: the file as its members read it, the weighing, and the hearing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import TABLE, Condition, Relation, Section
from accounts.audit import record_read
from accounts.countries import country_name
from accounts.meanwhile import Meanwhile
from cases.casefile import case_file
from cases.casefile.shape import Entry, Fact
from cases.casefile.words import day
from cases.models.registers import HealthRecordKind
from cases.models.situation import FACTORS
from cases.views.loading import reader
from repatriation.forms.panels import ArgumentsForm, HearingForm, name_of
from repatriation.guards.deciding import options_of
from repatriation.models import Argument, Panel, Return
from repatriation.models.choices import Option
from repatriation.permissions import has_seat
from repatriation.services.panels import decided, sitting
from repatriation.services.weighing import argue, argument_of, record_hearing
from repatriation.views.loading import found_return
from repatriation.views.panels import form_page, moved_on, progress, seated, table_of
from repatriation.views.parts import part_tabs
from vault import keys

# Of the access table, the column of the panel: what its members read of the file, and of medical care the summary.
READ_BY_PANEL = tuple(
    section for section, rule in TABLE[Relation.PANEL].items() if rule.condition == Condition.ALWAYS
)
Facts = list[tuple[str, Any]]


@require_safe
def panel_dossier(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """For members alone. Recorded as a reading of everything that it shows, before it leaves."""
    opened = found_return(request, return_id)
    way, user = opened.way, reader(request)
    panel = sitting(way) or decided(way)
    if panel is None or not has_seat(user, panel):
        raise Http404
    sections = [section for section in READ_BY_PANEL if section in opened.sections]
    record_read(
        user,
        way,
        case_id=way.case_id,
        sections=[*sections, Section.MEDICAL],
        basis=[row.basis for row in opened.grounds],
        verb="return.dossier_read",
    )
    keys.prefetch([way.case_id])
    context = {
        "way": way,
        "tabs": part_tabs(opened, "panel"),
        "file": case_file(way.case_id, sections),
        "summary": way.case.health_records.filter(kind=HealthRecordKind.SUMMARY).first(),
        "found": _found_out(way),
    }
    return render(request, "repatriation/dossier.html", context)


def _found_out(way: Return) -> list[Entry]:
    """What was found out about a return, in short; its parts have pages of their own."""
    entries = [_wish(way), _family(way), *_assessments(way), *_cares(way)]
    return [entry for entry in entries if entry is not None]


def _entry(title: str, facts: Facts) -> Entry:
    return Entry(title, tuple(Fact(label, str(value)) for label, value in facts if value not in (None, "")))


def _wish(way: Return) -> Entry | None:
    wish = way.facts.wish
    if wish is None:
        return None
    return _entry(
        _("What the child wishes"),
        [
            (_("Heard on"), day(wish.heard_on)),
            (_("Contact with the family"), wish.get_contact_display()),
            (_("Going there"), wish.get_going_display()),
            (_("In its words"), wish.words),
        ],
    )


def _family(way: Return) -> Entry | None:
    if not way.finding:
        return None
    return _entry(
        _("The family"),
        [(_("What was found"), way.get_finding_display()), (_("What shows it"), way.finding_words)],
    )


def _assessments(way: Return) -> list[Entry]:
    """The latest finished one for each country."""
    latest = dict[str, Any]()
    for row in way.assessments.filter(finished_at__isnull=False).order_by("-version"):
        latest.setdefault(row.country, row)
    return [
        _entry(
            _("Risk and security assessment: %(country)s") % {"country": country_name(country)},
            [
                (_("Conclusion"), row.get_conclusion_display()),
                (_("A danger that no measure takes away"), _("Yes") if row.refoulement else _("No")),
                (_("Reasons"), row.reasons),
                (_("Why the other country was not asked"), row.not_sought),
            ],
        )
        for country, row in latest.items()
    ]


def _cares(way: Return) -> list[Entry]:
    rows = way.arrangements.filter(ended_at__isnull=True, alternate=False).select_related("person", "agency")
    return [
        _entry(
            _("Who would care there: %(country)s") % {"country": country_name(row.country)},
            [
                (_("Who"), name_of(row)),
                (_("Agreed on"), day(row.agreed_on)),
                (_("Able, as the home study found"), _("Yes") if row.is_able else _("No")),
                (_("What was agreed"), row.terms),
            ],
        )
        for row in rows
    ]


@require_safe
def panel_weighing(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Factor by factor, the options side by side; all options have the same place and the same words."""
    table = table_of(request, return_id)
    panel = table.panel
    if panel is None:
        raise Http404
    options = options_of(panel.third_country)
    written = {(row.factor, row.option): row for row in panel.arguments.select_related("written_by")}
    may_write = table.own is not None and table.is_open
    context = {
        "way": table.opened.way,
        "tabs": part_tabs(table.opened, "panel"),
        "panel": panel,
        "options": [option_words(panel, option) for option in options],
        "rows": [
            (
                factor,
                label,
                [(option_words(panel, option), written.get((factor, option.value))) for option in options],
            )
            for factor, label in FACTORS
        ],
        "may_write": may_write,
        "progress": progress(panel),
    }
    return render(request, "repatriation/weighing.html", context)


def option_words(panel: Panel, option: Option) -> str:
    """With the country to which it leads."""
    country = {Option.RETURN: panel.country, Option.THIRD_COUNTRY: panel.third_country}.get(option, "")
    return f"{option.label}: {country_name(country)}" if country else str(option.label)


@require_http_methods(["GET", "HEAD", "POST"])
def panel_factor(request: HttpRequest, return_id: UUID, factor: str) -> HttpResponse:
    """One factor, with all options on one page: whoever argues for one has the others before their eyes."""
    table, panel, _own = seated(request, return_id)
    if factor not in dict(FACTORS):
        raise Http404
    if not table.is_open:
        return moved_on(request, return_id)
    form = _arguments_form(request.POST if request.method == "POST" else None, panel, factor)
    try:
        if request.method == "POST" and form.accepted(
            lambda _entered: argue(
                return_id, factor, form.argued, actor=reader(request), seen=form.seen_states
            )
        ):
            return redirect(reverse("panel_weighing", args=[return_id]) + f"#{factor}")
    except Meanwhile:
        form = form.written_meanwhile(
            lambda data: _arguments_form(data, panel, factor), reader=reader(request)
        )
    return form_page(
        request,
        table,
        form,
        title=dict(FACTORS)[factor],
        text=_(
            "What speaks for each option and what against: for this child, in the light of this factor alone. "
            "Say also what is not known."
        ),
        label=_("Save"),
        back=reverse("panel_weighing", args=[return_id]),
        back_label=_("Weigh"),
    )


def _arguments_form(data: QueryDict | None, panel: Panel, factor: str) -> ArgumentsForm:
    labels = [option_words(panel, option) for option in options_of(panel.third_country)]
    return ArgumentsForm(data, row=_arguments(panel, factor), labels=labels)


def _arguments(panel: Panel, factor: str) -> list[Argument]:
    return [argument_of(panel, factor, option) for option in options_of(panel.third_country)]


@require_http_methods(["GET", "HEAD", "POST"])
def panel_hearing(request: HttpRequest, return_id: UUID) -> HttpResponse:
    table, panel, _own = seated(request, return_id)
    if not table.is_open:
        return moved_on(request, return_id)
    form = HearingForm(request.POST if request.method == "POST" else None, panel=panel)
    try:
        if request.method == "POST" and form.accepted(
            lambda _entered: record_hearing(
                return_id, actor=reader(request), **form.heard(), seen=form.seen_state
            )
        ):
            messages.success(request, _("Recorded."))
            return redirect("panel", return_id)
    except Meanwhile:
        fresh = Panel.objects.get(pk=panel.pk)
        form = form.written_meanwhile(lambda data: HearingForm(data, panel=fresh), reader=reader(request))
    return form_page(
        request,
        table,
        form,
        title=_("How the child was heard"),
        text=_("For this decision, by somebody the child trusts, by means that fit its age."),
        label=_("Save"),
    )
