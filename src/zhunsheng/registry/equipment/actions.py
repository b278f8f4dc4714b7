"""The verbs of equipment: enter instruments and calibrations in the register."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.rules import serial_key


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
