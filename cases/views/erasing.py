"""The end of a file's keeping: one asks, an export is taken, another confirms. And what holds it up."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, cast
from uuid import UUID
from zipfile import ZipFile, ZipInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Ability, Section, can
from accounts.audit import record_read
from accounts.models import User
from accounts.permissions import require
from accounts.posting import posted_from
from cases.casefile import case_file
from cases.casefile.everything import left_out, pages_of
from cases.forms.closing import ConfirmErasureForm, ErasureForm, HoldForm, LiftForm
from cases.models import Case, Erasure, LegalHold
from cases.models.choices import FINAL_STATES
from cases.models.documents import SealedFile
from cases.models.erasure import ErasureGround
from cases.models.papers import PaperKind
from cases.pdf import case_file_pdf
from cases.permissions import Hand, can_confirm_erasure, can_lift_hold, cases_of_officer
from cases.services import erasing
from cases.services.erased import files_of
from cases.services.papers import keep_case_file, make_paper, new_code
from cases.views.documents import neutral_name, stepwise
from cases.views.export import moment_of
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.papers import proof_of
from vault import keys
from vault.errors import VaultError
from vault.files import StoredFile


@dataclass(frozen=True)
class Seen:
    """The case for whoever decides about its end: a supervisor, or an officer, who is shown no word of the file."""

    case: Case
    supervises: bool


def _seen(request: HttpRequest, case_id: UUID) -> Seen:
    """404 for a stranger, 403 for whoever works on the case or reads it."""
    user = reader(request)
    if can(user, Ability.SEE_CASE_LOG):
        case = get_object_or_404(cases_of_officer(user).select_related("agency"), pk=case_id)
        record_read(user, case, case_id=case_id, sections=[], basis=["protection"])
        return Seen(case, supervises=False)
    opened = read_case(request, case_id)
    require(Hand.SUPERVISOR in opened.hands)
    return Seen(opened.case, supervises=True)


@dataclass(frozen=True)
class Sent:
    """What of the forms of this page was sent and is not right yet."""

    asking: ErasureForm | None = None
    confirming: ConfirmErasureForm | None = None
    holding: HoldForm | None = None
    lifting: dict[UUID, LiftForm] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return any((self.asking, self.confirming, self.holding, self.lifting))


def _page(request: HttpRequest, seen: Seen, sent: Sent = Sent()) -> HttpResponse:
    user, case, asked = reader(request), seen.case, erasing.standing(seen.case)
    if case.erased_at:
        return _tombstone(request, case)
    keys.prefetch([case.pk])
    may_ask = seen.supervises and asked is None and case.state in FINAL_STATES
    conditions = [*erasing.conditions(case, _ground(asked, sent.asking)), *_of_the_two(case, asked)]
    context = {
        "case": case,
        "supervises": seen.supervises,
        "asked": asked,
        "facts": _facts(case, asked),
        "left_out": left_out(),
        "conditions": conditions,
        "is_own": asked is not None and asked.asked_by_id == user.pk,
        # The form is there once it does something.
        "confirm_form": (sent.confirming or ConfirmErasureForm(user=user, code=case.code))
        if asked is not None
        and all(each.holds for each in conditions)
        and can_confirm_erasure(user, case, asked)
        else None,
        "form": sent.asking or (ErasureForm() if may_ask else None),
        "holds": [_hold(hold, user, sent) for hold in erasing.holds_in_force(case)],
        "hold_form": (sent.holding or HoldForm(prefix="hold")) if seen.supervises else None,
    }
    return render(request, "cases/erasure.html", context, status=422 if sent.is_refused else 200)


def _hold(hold: LegalHold, user: User, sent: Sent) -> dict[str, Any]:
    """Whoever sees this page lifts what somebody else placed."""
    form = sent.lifting.get(hold.pk) or LiftForm(prefix=_of_hold(hold.pk))
    return {"hold": hold, "form": None if hold.placed_by_id == user.pk else form}


def _of_hold(hold_id: UUID) -> str:
    return f"lift-{hold_id}"


def _tombstone(request: HttpRequest, case: Case) -> HttpResponse:
    """What is left of a file: when it was erased, on whose request, by which rule, and who confirmed."""
    asked = erasing.standing(case)
    facts = [(_("Erased"), _when(case.erased_at))]
    if asked:
        facts += _facts(case, asked)
    return render(request, "cases/erased.html", {"case": case, "facts": facts})


def _ground(asked: Erasure | None, form: ErasureForm | None) -> str:
    typed = form.data.get("ground", "") if form else ""
    return asked.ground if asked else typed or ErasureGround.RETENTION


def _of_the_two(case: Case, asked: Erasure | None) -> list[erasing.Condition]:
    if asked is None or asked.confirmed_at:
        return []
    taken = asked.exported_upto is not None
    return [
        erasing.Condition(_("The file is exported."), taken),
        erasing.Condition(
            _("Nothing has changed since it was exported."), taken and erasing.is_exported(case, asked)
        ),
    ]


def _facts(case: Case, asked: Erasure | None) -> list[tuple[str, Any]]:
    until = erasing.kept_until(case)
    facts = [(_("Kept until"), date_format(until, "j E Y") if until else "")]
    if asked:
        facts += [
            (_("Asked by"), f"{asked.asked_by.name}, {_when(asked.asked_at)}"),
            (_("Because"), str(ErasureGround(asked.ground).label)),
        ]
        facts += [(_("Exported"), _when(asked.exported_at))] if asked.exported_at else []
    if asked and asked.confirmed_by and asked.confirmed_at:
        facts.append((_("Erased by"), f"{asked.confirmed_by.name}, {_when(asked.confirmed_at)}"))
    return facts


def _when(moment: Any) -> str:
    return date_format(localtime(moment), "j E Y, H:i")


@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What has to hold, who asked, and the form of the first of two. Whoever was told sees what became of it."""
    gone = _erased_before(request, case_id)
    if gone and request.method != "POST":
        return _tombstone(request, gone)
    seen = _seen(request, case_id)
    if request.method != "POST":
        return _page(request, seen)
    require(seen.supervises)
    form = ErasureForm(request.POST)
    if form.accepted(lambda entered: erasing.ask_for_erasure(case_id, actor=reader(request), **entered)):
        messages.success(request, _("Asked. Export the file; then a second person confirms."))
        return redirect("erasure", case_id)
    return _page(request, seen, Sent(asking=form))


