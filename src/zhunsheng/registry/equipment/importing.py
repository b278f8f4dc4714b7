"""Instruments from a file, with one calibration or verification a row: found by institution and serial number."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.comparing import key_of, replace, update
from zhunsheng.foundation.imports.register import EVERYBODY, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, within_reach
from zhunsheng.registry.institutions.models import Institution

KINDS: dict[str, Text] = {"calibration": t("Calibration", "校准"), "verification": t("Verification", "检定")}
PLAIN = ("name_zh", "name_en", "manufacturer", "model")
OF_CALIBRATION = {
    "kind": "calibration_kind", "performed_by": "calibrated_by", "uncertainty": "calibration_uncertainty",
    "valid_from": "calibrated_on", "valid_to": "calibrated_to",
}  # fmt: skip
"""A calibration's column → the file's."""

COLUMNS: tuple[Column, ...] = (
    *INSTITUTION_COLUMNS,
    Column("serial", t("Serial number", "出厂编号"), Kind.CODE, required=True, width=22, longest=64,
           aliases=("编号", "设备编号", "序列号")),
    Column("name_zh", t("Name in Chinese", "设备名称"), required=True, width=28, aliases=("名称", "仪器名称"), example="气相色谱仪"),
    Column("name_en", t("Name in English", "设备英文名称"), width=28, example="Gas chromatograph"),
    Column("manufacturer", t("Manufacturer", "制造商"), width=24, aliases=("生产厂家",)),
    Column("model", t("Model", "型号规格"), width=18, longest=100, aliases=("型号",)),
    Column("calibration_kind", t("Calibration or verification", "溯源方式"), Kind.CHOICE, choices=KINDS, width=16),
    Column(
        "calibration_certificate", t("Certificate number", "校准或检定证书编号"), Kind.CODE, width=22, longest=64,
        aliases=("证书编号", "证书号"), explanation=t("With both days.", "填写时须同时填写起止日期。"),
    ),
    Column("calibrated_on", t("Calibrated on", "校准日期"), Kind.DATE, width=14, aliases=("检定日期", "校准或检定日期")),
    Column(
        "calibrated_to", t("In date until", "有效期至"), Kind.DATE, width=14,
        explanation=t("The day before it is due again.", "下次校准到期的前一日。"),
    ),
    Column("calibrated_by", t("Calibrated by", "校准机构"), width=28, aliases=("检定机构", "溯源机构")),
    Column("calibration_uncertainty", t("Uncertainty", "测量不确定度"), width=22,
           explanation=t("As the certificate states it.", "按证书原文填写。")),
)  # fmt: skip


class Equipment:
    """The register of instruments, for files."""

    key = "equipment"
    name = t("Equipment", "仪器设备")
    columns = COLUMNS
    models = ("equipment.Instrument", "equipment.Calibration")
    open_to = EVERYBODY
    secret: frozenset[str] = frozenset()
    same = (Same("equipment.Instrument", ("institution_id", "serial_key")),)

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        finder = Finder(rows, context)
        keys = {serial_key(row.text("serial")) for row in rows}
        standing = Calibration.objects.filter(superseded_at=None)
        found = Instrument.objects.filter(serial_key__in=keys).select_related("institution")
        there = {
            (one.institution.merged_into_id or one.institution_id, one.serial_key): one
            for one in found.prefetch_related(Prefetch("calibrations", standing, to_attr="standing"))
        }
        return [check_row(row, finder, there, context) for row in rows]

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        standing = Calibration.objects.filter(superseded_at=None).order_by("valid_from", "pk")
        mine = Institution.objects.filter(within_reach(context))
        found = (
            Instrument.objects.filter(institution__in=mine)
            .select_related("institution__merged_into")
            .order_by("institution", "serial")
        )
        for one in found.prefetch_related(Prefetch("calibrations", standing, to_attr="standing")).iterator(
            chunk_size=2000
        ):
            yield as_row(one)


def check_row(row: Given, finder: Finder, there: Mapping[Any, Instrument], context: Context) -> Checked:
    """What one row would do to the register."""
    checked = Checked(key_of("row", row.row), label=f"{row.text('name_zh')} {row.text('serial')}")
    institution = finder.of(row, checked)
    if institution is None:
        return checked
    serial = row.text("serial")
    checked.key = key_of("instrument", institution.pk, serial_key(serial))
    found = there.get((institution.pk, serial_key(serial)))
    if found is None:
        made = str(uuid.uuid4())
        values = {name: row[name] for name in PLAIN if row[name]}
        values |= {
            "id": made,
            "institution_id": str(institution.pk),
            "serial": serial,
            "serial_key": serial_key(serial),
        }
        values.setdefault("name_en", row.text("name_zh"))
        checked.operations.append(Operation("insert", "equipment.Instrument", values=values))
    else:
        made = str(found.pk)
        checked.subject = f"instrument:{found.pk}"
        update(checked, found, {name: row[name] for name in PLAIN})
    _calibration(checked, row, made, found, context)
    return checked


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
    values: dict[str, CellValue] = {name: getattr(one, name) for name in PLAIN}
    values |= {"institution_code": head.uscc, "institution": head.name_zh, "serial": one.serial}
    for held in one.standing[-1:]:  # type: ignore[attr-defined]
        values["calibration_certificate"] = held.certificate
        values |= {column: str(getattr(held, name)) for name, column in OF_CALIBRATION.items()}
        values["calibration_kind"] = KINDS[held.kind].zh
    return [values.get(column.key) for column in COLUMNS]
