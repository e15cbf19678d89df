"""The report of one visit: the short form, the child's own word, what was seen."""

from django.utils.translation import gettext as _

from repatriation.models import MonitoringVisit
from repatriation.models.choices import Sign
from repatriation.pdf import Part, Sheet
from repatriation.views.reporting import said_in, visit_facts
from repatriation.views.sheets.words import day, moment, of_agency, plain


def visit(row: MonitoringVisit, names: list[tuple[str, str]]) -> Sheet:
    signs = [str(Sign(code).label) for code in row.signs]
    return Sheet(
        _("Report of a visit"),
        _("Whether the child is safe where it went."),
        [
            Part(
                _("The visit"),
                facts=[*names, (_("To be made by"), day(row.due_on)), *plain(visit_facts(row))],
            ),
            Part(_("Signs of trafficking"), words=signs or [_("None was seen.")]),
            Part(_("What was said and seen"), facts=plain(said_in(row))),
            Part(
                _("Reported by"),
                words=[of_agency(row.reported_by), moment(row.reported_at, row.way)],
            ),
        ],
    )
