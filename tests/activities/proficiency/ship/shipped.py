"""Rounds whose items may leave: codes drawn, homogeneity and stability let go by a person."""

from datetime import timedelta
from typing import Any

from tests.activities.proficiency.collect.collected import running_round
from tests.cast import AT
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.prepare.actions.studying import waive
from zhunsheng.activities.proficiency.prepare.states import KINDS
from zhunsheng.activities.proficiency.ship import actions
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

TODAY = AT.date()
EXPECTED = TODAY + timedelta(days=3)


def let_go(round_: Round, coordinator: User) -> None:
    """Open the gate."""
    for one in round_.measurands.all():
        for kind in KINDS:
            waive(round_, one, kind, verdict=None, reason="known from the last round", actor=coordinator, at=AT)


def ready_round(
    provider: Institution, coordinator: User, *, laboratories: list[Institution | None], **said: Any
) -> Round:
    """A running round whose gate is open, codes K01, K02 …"""
    made = running_round(provider, coordinator, laboratories=laboratories, **said)
    let_go(made, coordinator)
    return made


def sent(round_: Round, coordinator: User, **tracking: str) -> None:
    """Handed to a carrier today: all, or those named with their numbers."""
    actions.send(round_, tracking or None, carrier="EMS", sent_on=TODAY, expected_on=EXPECTED, actor=coordinator, at=AT)


def parcel(round_: Round, code: str, replacement: int = 0) -> Parcel:
    return Parcel.objects.get(round=round_, participation__code=code, replacement=replacement)
