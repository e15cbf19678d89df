from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Ability, can
from accounts.audit import refreshing
from accounts.permissions import require
from cases.presenting import listed_rows
from cases.services.searching import FEW, LONGEST, search
from cases.views.loading import reader


@require_http_methods(["GET", "HEAD", "POST"])
def case_search(request: HttpRequest) -> HttpResponse:
    """Files by what is typed. By POST, so that no name stands in an address; what is found is recorded as a list.

    `static/search/search.js` asks while somebody types and takes only the part that changed; the same look is then
    recorded once a minute.
    """
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    text = request.POST.get("q", "")[:LONGEST]
    context = {"text": text, "works": can(user, Ability.WORK_DESK), "most": FEW, "longest": LONGEST}
    # An open page that asks for itself, by GET, wants all of it.
    if request.method == "POST" and "X-Live" in request.headers:
        with refreshing():
            return render(
                request, "cases/found.html", context | {"rows": listed_rows(user, search(user, text))}
            )
    return render(request, "cases/search.html", context | {"rows": listed_rows(user, search(user, text))})
