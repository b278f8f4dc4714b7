"""The verbs of variants: draw one of each item for every participant; replace one with a reason."""

import random
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.prepare.actions.studying import still_open
from zhunsheng.activities.proficiency.prepare.models import Assignment
from zhunsheng.activities.proficiency.prepare.queries import assignments, handed_out, unassigned, varied_items
from zhunsheng.activities.proficiency.prepare.rules.variants import drawn
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal

BATCH = 150
"""SQLite takes 999 variables in a statement."""


def _running(round_: Round) -> Round:
    held = still_open(round_)
    if held.state != "running":
        raise CannotDo(
            t(
                "Variants are assigned when the codes are drawn and results may come in.",
                "样品变体在编码之后、上报期间分配。",
            )
        )
    return held


@transaction.atomic
def assign_variants(round_: Round, *, draw: random.Random, actor: User | None, at: datetime) -> int:
    """Draw a variant of each item for each participant who has none, balanced; returns how many were assigned.

    Raises CannotDo before the codes are drawn, where no item has variants, and where nobody is without one.
    """
    held = _running(round_)
    items = varied_items(held)
    if not items:
        raise CannotDo(t("No item of this round has variants.", "本轮次的样品均无变体。"))
    made = list(_drawn(held, items, draw, at))
    if not made:
        raise CannotDo(t("Everybody has a variant of each item.", "所有参加实验室均已分配样品变体。"))
    Assignment.objects.bulk_create(made, batch_size=BATCH)
    journal.record(
        "assign_item_variants", actor=actor, at=at, subject=f"round:{held.pk}", covers=made,
        after={"items": [one.code for one in items], "assigned": len(made)},
    )  # fmt: skip
    return len(made)


def _drawn(held: Round, items: list[Item], draw: random.Random, at: datetime) -> Iterator[Assignment]:
    counts = handed_out(held)
    for item in items:
        waiting = unassigned(item)
        chosen = drawn(len(waiting), item.variants, draw=draw, already=counts.get(item.pk))
        for participation, variant in zip(waiting, chosen, strict=True):
            yield Assignment(participation_id=participation, item=item, variant=variant, at=at)


@transaction.atomic
def replace_variant(
    round_: Round,
    participation: Participation,
    item: Item,
    *,
    variant: int,
    reason: str,
    actor: User | None,
    at: datetime,
) -> Assignment:
    """Give a participant another variant of an item, with a reason: a unit broke and none of its variant is left."""
    held = _running(round_)
    now = assignments(held).filter(participation=participation, item=item).first()
    if now is None:
        raise CannotDo(t("This participant has no variant yet.", "该参加实验室尚未分配变体。"))
    if not reason.strip():
        raise CannotDo(t("Say why.", "请说明理由。"))
    if not 1 <= variant <= item.variants or variant == now.variant:
        raise CannotDo(t("Choose another variant of this item.", "请选择该样品的其他变体。"))
    made = Assignment.objects.create(
        participation=participation, item=item, number=now.number + 1, variant=variant, reason=reason.strip(), at=at
    )
    journal.record(
        "replace_item_variant", actor=actor, at=at, subject=f"round:{held.pk}", covers=[made], reason=made.reason
    )
    return made
