from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import Role
from accounts.errors import Invalid
from accounts.models import User
from cases.forms.team import ReassignForm
from cases.models import Assignment
from cases.permissions import team_cases
from cases.presenting import listed_rows
from cases.services.team import MOST_AT_ONCE, reassign
from cases.views.caseload import team_grounds, workers_with_files
from cases.views.loading import reader
from cases.views.team import supervisor

NOBODY = "nobody"
# Files of one worker and another, ticked on the list of cases.
SEVERAL = "several"


@dataclass(frozen=True)
class Chosen:
    """Whose files, and which of them were chosen; `before` is nobody for files without a worker.

    `held` says who has each of those that are of several.
    """

    before: User | None
    code: str
    ids: list[UUID]
    held: Mapping[UUID, UUID | None] | None = None

    @property
    def is_several(self) -> bool:
        return self.held is not None

    @property
    def held_codes(self) -> list[str]:
        return [f"{case_id}:{worker_id or NOBODY}" for case_id, worker_id in (self.held or {}).items()]


@require_http_methods(["GET", "HEAD", "POST"])
def team_reassign(request: HttpRequest) -> HttpResponse:
    """Whose files → which of them, and to whom → a look at what will happen → the button."""
    user = supervisor(request)
    data = request.POST if request.method == "POST" else request.GET
    if not data.get("worker"):
        return render(request, "cases/reassign_from.html", {"workers": workers_with_files(user)})
    chosen = _chosen(data, user, is_sent=request.method == "POST")
    if chosen.is_several and not chosen.ids:
        messages.error(request, _("Tick at least one file."))
        return redirect("case_list")
    asked = "to" in data
    form = ReassignForm(data if asked else None, agency=user.agency, before=chosen.before)
    if asked and form.is_valid() and not chosen.ids:
        form.refuse(Invalid("cases", _("Choose at least one file.")))
    if request.method == "POST" and asked and form.is_valid():
        try:
            return _done(request, chosen, form.cleaned_data["to"])
        except Invalid as error:
            form.refuse(error)
    if asked and (form.is_valid() or request.method == "POST") and chosen.ids:
        return _preview(request, chosen, form)
    return _choice(request, chosen, form)


def _chosen(data: QueryDict, user: User, *, is_sent: bool) -> Chosen:
    """Files outside this supervisor's scope do not exist, one by one or many at once: 404."""
    code = data.get("worker", "")
    if code == SEVERAL:
        ids = _ids(data, user)
        return Chosen(None, code, ids, _said_held(data) if is_sent else _held(ids))
    before = None if code == NOBODY else _worker(code, user)
    if data.get("all"):
        return Chosen(before, code, _files_of(before, user))
    return Chosen(before, code, _ids(data, user))


def _ids(data: QueryDict, user: User) -> list[UUID]:
    try:
        ids = list(dict.fromkeys(map(UUID, data.getlist("cases"))))
    except ValueError:
        raise Http404 from None
    if ids and team_cases(user).filter(pk__in=ids).count() != len(ids):
        raise Http404
    return ids


def _held(ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Who has each file now: what the preview shows, and what its button is about."""
    now = Assignment.objects.filter(case__in=ids, ended_at__isnull=True)
    return dict.fromkeys(ids, None) | dict(now.values_list("case_id", "worker_id"))


def _said_held(data: QueryDict) -> dict[UUID, UUID | None]:
    """What the preview showed. A file of which it says nothing had no worker, as far as anybody saw."""
    pairs = [text.partition(":") for text in data.getlist("held")]
    try:
        return {UUID(case): None if worker == NOBODY else UUID(worker) for case, _colon, worker in pairs}
    except ValueError:
        raise Http404 from None


def _worker(code: str, user: User) -> User:
    try:
        wanted = UUID(code)
    except ValueError:
        raise Http404 from None
    ours = User.objects.filter(pk=wanted, agency=user.agency_id, role=Role.CASE_WORKER).first()
    found = ours or next((worker for worker in workers_with_files(user) if worker.pk == wanted), None)
    if found is None:
        raise Http404
    return found


def _files_of(before: User | None, user: User) -> list[UUID]:
    """What is due soonest first, as many as can change hands at once."""
    held = Assignment.objects.filter(ended_at__isnull=True)
    grounds = team_grounds(user)
    if before is None:
        grounds = grounds.exclude(case_id__in=held.values("case_id"))
    else:
        grounds = grounds.filter(case_id__in=held.filter(worker=before).values("case_id"))
    return list(grounds.order_by("due", "case_id").values_list("case_id", flat=True)[:MOST_AT_ONCE])


def _choice(request: HttpRequest, chosen: Chosen, form: ReassignForm) -> HttpResponse:
    user = reader(request)
    files = chosen.ids if chosen.is_several else _files_of(chosen.before, user)
    context = {
        "rows": listed_rows(user, files),
        "ticked": set(chosen.ids),
        "chosen": chosen,
        "form": form,
        "is_full": len(files) == MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
    }
    return render(request, "cases/reassign.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, chosen: Chosen, form: ReassignForm) -> HttpResponse:
    rows = listed_rows(reader(request), chosen.ids)
    context = {"rows": rows, "chosen": chosen, "form": form, "to": form.cleaned_data.get("to")}
    return render(request, "cases/reassign_preview.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, chosen: Chosen, to: User) -> HttpResponse:
    number = reassign(chosen.ids, actor=reader(request), worker=to, before=chosen.before, held=chosen.held)
    if number:
        words = ngettext("%(number)s file has a new worker.", "%(number)s files have a new worker.", number)
        messages.success(request, words % {"number": number})
    else:
        messages.info(request, _("Nothing to do: the worker has these files already."))
    return redirect("team")
