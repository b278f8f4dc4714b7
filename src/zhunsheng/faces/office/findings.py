"""What the registers themselves give reason to look at: a person in two institutions, a serial number in two scopes.

The software suspects, a person decides: nothing follows from a row here.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import CHUNK, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.institutions import suspected
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import SharedSerial, shared_serials
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.institutions.access import overseen_by
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.double_posts import DoublePost, in_two_institutions_on
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.states import NAMES
from zhunsheng.registry.people.states import Post as PostWord
from zhunsheng.registry.scopes.models import ScopeLine

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
MOST_LINES = 5
PEOPLE_COLUMNS: tuple[Text, ...] = (
    t("Person", "人员"), t("Institution", "机构"), t("Post", "职务"), t("From", "起始日期"), t("Last day", "截止日期"),
    t("Other institution", "另一机构"), t("Post", "职务"), t("From", "起始日期"), t("Last day", "截止日期"),
    t("Both held from", "重叠起始日期"), t("Both held until", "重叠截止日期"),
)  # fmt: skip
SERIAL_COLUMNS: tuple[Text, ...] = (
    t("Serial number", "出厂编号"), t("Institution", "机构"), t("Instrument", "设备"), t("Used for", "用于"),
    t("Other institution", "另一机构"), t("Instrument", "设备"), t("Used for", "用于"),
)  # fmt: skip


@only("authority")
@require_GET
def findings(request: VisitedRequest) -> HttpResponse:
    """People, or (`what=serials`) serial numbers, that two institutions have on the day or in the period of the address."""
    first, last, wrong = period_of(request)
    reach, said = overseen_by(request.visitor), words_of(request)
    people = [row for row in in_two_institutions_on(first, last, within=reach) if speaks_of_people(row, said)]
    serials = [row for row in shared_serials(last, within=reach) if speaks_of_serials(row, said)]
    what = "serials" if request.GET.get("what") == "serials" else "people"
    if kind := file_asked(request):
        return serials_file(kind, serials, reach, last) if what == "serials" else people_file(kind, people, reach)
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


def people_file(kind: str, found: list[DoublePost], reach: QuerySet[Institution]) -> HttpResponse:
    """Every person found; of institutions out of reach the name alone, as on the page."""
    return table_file(kind, "double-posts", t("People", "人员"), PEOPLE_COLUMNS, people_rows(found, reach))


def people_rows(found: list[DoublePost], reach: QuerySet[Institution]) -> Iterator[list[str]]:
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        near = reached(reach, some, [])
        for row in some:
            posts = [cell for post in (row.one, row.other) for cell in post_cells(post, near)]
            yield [row.person.name, *posts, row.first.isoformat(), row.last.isoformat() if row.last else ""]


def post_cells(post: Post, near: set[object]) -> tuple[str, str, str, str]:
    head = head_of(post.institution)
    if head.pk not in near:
        return str(head.name), "", "", ""
    last = post.valid_to.isoformat() if post.valid_to else ""
    return str(head.name), str(NAMES[PostWord(post.kind)]), post.valid_from.isoformat(), last


def serials_file(kind: str, found: list[SharedSerial], reach: QuerySet[Institution], on: date) -> HttpResponse:
    """Every serial number found; of institutions out of reach the name alone, as on the page."""
    return table_file(
        kind, "shared-serials", t("Serial numbers", "出厂编号"), SERIAL_COLUMNS, serial_rows(found, reach, on)
    )


def serial_rows(found: list[SharedSerial], reach: QuerySet[Institution], on: date) -> Iterator[list[str]]:
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        near, lines = reached(reach, [], some), lines_of(some, on)
        for row in some:
            yield [
                row.serial_key,
                *(cell for one in (row.one, row.other) for cell in instrument_cells(one, near, lines)),
            ]


def instrument_cells(one: Instrument, near: set[object], lines: dict[object, list[ScopeLine]]) -> tuple[str, str, str]:
    head = head_of(one.institution)
    if head.pk not in near:
        return str(head.name), "", ""
    used = (f"{line.parameter.name} / {line.matrix.name} {line.method.number}" for line in lines.get(one.pk, []))
    return str(head.name), f"{one.name} {one.serial}", str(t("; ", "；")).join(used)


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
