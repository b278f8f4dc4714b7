"""The verbs of equipment: enter instruments and calibrations, mend and correct them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.rules import NO_NUMBER, mark, ones_meant
from zhunsheng.registry.institutions.actions.changing import enter, mend, only, supersede
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_days, check_reason


@transaction.atomic
def enter_instruments(instruments: Sequence[Instrument], *, actor: User | None, at: datetime) -> None:
    """Enter instruments, all or none."""
    for one in instruments:
        one.take_keys()
    Instrument.objects.bulk_create(instruments, batch_size=500)
    journal.record_new("enter_instruments", instruments, actor=actor, at=at)


@transaction.atomic
def enter_calibrations(calibrations: Sequence[Calibration], *, actor: User | None, at: datetime) -> None:
    """Enter calibrations, all or none."""
    Calibration.objects.bulk_create(calibrations, batch_size=500)
    journal.record_new("enter_calibrations", calibrations, actor=actor, at=at)


INSTRUMENT_COLUMNS = ("serial", "inventory_number", "manufacturer", "model", "name_zh", "name_en", "retired_on")
CALIBRATION_COLUMNS = ("kind", "certificate", "performed_by", "uncertainty", "valid_from", "valid_to")


def subject_of(instrument: Instrument) -> str:
    return f"instrument:{instrument.pk}"


@transaction.atomic
def enter_instrument(instrument: Instrument, *, actor: User | None, at: datetime) -> Instrument:
    """Enter one instrument. Raises CannotEnter for one that the institution's instruments are not told apart from."""
    check_marks(instrument, {})
    instrument.take_keys()
    return enter("enter_instrument", instrument, subject=subject_of(instrument), actor=actor, at=at)


@transaction.atomic
def mend_instrument(
    instrument: Instrument, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime
) -> Instrument:
    """Change what the register says of an instrument, or take it out of use."""
    check_reason(reason)
    wanted = only(changes, INSTRUMENT_COLUMNS)
    row = Instrument.objects.select_for_update().get(pk=instrument.pk)
    check_marks(row, wanted)
    if "serial" in wanted:
        wanted["serial"] = wanted["serial"] or NO_NUMBER
        wanted["serial_key"] = mark(wanted["serial"], "", "", "").serial
    if "inventory_number" in wanted:
        wanted["inventory_key"] = mark("", "", "", wanted["inventory_number"]).inventory
    return mend("mend_instrument", row, wanted, subject=subject_of(row), reason=reason, actor=actor, at=at)


MARKS = ("serial", "manufacturer", "model", "inventory_number")


def check_marks(instrument: Instrument, wanted: Mapping[str, Any]) -> None:
    """Raise CannotEnter if another instrument of the institution bears the numbers, however they are written."""
    asked = mark(*(wanted.get(name, getattr(instrument, name)) for name in MARKS))
    numbers = {"serial_key": asked.serial, "inventory_key": asked.inventory}
    bears_one = reduce(or_, (Q(**{name: key}) for name, key in numbers.items() if key), Q(pk__in=()))
    others = Instrument.objects.filter(bears_one, institution=instrument.institution_id).exclude(pk=instrument.pk)
    held = {one.pk: one.mark for one in others}
    if asked.inventory and any(one.inventory == asked.inventory for one in held.values()):
        raise CannotEnter(
            t("An instrument here has this inventory number.", "本机构已有该管理编号的设备。"), field="inventory_number"
        )
    if asked.serial and ones_meant(asked, held):
        raise CannotEnter(SAME_SERIAL, field="serial")


SAME_SERIAL: Text = t(
    "An instrument here has this serial number. If this is another one, give the manufacturer of both; if neither plate names one, the"
    " model of both.",
    "本机构已有该出厂编号的设备。如确为另一台设备，请填写两台设备的制造商；铭牌均无制造商的，请填写两台设备的型号。",
)


@transaction.atomic
def enter_calibration(calibration: Calibration, *, actor: User | None, at: datetime) -> Calibration:
    """Enter a calibration or verification. Raises CannotEnter for a certificate that the instrument has already."""
    check_days(calibration.valid_from, calibration.valid_to)
    check_certificate(calibration, calibration.certificate)
    calibration.recorded_at = at
    return enter("enter_calibration", calibration, subject=subject_of(calibration.instrument), actor=actor, at=at)


@transaction.atomic
def correct_calibration(
    calibration: Calibration, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime
) -> Calibration:
    """Enter a calibration anew with what was wrong put right; the old row stays as what was known until now."""
    check_reason(reason)
    wanted = only(changes, CALIBRATION_COLUMNS)
    check_days(wanted.get("valid_from", calibration.valid_from), wanted.get("valid_to", calibration.valid_to))
    check_certificate(calibration, wanted.get("certificate", calibration.certificate))
    subject = subject_of(calibration.instrument)
    return supersede("correct_calibration", calibration, wanted, subject=subject, reason=reason, actor=actor, at=at)


def check_certificate(calibration: Calibration, number: str) -> None:
    """Raise CannotEnter if another calibration of the instrument bears the number."""
    others = Calibration.objects.filter(instrument=calibration.instrument_id, certificate=number, superseded_at=None)
    if others.exclude(pk=calibration.pk).exists():
        raise CannotEnter(t("This certificate is in the register already.", "该证书已登记。"), field="certificate")
