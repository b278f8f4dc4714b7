"""What the ledger and the registers say of the laboratory's scope on a day."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.evidence.kinds import KINDS
from zhunsheng.capability.profile.queries import capabilities, scope_pairs_on
from zhunsheng.faces.lists import days_of, page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import institution_of, only

EARLIEST = date(2000, 1, 1)


@only("laboratory")
@require_GET
def capability(request: VisitedRequest) -> HttpResponse:
    """Each line of the scope on a day with its gates and the evidence under it, as known on a day."""
    asked, known_on = day_of(request), days_of(request)[1]
    day = asked or request.today
    laboratory = institution_of(request, "laboratory")
    page = page_of(request, scope_pairs_on(laboratory, on=day, known_on=known_on))
    seen = visible_to(request.visitor)
    lines = capabilities(laboratory, list(page.object_list), on=day, known_on=known_on, evidence=seen)
    return render(
        request,
        "workspace/capability.html",
        {
            "page": page, "lines": lines, "day": day, "known_on": known_on, "kinds": KINDS,
            "bad_day": asked is None and "on" in request.GET,
        },
    )  # fmt: skip


def day_of(request: VisitedRequest) -> date | None:
    """The day that the address asks about, if it is one."""
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
    return day if EARLIEST <= day <= date(2100, 1, 1) else None
