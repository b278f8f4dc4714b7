"""The verbs of sealed assigned values: seal one, seal another in its place, open them all after the deadline."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.prepare.actions.studying import still_open
from zhunsheng.activities.proficiency.prepare.models import Opening, Seal
from zhunsheng.activities.proficiency.prepare.queries import newest_seals
from zhunsheng.activities.proficiency.prepare.rules.sealing import Sealed, check_after, check_before, check_sealable
from zhunsheng.activities.proficiency.rules.reported_values import fold
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal


@transaction.atomic
def seal(
    round_: Round,
    measurand: RoundMeasurand,
    *,
    variant: int,
    assigned: str,
    u: str,
    reason: str,
    actor: User,
    at: datetime,
) -> Seal:
    """Put an assigned value away until the deadline; in the place of an earlier one with a reason. Raises CannotDo.

    The journal keeps the commitment alone.
    """
    held = still_open(round_)
    check_before(held.plan.results_until, at)
    check_sealable(assigned, u, variant, _variants(held, measurand))
    earlier = newest_seals(held).get((measurand.pk, variant))
    if earlier is not None and not reason.strip():
        raise CannotDo(
            t("A value is sealed already. Say why it is sealed anew.", "已有封存的指定值，请说明重新封存的理由。")
        )
    sealed = Sealed(
        str(held.pk),
        measurand.item,
        measurand.name,
        measurand.unit,
        variant,
        fold(assigned),
        fold(u),
        secrets.token_hex(32),
    )
    made = Seal.objects.create(
        measurand=measurand, variant=variant, version=earlier.version + 1 if earlier else 1, assigned=sealed.assigned,
        u=sealed.u, canonical=sealed.canonical.decode(), commitment=sealed.commitment,
        reason=reason.strip() if earlier else "", sealed_at=at, sealed_by=actor,
    )  # fmt: skip
    journal.record(
        "seal_assigned_value", actor=actor, at=at, subject=f"round:{held.pk}", covers=[made], reason=made.reason,
        before={"commitment": earlier.commitment} if earlier else None,
        after={"position": measurand.position, "variant": variant, "commitment": made.commitment},
    )  # fmt: skip
    return made


def _variants(held: Round, measurand: RoundMeasurand) -> int:
    found = Item.objects.filter(round=held, code=measurand.item).values_list("variants", flat=True).first()
    return found or 1


@transaction.atomic
def open_seals(round_: Round, *, actor: User, at: datetime) -> list[Opening]:
    """Open every seal of a round after the deadline: the values of items without variants become the assigned values.

    A measurand in variants has a value for each, see `queries.opened_values`. Raises CannotDo before the deadline.
    """
    held = still_open(round_)
    check_after(held.plan.results_until, at)
    closed = [one for one in newest_seals(held).values() if not hasattr(one, "opening")]
    if not closed:
        raise CannotDo(t("No seal is left to open.", "没有待启封的指定值。"))
    made = Opening.objects.bulk_create([Opening(seal=one, at=at, by=actor) for one in closed], batch_size=150)
    _take(held, closed)
    journal.record(
        "open_sealed_values", actor=actor, at=at, subject=f"round:{held.pk}", covers=made,
        after={"commitments": [one.commitment for one in closed]},
    )  # fmt: skip
    return made


def _take(held: Round, seals: Sequence[Seal]) -> None:
    varied = set(Item.objects.filter(round=held, variants__gt=1).values_list("code", flat=True))
    taken = [one.measurand for one in seals if one.measurand.item not in varied]
    for one in seals:
        one.measurand.assigned, one.measurand.u_assigned = one.assigned, one.u
    RoundMeasurand.objects.bulk_update(taken, ["assigned", "u_assigned"], batch_size=100)
    Round.objects.filter(pk=held.pk).update(settings_stamp=F("settings_stamp") + 1)
