"""What the registers themselves give reason to look at: a person in two institutions, a serial number in two scopes.

The software suspects, a person decides: nothing follows from a row here.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.institutions import suspected
from zhunsheng.faces.visits import only
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import SharedSerial, shared_serials
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.institutions.access import overseen_by
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.double_posts import DoublePost, in_two_institutions_on
from zhunsheng.registry.people.states import NAMES
from zhunsheng.registry.scopes.models import ScopeLine

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
MOST_LINES = 5


@only("authority")
@require_GET
def findings(request: VisitedRequest) -> HttpResponse:
    """People, or (`what=serials`) serial numbers, that two institutions have on the day or in the period of the address."""
    first, last, wrong = period_of(request)
    reach, said = overseen_by(request.visitor), words_of(request)
    people = [row for row in in_two_institutions_on(first, last, within=reach) if speaks_of_people(row, said)]
    serials = [row for row in shared_serials(last, within=reach) if speaks_of_serials(row, said)]
    what = "serials" if request.GET.get("what") == "serials" else "people"
    page = page_of(request, serials if what == "serials" else people)
    found, shown = ([], list(page.object_list)) if what == "serials" else (list(page.object_list), [])
    return render(
        request,
        "office/findings.html",
        {
            "first": first, "last": last, "wrong": wrong, "page": page, "names": NAMES, "head_of": head_of,
            "what": what, "words": said, "counts": {"people": len(people), "serials": len(serials)},
            "lines": lines_of(shown, last), "most": MOST_LINES, "reached": reached(reach, found, shown),
            "duplicates": suspected(request).count(),
        },
    )  # fmt: skip


def speaks_of_people(row: DoublePost, said: str) -> bool:
    """Do these words stand in the name of the person or of one of the institutions?"""
    return holds(said, row.person.name, *names_of(row.one.institution), *names_of(row.other.institution))


def speaks_of_serials(row: SharedSerial, said: str) -> bool:
    """Do these words stand in the serial number or in the name of one of the institutions?"""
    number = bool(serial_key(said)) and serial_key(said) in row.serial_key
    return number or holds(said, *names_of(row.one.institution), *names_of(row.other.institution))


def names_of(institution: Institution) -> tuple[str, str]:
    """Of an institution out of reach the name is told, so it may be searched for."""
    name = head_of(institution).name
    return name.zh, name.en


def holds(said: str, *texts: str) -> bool:
    return any(said.casefold() in text.casefold() for text in texts)


def period_of(request: VisitedRequest) -> tuple[date, date, bool]:
    """The days asked about, today unless the address says otherwise, and whether it said something else than days."""
    try:
        first = date.fromisoformat(request.GET["from"]) if request.GET.get("from") else request.today
        last = date.fromisoformat(request.GET["to"]) if request.GET.get("to") else max(first, request.today)
    except ValueError:
        return request.today, request.today, True
    sound = EARLIEST <= first <= last <= LATEST
    return (first, last, False) if sound else (request.today, request.today, True)


def reached(reach: QuerySet[Institution], people: Iterable[DoublePost], serials: Iterable[SharedSerial]) -> set[object]:
    """Which of the institutions shown lie within the visitor's area: of the others only the name is told."""
    places = [head_of(post.institution).pk for row in people for post in (row.one, row.other)]
    places += [head_of(one.institution).pk for row in serials for one in (row.one, row.other)]
    return set(reach.filter(pk__in=places).values_list("pk", flat=True))


def lines_of(serials: list[SharedSerial], on: date) -> dict[object, list[ScopeLine]]:
    """The scope lines of the day that name each instrument."""
    lines = (
        ScopeLine.objects.filter(holding(on), known(on)).select_related("parameter", "matrix", "method").order_by("pk")
    )
    wanted = [one.pk for row in serials for one in (row.one, row.other)]
    rows = Instrument.objects.filter(pk__in=wanted).prefetch_related(Prefetch("scope_lines", lines, to_attr="on_day"))
    return {row.pk: row.on_day for row in rows}
