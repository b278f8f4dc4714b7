"""Sites from a file: found by institution and name; a site keeps its key when it is mended, because scope lines name it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.comparing import key_of, update
from zhunsheng.foundation.imports.register import EVERYBODY, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, standing_for, within_reach
from zhunsheng.registry.institutions.models import Institution, Site
from zhunsheng.registry.regions.rules import region

PLAIN = ("name_en", "region_code", "address", "valid_from", "valid_to")
COORDINATES = (("latitude", 90), ("longitude", 180))

COLUMNS: tuple[Column, ...] = (
    *INSTITUTION_COLUMNS,
    Column(
        "name_zh", t("Name of the site in Chinese", "场所名称"), required=True, width=30, aliases=("检测场所", "场所"),
        example="示例检测中心滨江场所",
    ),
    Column("name_en", t("Name of the site in English", "场所英文名称"), width=30, example="Example Testing Centre, Binjiang"),
    Column(
        "region_code", t("Region code", "行政区划代码"), Kind.CODE, width=16, longest=6, digits=6, aliases=("区划代码", "地区代码"),
        example="330108", explanation=t(
            "Six digits, GB/T 2260; empty for that of the institution.", "GB/T 2260 的 6 位代码；不填则取机构的代码。"
        ),
    ),
    Column("address", t("Address", "地址"), width=40, longest=300, aliases=("场所地址",)),
    Column(
        "latitude", t("Latitude", "纬度"), Kind.NUMBER, width=12, example="30.21",
        explanation=t("With the longitude.", "须与经度同时填写。"),
    ),
    Column("longitude", t("Longitude", "经度"), Kind.NUMBER, width=12, example="120.21"),
    Column(
        "valid_from", t("In use from", "启用日期"), Kind.DATE, width=14, lies=Lies.SOON,
        explanation=t("Needed for a new site.", "新登记的场所须填写。"),
    ),
    Column("valid_to", t("Last day", "停用日期"), Kind.DATE, width=14),
)  # fmt: skip


class Sites:
    """The register of sites, for files."""

    key = "sites"
    name = t("Sites", "检测场所")
    columns = COLUMNS
    models = ("institutions.Site",)
    open_to = EVERYBODY
    secret: frozenset[str] = frozenset()
    same: tuple[Same, ...] = ()

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        finder = Finder(rows, context)
        found = Site.objects.filter(name_zh__in={row.text("name_zh") for row in rows})
        there = standing_for(found, lambda site: site.name_zh)
        return [check_row(row, finder, there, context) for row in rows]

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        mine = Institution.objects.filter(within_reach(context))
        kept = Site.objects.filter(institution=OuterRef("institution__merged_into"), name_zh=OuterRef("name_zh"))
        found = Site.objects.filter(~Exists(kept), institution__in=mine).select_related("institution__merged_into")
        for one in found.order_by("institution__name_zh", "institution", "name_zh", "pk").iterator(chunk_size=2000):
            yield as_row(one)


def check_row(row: Given, finder: Finder, there: Mapping[Any, Site], context: Context) -> Checked:
    """What one row would do to the register."""
    checked = Checked(key_of("row", row.row), label=row.text("name_zh"))
    institution = finder.of(row, checked)
    if institution is None:
        return checked
    checked.key = key_of("site", institution.pk, row.text("name_zh"))
    found = there.get((institution.pk, row.text("name_zh")))
    _check_region(checked, row, context)
    wanted: dict[str, Any] = {name: row[name] for name in PLAIN if row[name]} | _coordinates(checked, row)
    _check_days(checked, wanted, found)
    if found is not None:
        checked.subject = f"institution:{institution.pk}"
        update(checked, found, wanted)
        return checked
    values = {"name_en": row.text("name_zh"), "region_code": institution.region_code, **wanted}
    values |= {
        "institution_id": str(institution.pk),
        "name_zh": row.text("name_zh"),
        "recorded_at": context.at.isoformat(),
    }
    checked.operations.append(Operation("insert", "institutions.Site", values=values))
    return checked


def _check_region(checked: Checked, row: Given, context: Context) -> None:
    """Any region that there is: an institution may work outside the area in which it is registered."""
    code = row.text("region_code")
    if code and (len(code) != 6 or region(code, context.on) is None):
        checked.fault(
            "region_code",
            t(
                "{c} is no region (GB/T 2260). Look it up and write all six digits.",
                "{c} 不是行政区划代码（GB/T 2260），请核对并填写完整 6 位代码。",
                c=code,
            ),
        )


def _coordinates(checked: Checked, row: Given) -> dict[str, float]:
    """Both or neither, in degrees; one alone would lie on the equator or the meridian of another place."""
    given = [name for name, _ in COORDINATES if row[name]]
    if len(given) == 1:
        checked.fault(given[0], t("Give both coordinates or neither.", "经纬度须同时填写或同时留空。"))
    for name, most in COORDINATES:
        if row[name] and abs(float(row.text(name))) > most:
            checked.fault(name, t("is not between -{m} and {m}.", "应在 -{m} 到 {m} 之间。", m=most))
    return {name: float(row.text(name)) for name in given}


def _check_days(checked: Checked, wanted: Mapping[str, Any], found: Site | None) -> None:
    """A first day is needed once; the last does not lie before it, whichever of the two the file gives."""
    first = wanted.get("valid_from") or (found.valid_from.isoformat() if found else None)
    last = wanted.get("valid_to") or (found.valid_to.isoformat() if found and found.valid_to else None)
    if first is None:
        checked.fault("valid_from", t("is needed for a new site.", "新登记的场所须填写启用日期。"))
    elif last is not None and last < first:
        given = "valid_to" if "valid_to" in wanted else "valid_from"
        checked.fault(given, t("The last day lies before the first.", "停用日期早于启用日期。"))


def as_row(one: Site) -> list[CellValue]:
    """A site in the columns of the template."""
    head = one.institution.merged_into or one.institution
    values: dict[str, CellValue] = {
        "institution_code": head.uscc, "institution": head.name_zh, "name_zh": one.name_zh, "name_en": one.name_en,
        "region_code": one.region_code, "address": one.address, "latitude": one.latitude, "longitude": one.longitude,
        "valid_from": one.valid_from.isoformat(), "valid_to": one.valid_to.isoformat() if one.valid_to else None,
    }  # fmt: skip
    return [values.get(column.key) for column in COLUMNS]
