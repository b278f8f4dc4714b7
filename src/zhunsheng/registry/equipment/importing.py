"""Instruments from a file, a calibration or verification a row; which instrument a row means is told by `rules.ones_meant`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace as replaced
from typing import Any

from django.db.models import Prefetch

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.comparing import key_of, replace, update
from zhunsheng.foundation.imports.register import EVERYBODY, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.rules import NO_NUMBER, Mark, filled, lost_zeros, ones_meant, plain_key
from zhunsheng.registry.equipment.shelves import Held, Shelf, Shelves, mark_of
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, families_of, within_reach
from zhunsheng.registry.institutions.models import Institution

KINDS: dict[str, Text] = {"calibration": t("Calibration", "校准"), "verification": t("Verification", "检定")}
PLAIN = ("name_zh", "name_en", "manufacturer", "model", "retired_on")
OF_CALIBRATION = {
    "kind": "calibration_kind", "performed_by": "calibrated_by", "uncertainty": "calibration_uncertainty",
    "valid_from": "calibrated_on", "valid_to": "calibrated_to",
}  # fmt: skip
"""A calibration's column → the file's."""

COLUMNS: tuple[Column, ...] = (
    *INSTITUTION_COLUMNS,
    Column(
        "serial", t("Serial number", "出厂编号"), Kind.CODE, width=22, longest=64, aliases=("编号", "设备编号", "序列号"),
        explanation=t(
            "As on the plate, with its zeros; “/” where it bears none. Two makers’ 001 are two instruments: give the manufacturer, or the"
            " model where no plate names one. One instrument may have several rows, one for each calibration.",
            "按铭牌填写，保留开头的零；铭牌无编号的填“/”。不同制造商的 001 是两台设备，请填写制造商；"
            "铭牌均无制造商的，请填写型号。同一设备的多次校准可分行填写。",
        ),
    ),
    Column(
        "inventory_number", t("Inventory number", "管理编号"), Kind.CODE, width=20, longest=64,
        aliases=("资产编号", "固定资产编号", "内部编号", "设备管理编号"),
        explanation=t(
            "The institution’s own number. An instrument without serial number is found by it; with neither, each row is a new one.",
            "本机构自编的编号。没有出厂编号的设备以此识别；两者均无的，每行都按新设备登记。",
        ),
    ),
    Column("name_zh", t("Name in Chinese", "设备名称"), required=True, width=28, aliases=("名称", "仪器名称"), example="气相色谱仪"),
    Column("name_en", t("Name in English", "设备英文名称"), width=28, example="Gas chromatograph"),
    Column("manufacturer", t("Manufacturer", "制造商"), width=24, aliases=("生产厂家", "生产厂商", "生产单位")),
    Column("model", t("Model", "型号规格"), width=18, longest=100, aliases=("型号", "规格型号")),
    Column(
        "retired_on", t("Last day of use", "停用日期"), Kind.DATE, width=14, lies=Lies.SOON, aliases=("报废日期",),
        explanation=t("For an instrument sold, scrapped or lost.", "设备出售、报废或丢失时填写。"),
    ),
    Column("calibration_kind", t("Calibration or verification", "溯源方式"), Kind.CHOICE, choices=KINDS, width=16),
    Column(
        "calibration_certificate", t("Certificate number", "校准或检定证书编号"), Kind.CODE, width=22, longest=64,
        aliases=("证书编号", "证书号"), explanation=t("With both days.", "填写时须同时填写起止日期。"),
    ),
    Column(
        "calibrated_on", t("Calibrated on", "校准日期"), Kind.DATE, width=14, lies=Lies.PAST, aliases=("检定日期", "校准或检定日期"),
    ),
    Column(
        "calibrated_to", t("In date until", "有效期至"), Kind.DATE, width=14,
        explanation=t("The day before it is due again.", "下次校准到期的前一日。"),
    ),
    Column("calibrated_by", t("Calibrated by", "校准机构"), width=28, aliases=("检定机构", "溯源机构")),
    Column("calibration_uncertainty", t("Uncertainty", "测量不确定度"), width=22,
           explanation=t("As the certificate states it.", "按证书原文填写。")),
)  # fmt: skip


SAID = ("serial", "inventory_number", *PLAIN)
"""What the rows of a file say of an instrument; two of them say the same."""


class Equipment:
    """The register of instruments, for files."""

    key = "equipment"
    name = t("Equipment", "仪器设备")
    columns = COLUMNS
    models = ("equipment.Instrument", "equipment.Calibration")
    open_to = EVERYBODY
    secret: frozenset[str] = frozenset()
    same = (
        Same(
            "equipment.Instrument",
            ("institution_id", "serial_key"),
            filled=("serial_key",),
            apart=("manufacturer", "model"),
        ),
        Same("equipment.Instrument", ("institution_id", "inventory_key"), filled=("inventory_key",)),
    )

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        finder = Finder(rows, context)
        shelves: Shelves = context.kept.setdefault("shelves", Shelves())
        shelves.fill(rows, families_of(finder))
        return [check_row(row, finder, shelves, context) for row in rows]

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        standing = Calibration.objects.filter(superseded_at=None).order_by("valid_from", "pk")
        mine = Institution.objects.filter(within_reach(context))
        found = (
            Instrument.objects.filter(institution__in=mine)
            .select_related("institution__merged_into")
            .order_by("institution", "serial", "pk")
        )
        for one in found.prefetch_related(Prefetch("calibrations", standing, to_attr="standing")).iterator(
            chunk_size=2000
        ):
            yield as_row(one)


def check_row(row: Given, finder: Finder, shelves: Shelves, context: Context) -> Checked:
    """What one row would do to the register."""
    checked = Checked(key_of("row", row.row), label=f"{row.text('name_zh')} {row.text('serial')}".strip())
    institution = finder.of(row, checked)
    if institution is None:
        return checked
    asked, shelf = mark_of(row), shelves[institution.pk]
    near = shelf.near(asked)
    meant = ones_meant(asked, near)
    key = meant[0] if meant else str(uuid.uuid4())
    held = shelf.all.get(key) or Held(asked, checked.label)
    checked.key = _key(row, institution, held.mark, key if held.row else None)
    _check_one_meant(checked, row, asked, meant, shelf)
    _check_agrees(checked, row, held)
    if held.row is not None:
        _update(checked, row, held, asked)
    elif not meant:
        _enter(checked, row, institution, asked, key)
    _calibration(checked, row, key, held.row, context)
    if not checked.faults:
        held.said = {name: (row.text(name), row.row) for name in SAID if row[name]} | held.said
        shelf.put(key, replaced(held, mark=filled(held.mark, asked)))
    return checked


def _key(row: Given, institution: Institution, asked: Mark, found: str | None) -> str:
    """Each calibration of an instrument is a row of its own; what bears no number at all is never the same as another."""
    who = (found,) if found else (asked.serial, asked.manufacturer, asked.model, asked.inventory)
    number = row.row if not (found or asked.serial or asked.inventory) else ""
    return key_of("instrument", institution.pk, *who, number, row.text("calibration_certificate"))


def _check_one_meant(checked: Checked, row: Given, asked: Mark, meant: Sequence[str], shelf: Shelf) -> None:
    """Several, or one whose number lost its zeros, are never guessed; a number that no plate bears is told."""
    if len(meant) > 1:
        checked.fault("serial", _several([shelf.all[key].told for key in meant]))
    marks = shelf.near(asked)
    if not meant and (zeros := lost_zeros(asked, marks)):
        checked.fault("serial", _zeros(row.text("serial"), shelf.all[zeros[0]].told))
    others = (key for key, one in marks.items() if asked.inventory and one.inventory == asked.inventory)
    if other := next((key for key in others if key not in meant), None):
        message = t("is the inventory number of {x}.", "已是“{x}”的管理编号。", x=shelf.all[other].told)
        checked.fault("inventory_number", message)
    if not asked.serial and not asked.inventory:
        checked.notes.append(("serial", NO_NUMBER_AT_ALL))


NO_NUMBER_AT_ALL: Text = t(
    "An instrument with neither a serial number nor an inventory number is entered as a new one each time the row is sent. Give it an"
    " inventory number.",
    "既无出厂编号又无管理编号的设备，每次提交都会作为新设备登记。请为其编制管理编号。",
)


def _several(told: Sequence[str]) -> Text:
    return t(
        "{n} instruments bear this number ({w}). Give the manufacturer, the model or the inventory number.",
        "有 {n} 台设备使用该编号（{w}）。请填写制造商、型号或管理编号。",
        n=len(told), w="；".join(told[:5]),
    )  # fmt: skip


def _zeros(given: str, there: str) -> Text:
    return t(
        "{x} is not registered, but {y} is: the spreadsheet program may have dropped zeros. Format the column as text and write the number"
        " as it stands on the plate. If it is another instrument, enter it on the page.",
        "“{x}”未登记，但已登记有“{y}”：开头的零可能已被电子表格软件去掉。请将该列设为文本格式，按铭牌填写；如确为另一台设备，请在设备页面录入。",
        x=given, y=there,
    )  # fmt: skip


def _check_agrees(checked: Checked, row: Given, held: Held) -> None:
    """Two rows of a file about one instrument say the same of it: else the second would undo the first, or be lost."""
    for name in SAID:
        value, above = held.said.get(name, ("", min((number for _, number in held.said.values()), default=0)))
        known = name in held.said or (held.row is None and bool(held.said))
        if row[name] and known and plain_key(value) != plain_key(row.text(name)):
            message = t(
                "Rows {a} and {b} are about one instrument and differ here (“{x}”, “{y}”). Write the same in both.",
                "第 {a} 行和第 {b} 行为同一台设备，此处填写不一致（“{x}”，“{y}”）。请填写一致。",
                a=above, b=row.row, x=value, y=row[name],
            )  # fmt: skip
            checked.fault(name, message)


def _enter(checked: Checked, row: Given, institution: Institution, asked: Mark, key: str) -> None:
    values: dict[str, Any] = {name: row[name] for name in (*PLAIN, "inventory_number") if row[name]}
    values |= {
        "id": key, "institution_id": str(institution.pk), "serial": row.text("serial") or NO_NUMBER, "serial_key": asked.serial,
        "inventory_key": asked.inventory,
    }  # fmt: skip
    values.setdefault("name_en", row.text("name_zh"))
    checked.operations.append(Operation("insert", "equipment.Instrument", values=values))


def _update(checked: Checked, row: Given, held: Held, asked: Mark) -> None:
    """What differs and no row above said; a number is written anew only where it says something else."""
    assert held.row is not None
    checked.subject = f"instrument:{held.row.pk}"
    wanted: dict[str, Any] = {name: row[name] for name in PLAIN if name not in held.said}
    if asked.serial and asked.serial != held.mark.serial:
        wanted |= {"serial": row["serial"], "serial_key": asked.serial}
    if asked.inventory and asked.inventory != held.mark.inventory:
        wanted |= {"inventory_number": row["inventory_number"], "inventory_key": asked.inventory}
    update(checked, held.row, wanted)
    checked.changes = [change for change in checked.changes if change[0] in SAID]


def _calibration(checked: Checked, row: Given, instrument: str, found: Instrument | None, context: Context) -> None:
    """Enter a calibration, or correct the one of that certificate; a change closes the row that was known."""
    certificate, first, last = row["calibration_certificate"], row["calibrated_on"], row["calibrated_to"]
    if not certificate:
        return
    for column, value in (("calibrated_on", first), ("calibrated_to", last)):
        if not value:
            checked.fault(column, t("is needed beside the certificate number.", "与证书编号须同时填写。"))
    if not first or not last:
        return
    if first > last:
        checked.fault("calibrated_to", t("lies before the first day.", "早于起始日期。"))
        return
    wanted = {name: row[column] for name, column in OF_CALIBRATION.items() if row[column]}
    standing = getattr(found, "standing", []) if found else []
    held = next((one for one in standing if one.certificate == certificate), None)
    recorded = {"recorded_at": context.at.isoformat()}
    if held is not None:
        replace(checked, held, wanted, shown=OF_CALIBRATION, recorded=recorded)
        return
    values = {**wanted, **recorded, "instrument_id": instrument, "certificate": certificate}
    checked.operations.append(Operation("insert", "equipment.Calibration", values=values))


def as_row(one: Instrument) -> list[CellValue]:
    """An instrument with its newest calibration in the columns of the template."""
    head = one.institution.merged_into or one.institution
    values: dict[str, CellValue] = {name: str(getattr(one, name) or "") for name in (*PLAIN, "inventory_number")}
    values |= {"institution_code": head.uscc, "institution": head.name_zh, "serial": one.serial}
    for held in one.standing[-1:]:  # type: ignore[attr-defined]
        values["calibration_certificate"] = held.certificate
        values |= {column: str(getattr(held, name)) for name, column in OF_CALIBRATION.items()}
        values["calibration_kind"] = KINDS[held.kind].zh
    return [values.get(column.key) for column in COLUMNS]
