"""The verbs of equipment: enter instruments and calibrations, mend and correct them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.institutions.actions.changing import enter, mend, only, supersede
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_days, check_reason


@transaction.atomic
def enter_instruments(instruments: Sequence[Instrument], *, actor: User | None, at: datetime) -> None:
    """Enter instruments, all or none."""
    for one in instruments:
        one.serial_key = serial_key(one.serial)
    Instrument.objects.bulk_create(instruments, batch_size=500)
    journal.record_new("enter_instruments", instruments, actor=actor, at=at)


@transaction.atomic
def enter_calibrations(calibrations: Sequence[Calibration], *, actor: User | None, at: datetime) -> None:
    """Enter calibrations, all or none."""
    Calibration.objects.bulk_create(calibrations, batch_size=500)
    journal.record_new("enter_calibrations", calibrations, actor=actor, at=at)


INSTRUMENT_COLUMNS = ("serial", "manufacturer", "model", "name_zh", "name_en", "retired_on")
CALIBRATION_COLUMNS = ("kind", "certificate", "performed_by", "uncertainty", "valid_from", "valid_to")


def subject_of(instrument: Instrument) -> str:
    return f"instrument:{instrument.pk}"


@transaction.atomic
def enter_instrument(instrument: Instrument, *, actor: User | None, at: datetime) -> Instrument:
    """Enter one instrument. Raises CannotEnter for a serial number that the institution has already."""
    check_serial(instrument, instrument.serial)
    instrument.serial_key = serial_key(instrument.serial)
    return enter("enter_instrument", instrument, subject=subject_of(instrument), actor=actor, at=at)


@transaction.atomic
def mend_instrument(
    instrument: Instrument, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime
) -> Instrument:
    """Change what the register says of an instrument, or take it out of use."""
    check_reason(reason)
    wanted = only(changes, INSTRUMENT_COLUMNS)
    row = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if "serial" in wanted:
        check_serial(row, wanted["serial"])
        wanted["serial_key"] = serial_key(wanted["serial"])
    return mend("mend_instrument", row, wanted, subject=subject_of(row), reason=reason, actor=actor, at=at)


def check_serial(instrument: Instrument, serial: str) -> None:
    """Raise CannotEnter if another instrument of the institution bears the number, however it is written."""
    others = Instrument.objects.filter(institution=instrument.institution_id, serial_key=serial_key(serial))
    if others.exclude(pk=instrument.pk).exists():
        raise CannotEnter(
            t("An instrument here has this serial number.", "本机构已有该出厂编号的设备。"), field="serial"
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
