from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Ability, can
from accounts.audit import refreshing
from accounts.models import User
from accounts.permissions import require
from cases.presenting import listed_rows
from cases.services.kept_searches import keep, kept
from cases.services.searching import FEW, LONGEST, Hit, hits
from cases.views.loading import reader
from cases.wording.file import FOUND

# By this the script of the page learns under which id the search is kept.
KEPT = "X-Kept"


@require_http_methods(["GET", "HEAD", "POST"])
def case_search(request: HttpRequest) -> HttpResponse:
    """Files by what is typed. By POST, so that no name stands in an address; what is found is recorded as a list.

    The answer is a page of its own, under an id that says nothing and runs out: Back from a file finds it again.
    `static/search/search.js` asks while somebody types and takes only the part that changed; the same look is then
    recorded once a minute.
    """
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    if request.method != "POST":
        return _page(request, user, request.GET.get("kept", ""))
    text = request.POST.get("q", "")[:LONGEST]
    number = keep(user, text) if text.strip() else ""
    if "X-Live" in request.headers:
        with refreshing():
            response = render(request, "cases/found.html", _found(user, text))
        response[KEPT] = number
        return response
    if not text.strip():
        return redirect("case_search")
    if not number:
        return render(request, "cases/search.html", _found(user, text))
    return redirect(f"{reverse('case_search')}?{urlencode({'kept': number})}")


def _page(request: HttpRequest, user: User, number: str) -> HttpResponse:
    text = kept(user, number) if number else ""
    context = _found(user, text or "") | {"ran_out": text is None}
    return render(request, "cases/search.html", context)


def _found(user: User, text: str) -> dict[str, Any]:
    found = {hit.case_id: hit for hit in hits(user, text)}
    rows = [
        replace(row, why=_why(found[row.case.pk]), is_weak=found[row.case.pk].is_weak)
        for row in listed_rows(user, list(found))
    ]
    return {
        "text": text,
        "rows": rows,
        "only_weak": bool(rows) and all(row.is_weak for row in rows),
        "works": can(user, Ability.WORK_DESK),
        "most": FEW,
        "longest": LONGEST,
    }


def _why(hit: Hit) -> str:
    return " · ".join(str(FOUND[each.code]) % {"word": each.word} for each in hit.why)
