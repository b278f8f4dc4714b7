"""Where what can be tested: the gaps and the crowds of a field in a part of the country, as a table and as a map."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from zhunsheng.capability.profile.coverage import Coverage, counted, coverage, places, untested
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import days_of, order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.regions import Region, provinces, region

DEFAULT_KM, FARTHEST_KM = 200, 2000
COLUMNS: tuple[Text, ...] = (
    t("Parameter", "参数"), t("Matrix", "基质"), t("Laboratories", "机构数"), t("Places in a gap", "空白地区"),
    t("Farthest (km)", "最远距离（公里）"), t("Most within reach", "同一地区可及机构最多"),
)  # fmt: skip
ORDERS: Mapping[str, Callable[["Item"], Any]] = {
    "gaps": lambda one: (len(one.found.gaps), -one.found.laboratories, not one.found.by_place),
    "laboratories": lambda one: one.found.laboratories,
    "most": lambda one: one.found.most_within,
    "item": lambda one: str(one.name),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the table."""

    parameter: Parameter
    matrix: Matrix | None
    found: Coverage

    @property
    def name(self) -> Text:
        if self.matrix is None:
            return t("{p} (in no matrix)", "{p}（任何基质均无）", p=self.parameter.name)
        return t("{p} in {x}", "{x}中{p}", p=self.parameter.name, x=self.matrix.name)

    @property
    def farthest(self) -> float | None:
        """Of the places in a gap the greatest distance to a capable laboratory."""
        return max((far for _, far in self.found.gaps if far is not None), default=None)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, made sound: a field and a province that there are, a distance within reason, two days."""

    field: str
    province: Region | None
    km: int
    on: date
    known_on: date

    @property
    def within(self) -> tuple[str, ...]:
        return (self.province.code[:2],) if self.province else ()

    @property
    def said(self) -> dict[str, str]:
        """What a link repeats, so that the next page is about the same place and days."""
        place = {"province": self.province.code} if self.province else {}
        return {"km": str(self.km), "on": self.on.isoformat(), "known": self.known_on.isoformat()} | place


@only("authority")
@require_GET
def fields(request: VisitedRequest) -> HttpResponse:
    """All items of a field with how many laboratories are where, what nobody tests first."""
    choices = sorted(set(Matrix.objects.values_list("field", flat=True)))
    asked = asked_by(request, choices)
    words = words_of(request).casefold()
    order = order_of(request, ORDERS, "-gaps")
    items = [one for one in items_of(asked) if words in str(one.name).casefold()] if asked.field else []
    items.sort(key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))
    if kind := file_asked(request):
        return export(kind, items, asked)
    return render(
        request,
        "office/coverage.html",
        {
            "asked": asked, "fields": [(code, field_name(code)) for code in choices], "provinces": provinces(asked.on),
            "page": page_of(request, items), "sort": order, "words": words_of(request),
            "without": sum(1 for one in items if one.found.gaps),
        },
    )  # fmt: skip


def export(kind: str, items: list[Item], asked: Asked) -> HttpResponse:
    """The same rows as a file."""
    rows = [
        [
            str(one.parameter.name), str(one.matrix.name) if one.matrix else "", one.found.laboratories, len(one.found.gaps),
            None if one.farthest is None else round(one.farthest), one.found.most_within,
        ]
        for one in items
    ]  # fmt: skip
    title = t("Within {k} km", "{k} 公里", k=asked.km)
    return table_file(kind, "coverage", title, COLUMNS, rows, widths=[24, 24, 14, 16, 18, 22], most=WHOLE)


def asked_by(request: VisitedRequest, choices: list[str]) -> Asked:
    asked_field = request.GET.get("field", "")
    code = request.GET.get("province", "")
    on, known_on = days_of(request)
    found = next((one for one in provinces(on) if one.code == code), None)
    digits = request.GET.get("km", "")
    km = int(digits) if digits.isdecimal() and len(digits) < 6 else DEFAULT_KM
    default = choices[0] if choices else ""
    kept = min(max(km, 1), FARTHEST_KM)
    return Asked(asked_field if asked_field in choices else default, found, kept, on, known_on)


def items_of(asked: Asked) -> list[Item]:
    counts = counted(asked.on, asked.known_on, matrix__field=asked.field)
    nobody = untested(asked.field, counts, known_on=asked.known_on)
    found = coverage(counts, on=asked.on, km=asked.km, within=asked.within, nobody=nobody)
    parameters = Parameter.objects.in_bulk({one.parameter_id for one in found})
    matrices = Matrix.objects.in_bulk({one.matrix_id for one in found if one.matrix_id})
    return [
        Item(parameters[one.parameter_id], matrices[one.matrix_id] if one.matrix_id else None, one) for one in found
    ]


@only("authority")
@require_GET
def item(request: VisitedRequest, parameter: int, matrix: int) -> HttpResponse:
    """One item on the map, with the same figures as a table beside it."""
    wanted = get_object_or_404(Parameter, pk=parameter), get_object_or_404(Matrix, pk=matrix)
    asked = asked_by(request, [wanted[1].field])
    counts = counted(asked.on, asked.known_on, parameter=parameter, matrix=matrix)
    (found,) = coverage(counts or {(parameter, matrix): {}}, on=asked.on, km=asked.km, within=asked.within)
    shown = Item(*wanted, found)
    held = [
        (region(code, asked.on), n)
        for code, n in found.by_place.items()
        if not asked.within or code.startswith(asked.within)
    ]
    return render(
        request,
        "office/coverage_item.html",
        {
            "item": shown, "asked": asked, "provinces": provinces(asked.on),
            "held": sorted(held, key=lambda pair: -pair[1]), "gaps": farthest_first(found), "data": map_data(shown, asked),
        },
    )  # fmt: skip


def farthest_first(found: Coverage) -> list[tuple[Region, float | None]]:
    """The places in a gap, those that nobody reaches before those far from everybody."""
    return sorted(found.gaps, key=lambda pair: (pair[1] is not None, -(pair[1] or 0)))


def map_data(shown: Item, asked: Asked) -> dict[str, Any]:
    """What the map draws, as plain values: places with laboratories, places in a gap."""
    where = {one.code: one for one in places(asked.on)}
    count = len(shown.found.gaps)
    said = t(
        "Laboratories that can test it: {n}. Places without one within {k} km: {g}.",
        "可检机构 {n} 家；{k} 公里内没有可检机构的地区 {g} 个。",
        n=shown.found.laboratories, g=count, k=asked.km,
    )  # fmt: skip
    return {
        "km": asked.km,
        "bounds": bounds(asked),
        "held": [_point(where[code], n) for code, n in sorted(shown.found.by_place.items()) if code in where],
        "gaps": [_point(one, None if far is None else round(far)) for one, far in shown.found.gaps],
        "description": {"en": said.en, "zh": said.zh},
    }


def bounds(asked: Asked) -> list[list[float]] | None:
    """The corners of what the map shows, a degree around the places of the province; none for the whole country."""
    inside = [one for one in places(asked.on) if asked.within and one.code.startswith(asked.within)]
    if not inside:
        return None
    east, north = [one.longitude for one in inside], [one.latitude for one in inside]
    return [[min(east) - 1, max(north) + 1], [max(east) + 1, min(north) - 1]]


def _point(one: Region, value: int | None) -> dict[str, Any]:
    return {
        "name": {"en": one.name.en, "zh": one.name.zh}, "at": [one.longitude, one.latitude], "value": value,
    }  # fmt: skip
