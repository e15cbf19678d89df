"""The file as it was when another agency took it over: what its former agency goes on reading."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record_read
from cases.casefile import case_file as put_together
from cases.permissions import former_files, former_sections
from cases.views.loading import reader
from vault import keys

# Why somebody may read it, as the log of the case says.
GROUND = "former_owner"


@require_safe
def former_file(request: HttpRequest, former_id: UUID) -> HttpResponse:
    """One moment, and no other: nothing that was written later, and no document, because its bytes are today's."""
    user = reader(request)
    rows = former_files(user).select_related("case", "successor")
    former = rows.filter(pk=former_id).first()
    if former is None:
        raise Http404
    held = former_sections(user)
    record_read(user, former, case_id=former.case_id, sections=held, basis=[GROUND], verb="case.past_read")
    keys.prefetch([former.case_id])
    moment = date_format(localtime(former.until), "l j E Y, H:i")
    context = {
        "former": former,
        "file": put_together(former.case_id, held, former.until, for_team=True),
        "moment": _("As it was on %(moment)s, when another agency took it over") % {"moment": moment},
    }
    return render(request, "cases/former_file.html", context)
