"""Scope lines from a file: a line is the same by its series; a change closes the row that was known and enters the next."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.comparing import key_of
from zhunsheng.foundation.imports.register import AUTHORITIES, Checked, Context, Given
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, ParameterName
from zhunsheng.registry.catalogue.rules.standard_numbers import normal_method
from zhunsheng.registry.catalogue.rules.writing import same
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, within_reach
from zhunsheng.registry.institutions.models import Institution, Site
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
            "Serial numbers as registered, several parted by “;”. Left empty, they stay as they are.",
            "按登记的出厂编号填写，多台以“；”分隔。留空则保持不变。",
        ),
    ),
    Column("status", t("Status", "状态"), Kind.CHOICE, choices=STATUSES, width=14),
    Column("valid_from", t("Valid from", "有效期起"), Kind.DATE, required=True, width=14, lies=Lies.SOON),
    Column("valid_to", t("Valid to", "有效期止"), Kind.DATE, width=14, aliases=("有效期至",)),
)  # fmt: skip


@dataclass
class Catalogue:
    """What names stand for, read once a file; a name of two things stands for neither."""

    parameters: Mapping[str, set[int]]
    matrices: Mapping[str, set[int]]
    methods: Mapping[str, int]


def catalogue() -> Catalogue:
    """Four queries."""
    parameters: dict[str, set[int]] = defaultdict(set)
    matrices: dict[str, set[int]] = defaultdict(set)
    for pk, *names in Parameter.objects.values_list("pk", "code", "name_zh", "name_en"):
        for name in names:
            parameters[same(name)].add(pk)
    for pk, name in ParameterName.objects.values_list("parameter_id", "name"):
        parameters[same(name)].add(pk)
    for pk, *names in Matrix.objects.values_list("pk", "code", "name_zh", "name_en"):
        for name in names:
            matrices[same(name)].add(pk)
    methods = {same(number): pk for pk, number in Method.objects.values_list("pk", "number")}
    return Catalogue(parameters, matrices, methods)


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
        sites = sites_of(rows, finder)
        families = families_of(finder)
        lines = [line_of(row, one, finder, known, sites, families) for row, one in zip(rows, checked, strict=True)]
        name_instruments(lines, checked, families)
        standing = standing_of({series for line in lines if line for series in line.candidates})
        for line, one in zip(lines, checked, strict=True):
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


Sites = Mapping[tuple[Any, str], list[Site]]


def sites_of(rows: Sequence[Given], finder: Finder) -> Sites:
    """The sites that the rows may name, by institution and name in Chinese or English; its own before those of merged entries."""
    if not any(row["site"] for row in rows):
        return {}
    names = {row.text("site") for row in rows}
    rows_found = Site.objects.filter(Q(name_zh__in=names) | Q(name_en__in=names)).select_related("institution")
    found: dict[tuple[Any, str], list[Site]] = defaultdict(list)
    for one in sorted(rows_found, key=lambda one: (one.institution.merged_at is not None, one.pk)):
        for name in {one.name_zh, one.name_en}:
            found[one.institution.merged_into_id or one.institution_id, name].append(one)
    return found


def families_of(finder: Finder) -> Mapping[UUID, list[UUID]]:
    """The keys of each institution that the rows may name and of the entries merged into it, in one query."""
    heads: set[UUID] = {one.pk for named in finder.by_name.values() for one in named.values()} | {
        one.pk for one in finder.by_code.values()
    }
    heads |= {finder.own.pk} if finder.own else set()
    families: dict[UUID, list[UUID]] = {head: [head] for head in heads}
    for key, head in Institution.objects.filter(merged_into__in=heads).order_by("pk").values_list("pk", "merged_into"):
        if head is not None:
            families[head].append(key)
    return families


def line_of(
    row: Given, checked: Checked, finder: Finder, known: Catalogue, sites: Sites, families: Mapping[UUID, list[UUID]]
) -> Line | None:
    """The things that a row names; None with faults where one is not there."""
    institution = finder.of(row, checked)
    parameter = _one(checked, "parameter", row, known.parameters)
    matrix = _one(checked, "matrix", row, known.matrices)
    method = known.methods.get(same(row.text("method"))) or known.methods.get(same(normal_method(row.text("method"))))
    if method is None:
        checked.fault("method", _not_there(row.text("method")))
    if row["valid_to"] and row.text("valid_to") < row.text("valid_from"):
        checked.fault("valid_to", t("lies before the first day.", "早于起始日期。"))
    if institution is not None and institution.kind != Institution.Kind.LABORATORY:
        checked.fault(
            "institution",
            t("is no laboratory; only laboratories have a scope.", "不是检验检测机构，不能登记能力范围。"),
        )
    places = sites.get((institution.pk, row.text("site")), []) if institution and row["site"] else []
    site = places[0] if places else None
    if site is not None and site.valid_to is not None and site.valid_to.isoformat() < row.text("valid_from"):
        closed = t("This site was closed on {d}.", "该场所已于 {d} 停用。", d=site.valid_to.isoformat())
        checked.fault("site", closed)
    checked.faults += [("low", fault) for fault in range_faults(row.text("low"), row.text("high"), row.text("unit"))]
    if institution and row["site"] and site is None:
        checked.fault(
            "site", t("“{x}” is no site of {n}.", "“{x}”不是{n}已登记的场所。", x=row.text("site"), n=institution.name)
        )
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


def name_instruments(
    lines: Sequence[Line | None], checked: Sequence[Checked], families: Mapping[UUID, list[UUID]]
) -> None:
    """Find the instruments that rows name by serial number, among those of the institution's family; one query."""
    asked = [(line, one, _serials(line.given)) for line, one in zip(lines, checked, strict=True) if line is not None]
    named = {serial for _, _, wanted in asked for serial in wanted}
    head_of = {key: head for head, keys in families.items() for key in keys}
    found: dict[tuple[UUID, str], dict[str, str]] = defaultdict(dict)
    if named:
        rows = Instrument.objects.filter(serial__in=named, institution__in=head_of).order_by("pk")
        for pk, serial, institution in rows.values_list("pk", "serial", "institution"):
            found[head_of[institution], serial][str(pk)] = serial
    for line, one, wanted in asked:
        for serial in wanted:
            if (line.institution.pk, serial) not in found:
                one.fault("instruments", _no_instrument(serial, line.institution))
        if wanted:
            line.uses = {pk: name for serial in wanted for pk, name in found[line.institution.pk, serial].items()}