def _erased_before(request: HttpRequest, case_id: UUID) -> Case | None:
    """An erased file of which this reader was told. Nothing of it opens: its code and the days are what is left."""
    user = reader(request)
    case = Case.objects.select_related("agency").filter(pk=case_id, erased_at__isnull=False).first()
    if case is None or can(user, Ability.SEE_CASE_LOG) or not erasing.was_told(user, case):
        return None
    record_read(user, case, case_id=case_id, sections=[], basis=["told"])
    return case


def _its_page(request: HttpRequest, case_id: UUID, **_part: UUID) -> str:
    _seen(request, case_id)
    return reverse("erasure", args=[case_id])


@require_safe
def erasure_export(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """The file on paper, every row of it as text, and every document, in one archive that is put together while it
    leaves.

    It counts once its last byte has left. Whoever asks for the head alone takes nothing along.
    """
    opened = opened_case(request, case_id)
    require(Hand.SUPERVISOR in opened.hands)
    if erasing.standing(opened.case) is None:
        raise Http404
    documents = [document for document in files_of(case_id) if document.is_readable]
    if not all(map(_opens, documents)):
        messages.error(request, _("A document is missing or damaged. Tell the administrator."))
        return redirect("erasure", case_id)
    if request.method == "HEAD":
        # A server may read a body to its end only to throw it away, and that would count.
        return HttpResponse(content_type="application/zip")
    try:
        begun = erasing.begin_export(case_id, actor=reader(request))
    except Erasure.DoesNotExist:
        raise Http404 from None
    read_case(request, case_id, shown=Section, verb="case.exported")
    paper = _on_paper(request, opened)
    # Before anything leaves, so that whatever fails is answered with a page.
    pages = [(f"rows-{room}.txt", text.encode()) for room, text in pages_of(opened.case)]
    contents = _contents([("case-file.pdf", paper), *pages], documents)
    parts = _counted(_zipped(contents), begun, reader(request))
    response = StreamingHttpResponse(stepwise(request, parts, parts.close), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="case-{opened.case.code}.zip"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _on_paper(request: HttpRequest, opened: OpenedCase) -> bytes:
    case_id, user, code = opened.case.pk, reader(request), new_code()
    keys.prefetch([case_id])
    file = case_file(case_id, opened.sections, None, for_team=True)
    paper = case_file_pdf(file, reader=user.name, moment=moment_of(None), proof=proof_of(request, code))
    made = make_paper(PaperKind.CASE_FILE, code, paper, by=user, language=get_language() or "en")
    keep_case_file(case_id, made, actor=user)
    return made.content


def _opens(document: SealedFile) -> bool:
    try:
        StoredFile(document.case_id, document.storage_name).close()
    except (VaultError, OSError):
        return False
    return True


def _contents(
    pages: Iterable[tuple[str, bytes]], documents: Iterable[SealedFile]
) -> Iterator[tuple[str, Iterable[bytes]]]:
    for name, page in pages:
        yield name, [page]
    for document in documents:
        stored = StoredFile(document.case_id, document.storage_name)
        try:
            yield neutral_name(document), stored
        finally:
            stored.close()


class _Sink:
    """Where an archive is written that nobody keeps: what came since is taken away, and it cannot be gone back in."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes, /) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        return None

    def taken(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


def _zipped(contents: Iterable[tuple[str, Iterable[bytes]]]) -> Generator[bytes, None, None]:
    sink = _Sink()
    with ZipFile(cast(IO[bytes], sink), "w") as archive:
        for name, chunks in contents:
            with archive.open(ZipInfo(name), "w", force_zip64=True) as entry:
                for chunk in chunks:
                    entry.write(chunk)
                    yield sink.taken()
    yield sink.taken()


def _counted(parts: Iterable[bytes], begun: erasing.Begun, actor: User) -> Generator[bytes, None, None]:
    """The line that breaks, the document that is cut: whatever ends this early leaves the file unexported."""
    yield from parts
    erasing.finish_export(begun, actor=actor)


@posted_from(_its_page)
def erasure_confirm(request: HttpRequest, case_id: UUID) -> HttpResponse:
    seen = _seen(request, case_id)
    asked = erasing.standing(seen.case)
    if asked is None or asked.confirmed_at:
        raise Http404
    user = reader(request)
    require(can_confirm_erasure(user, seen.case, asked))
    form = ConfirmErasureForm(request.POST, user=user, code=seen.case.code)
    if form.accepted(lambda _entered: erasing.confirm_erasure(case_id, actor=user)):
        messages.success(request, _("Erased. Nothing of this file can be read any more."))
        return redirect("erasure", case_id)
    return _page(request, seen, Sent(confirming=form))


@posted_from(_its_page)
def erasure_drop(request: HttpRequest, case_id: UUID) -> HttpResponse:
    _seen(request, case_id)
    try:
        erasing.drop_erasure(case_id, actor=reader(request))
    except Erasure.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Taken back. The file goes on being kept."))
    return redirect("erasure", case_id)


@posted_from(_its_page)
def hold_place(request: HttpRequest, case_id: UUID) -> HttpResponse:
    seen = _seen(request, case_id)
    require(seen.supervises)
    form = HoldForm(request.POST, prefix="hold")
    if form.accepted(lambda entered: erasing.place_hold(case_id, actor=reader(request), **entered)):
        messages.success(request, _("The file is held. Nothing of it is erased before this is over."))
        return redirect("erasure", case_id)
    return _page(request, seen, Sent(holding=form))


@posted_from(_its_page)
def hold_lift(request: HttpRequest, case_id: UUID, hold_id: UUID) -> HttpResponse:
    seen, user = _seen(request, case_id), reader(request)
    hold = get_object_or_404(LegalHold, pk=hold_id, case_id=case_id, lifted_at__isnull=True)
    require(can_lift_hold(user, seen.case, hold))
    form = LiftForm(request.POST, prefix=_of_hold(hold_id))
    try:
        lifted = form.accepted(
            lambda entered: erasing.lift_hold(case_id, hold_id, actor=user, because=entered["because"])
        )
    except LegalHold.DoesNotExist:
        raise Http404 from None
    if not lifted:
        return _page(request, seen, Sent(lifting={hold_id: form}))
    messages.success(request, _("The hold is lifted. Whoever placed it is told."))
    return redirect("erasure", case_id)
