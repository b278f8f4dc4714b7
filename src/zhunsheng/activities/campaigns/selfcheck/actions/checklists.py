"""The verbs of checklists: enter one, or its next version."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from zhunsheng.activities.campaigns.selfcheck.models import Checklist, ChecklistItem
from zhunsheng.activities.campaigns.selfcheck.queries.shipped import NAME, shipped_items
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnswerRefused
from zhunsheng.activities.campaigns.selfcheck.rules.checklists import Item, difference
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.registry.institutions.models import Institution

BATCH = 100


def shipped_checklist(*, at: datetime) -> Checklist:
    """The checklist that comes with the platform, entered the first time that it is asked for."""
    found = Checklist.objects.filter(authority=None, sha256=_digest(shipped_items())).first()
    return found or enter_checklist(authority=None, name=NAME, items=shipped_items(), actor=None, at=at)


@transaction.atomic
def enter_checklist(
    *,
    authority: Institution | None,
    name: Text,
    items: Sequence[Item],
    actor: User | None,
    at: datetime,
    replaces: Checklist | None = None,
) -> Checklist:
    """Enter a checklist, or the next version of one. Raises AnswerRefused for the next version that changes nothing."""
    if replaces is not None:
        _check_next(replaces, items)
    made = Checklist.objects.create(
        authority=authority, name_zh=name.zh.strip(), name_en=name.en.strip(), replaces=replaces, sha256=_digest(items),
        version=replaces.version + 1 if replaces else 1, entered_at=at, entered_by=actor,
    )  # fmt: skip
    rows = [ChecklistItem(checklist=made, **_columns(one)) for one in sorted(items, key=lambda one: one.no)]
    ChecklistItem.objects.bulk_create(rows, batch_size=BATCH)
    journal.record(
        "enter_checklist", actor=actor, at=at, subject=f"checklist:{made.pk}", covers=[made, *rows],
        after={"name": made.name_zh, "version": made.version, "items": len(rows), "sha256": made.sha256},
    )  # fmt: skip
    return made


def _check_next(before: Checklist, items: Sequence[Item]) -> None:
    if Checklist.objects.filter(replaces=before).exists():
        raise AnswerRefused(t("A newer version was entered meanwhile.", "已有更新的版本。"))
    changed = difference([one.as_item() for one in before.items.all()], items)
    if not (changed.added or changed.removed or changed.changed):
        raise AnswerRefused(t("Nothing changed from the version before.", "与上一版本相比没有变化。"))


def _columns(item: Item) -> dict[str, Any]:
    return {**asdict(item), "register": list(item.register)}


def _digest(items: Sequence[Item]) -> str:
    return hashlib.sha256(canonical_json({"items": [_columns(one) for one in items]})).hexdigest()
