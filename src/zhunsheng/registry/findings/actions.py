"""The verbs: settle, reopen. What they decide about is the digest of facts, so facts that change meanwhile cannot be decided about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.findings.models import Settlement
from zhunsheng.registry.findings.queries import Finding, standing_settlements
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_reason

MEANWHILE = t("Somebody else decided meanwhile: look at the list again.", "他人已先行处理，请重新查看列表。")


@transaction.atomic
def settle(
    found: Sequence[Finding[Any]], *, authority: Institution, reason: str, actor: User | None, at: datetime
) -> int:
    """Settle open findings with one reason; return how many. Raises CannotEnter without one, and when one was settled meanwhile."""
    check_reason(reason)
    made = [
        Settlement(
            kind=one.kind, pair=one.pair, digest=one.digest, one_id=one.heads[0], other_id=one.heads[1],
            reason=reason.strip(), settled_at=at, settled_by=actor, settled_for=authority,
        )
        for one in found
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Settlement.objects.bulk_create(made)
    except IntegrityError as taken:
        raise CannotEnter(MEANWHILE) from taken
    _record("settle_findings", found, authority, reason=reason, actor=actor, at=at)
    return len(made)


@transaction.atomic
def reopen(
    found: Sequence[Finding[Any]], *, authority: Institution, reason: str, actor: User | None, at: datetime
) -> int:
    """Reopen settled findings with one reason; return how many. Raises CannotEnter without one, and when one is open already."""
    check_reason(reason)
    n = standing_settlements([one.digest for one in found]).update(
        reopened_at=at, reopened_by=actor, reopened_for=authority, reopened_because=reason.strip()
    )
    if n != len(found):
        raise CannotEnter(MEANWHILE)
    _record("reopen_findings", found, authority, reason=reason, actor=actor, at=at)
    return n


def _record(
    verb: str, found: Sequence[Finding[Any]], authority: Institution, *, reason: str, actor: User | None, at: datetime
) -> None:
    """The facts are in the digest of the row alone: they tell of institutions that not everybody who reads the row may see."""
    journal.record(
        verb, actor=actor, at=at, subject=f"institution:{authority.pk}", reason=reason.strip(),
        rows=({"kind": one.kind.value, "digest": one.digest, "facts": one.facts} for one in found),
        after={"findings": len(found)},
    )  # fmt: skip