def _serials(row: Given) -> list[str]:
    return [serial for part in re.split("[;；]", row.text("instruments")) if (serial := part.strip())]


def _no_instrument(serial: str, institution: Institution) -> Text:
    return t(
        "“{x}” is no instrument of {n} in the register. Enter it first.", "{n}没有登记编号为“{x}”的仪器设备，请先登记。",
        x=serial[:60], n=institution.name,
    )  # fmt: skip


def _one(checked: Checked, column: str, row: Given, known: Mapping[str, set[int]]) -> int | None:
    found = known.get(same(row.text(column)), set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        message = t(
            "“{x}” names {n} things in the catalogue; give the code.", "“{x}”在目录中对应 {n} 项，请填写代码。",
            x=row.text(column), n=len(found),
        )  # fmt: skip
        checked.fault(column, message)
    else:
        checked.fault(column, _not_there(row.text(column)))
    return None


def _not_there(text: str) -> Text:
    return t(
        "“{x}” is not in the catalogue. Use a name from it, or have it entered first.",
        "目录中没有“{x}”。请使用目录中的名称，或先申请录入目录。",
        x=text[:60],
    )


def as_row(one: ScopeLine) -> list[CellValue]:
    """A line in the columns of the template, the catalogue by its codes."""
    head = one.institution.merged_into or one.institution
    values: dict[str, CellValue] = {
        "institution_code": head.uscc, "institution": head.name_zh, "site": one.site.name_zh if one.site else None,
        "parameter": one.parameter.code, "matrix": one.matrix.code, "method": one.method.number, "limits": one.limits,
        **{name: str(getattr(one, name) or "") for name in WRITTEN},
        "instruments": serials({str(used.pk): used.serial for used in one.instruments.all()}),
    }  # fmt: skip
    values["status"] = STATUSES[one.status].zh  # type: ignore[index]
    return [values.get(column.key) for column in COLUMNS]
