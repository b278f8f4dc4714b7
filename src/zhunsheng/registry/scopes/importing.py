"""Scope lines from a file: a line is the same by its series; a change closes the row that was known and enters the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.comparing import key_of
from zhunsheng.foundation.imports.register import AUTHORITIES, Checked, Context, Given
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.catalogue.rules.standard_numbers import normal_method
from zhunsheng.registry.catalogue.rules.writing import same
from zhunsheng.registry.equipment.finding import called
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, families_of, within_reach
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.scopes.importing_names import (
    Catalogue,
    Sites,
    catalogue,
    name_instruments,
    not_there,
    one_of,
    places_of,
    sites_of,
)
from zhunsheng.registry.scopes.importing_periods import WRITTEN, Line, enter, serials, standing_of
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.rules import series_of
from zhunsheng.registry.scopes.rules.ranges import range_faults
from zhunsheng.registry.scopes.states import STATUSES

COLUMNS: tuple[Column, ...] = (
    *INSTITUTION_COLUMNS,
    Column("site", t("Site", "场所"), width=24, aliases=("检测地点",), explanation=t("As it is registered.", "按已登记的场所名称填写。")),
    Column(
        "parameter", t("Parameter", "检测项目"), required=True, width=24, aliases=("项目", "参数", "检测参数"), example="总汞",
        explanation=t("Its code or one of its names in the catalogue.", "参数目录中的代码、名称或别名。"),
    ),
    Column(
        "matrix", t("Matrix", "检测对象"), required=True, width=24, aliases=("产品", "基质", "检测产品"), example="饲料",
        explanation=t("Its code or name in the catalogue.", "目录中的代码或名称。"),
    ),
    Column(
        "method", t("Method", "检测方法"), required=True, width=28, longest=64, aliases=("标准编号", "检测标准", "依据标准", "方法标准"),
        example="GB/T 13081-2022", explanation=t("Its number in the catalogue.", "目录中的方法编号。"),
    ),
    Column("low", t("From", "范围下限"), width=12, longest=40),
    Column("high", t("To", "范围上限"), width=12, longest=40),
    Column("unit", t("Unit", "单位"), width=12, longest=40, aliases=("计量单位",)),
    Column("uncertainty", t("Uncertainty", "不确定度"), width=18, longest=100),
    Column("limits", t("Limitation", "限制范围"), width=28, longest=300, aliases=("限制说明", "限制范围或说明")),
    Column(
        "instruments", t("Instruments", "仪器设备编号"), width=24, longest=600, aliases=("出厂编号", "设备编号", "仪器编号"),
        explanation=t(
            "Serial numbers as registered, several parted by “;”; with the manufacturer in brackets where two makers use one, or by the"
            " inventory number. Left empty, they stay as they are.",
            "按登记的出厂编号填写，多台以“；”分隔；不同制造商编号相同的，在括号中注明制造商，或填写管理编号。留空则保持不变。",
        ),
    ),
    Column("status", t("Status", "状态"), Kind.CHOICE, choices=STATUSES, width=14),
    Column("valid_from", t("Valid from", "有效期起"), Kind.DATE, required=True, width=14, lies=Lies.SOON),
    Column("valid_to", t("Valid to", "有效期止"), Kind.DATE, width=14, aliases=("有效期至",)),
)  # fmt: skip


class Scopes:
    """The register of scopes, for files."""

    key = "scopes"
    name = t("Scope lines", "能力范围")
    columns = COLUMNS
    models = ("scopes.ScopeLine", "scopes.ScopeLine_instruments")
    open_to = AUTHORITIES  # a laboratory suspends and resumes its lines on its pages; what it may test is approved, not claimed
    secret: frozenset[str] = frozenset()
    same = (Same("scopes.ScopeLine", ("series",), standing=("superseded_at",), days=True),)

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        known = context.kept.setdefault("catalogue", None) or catalogue()
        context.kept["catalogue"] = known
        finder, checked = Finder(rows, context), [Checked(key_of("row", row.row)) for row in rows]
        families = families_of(finder)
        sites = sites_of(rows, families)
        lines = [line_of(row, one, finder, known, sites, families) for row, one in zip(rows, checked, strict=True)]
        name_instruments(lines, checked, families)
        standing = standing_of({series for line in lines if line for series in line.candidates})
        for line, one in sorted(zip(lines, checked, strict=True), key=_first_day):
            if line is not None and not one.faults:
                line.series = next((series for series in line.candidates if series in standing), line.series)
                enter(one, line, standing, context)
        return checked

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        mine = Institution.objects.filter(within_reach(context))
        found = (
            ScopeLine.objects.filter(institution__in=mine, superseded_at=None)
            .select_related("institution__merged_into", "site", "parameter", "matrix", "method")
            .prefetch_related("instruments")
        )
        for one in found.order_by("institution", "parameter", "matrix", "method", "valid_from").iterator(
            chunk_size=2000
        ):
            yield as_row(one)


def line_of(
    row: Given, checked: Checked, finder: Finder, known: Catalogue, sites: Sites, families: Mapping[UUID, list[UUID]]
) -> Line | None:
    """The things that a row names; None with faults where one is not there."""
    institution = finder.of(row, checked)
    parameter = one_of(checked, "parameter", row, known.parameters)
    matrix = one_of(checked, "matrix", row, known.matrices)
    method = known.methods.get(same(row.text("method"))) or known.methods.get(same(normal_method(row.text("method"))))
    if method is None:
        checked.fault("method", not_there(row.text("method")))
    if row["valid_to"] and row.text("valid_to") < row.text("valid_from"):
        checked.fault("valid_to", t("lies before the first day.", "早于起始日期。"))
    if institution is not None and institution.kind != Institution.Kind.LABORATORY:
        checked.fault(
            "institution",
            t("is no laboratory; only laboratories have a scope.", "不是检验检测机构，不能登记能力范围。"),
        )
    places = places_of(row, checked, institution, sites) if institution and row["site"] else []
    site = places[0] if places else None
    if site is not None and site.valid_to is not None and site.valid_to.isoformat() < row.text("valid_from"):
        closed = t("This site was closed on {d}.", "该场所已于 {d} 停用。", d=site.valid_to.isoformat())
        checked.fault("site", closed)
    checked.faults += [("low", fault) for fault in range_faults(row.text("low"), row.text("high"), row.text("unit"))]
    if institution is None or parameter is None or matrix is None or method is None or checked.faults:
        return None
    keys: list[int | None] = [*(one.pk for one in places)] or [None]
    candidates = [
        series_of(
            institution=entry, site=place, parameter=parameter, matrix=matrix, method=method,
            limits=row.text("limits"),
        )
        for entry in families[institution.pk]
        for place in keys
    ]  # fmt: skip
    checked.label = f"{row.text('parameter')} / {row.text('matrix')} / {row.text('method')}"
    checked.key = key_of("series", candidates[0], row.text("valid_from"))
    return Line(row, institution, site, (parameter, matrix, method), candidates, candidates[0])


def _first_day(pair: tuple[Line | None, Checked]) -> str:
    """The periods of a line are taken in their order, whatever that of the rows is."""
    return pair[0].given.text("valid_from") if pair[0] else ""


def as_row(one: ScopeLine) -> list[CellValue]:
    """A line in the columns of the template, the catalogue by its codes."""
    head = one.institution.merged_into or one.institution
    values: dict[str, CellValue] = {
        "institution_code": head.uscc, "institution": head.name_zh, "site": one.site.name_zh if one.site else None,
        "parameter": one.parameter.code, "matrix": one.matrix.code, "method": one.method.number, "limits": one.limits,
        **{name: str(getattr(one, name) or "") for name in WRITTEN},
        "instruments": serials({str(used.pk): called(used) for used in one.instruments.all()}),
    }  # fmt: skip
    values["status"] = STATUSES[one.status].zh  # type: ignore[index]
    return [values.get(column.key) for column in COLUMNS]
