"""The verb that makes many submitted self-checks final at once."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from zhunsheng.activities.campaigns.selfcheck.actions import tallying
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnswerRefused
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal

READY = "submitted"
"""What is being written or mended is not made final in a heap: that is decided form by form, or by the beginning of a visit."""
STEP = 500


def ready_among(forms: QuerySet[SelfCheck]) -> QuerySet[SelfCheck]:
    """Those of these forms that can be made final together."""
    return forms.filter(state=READY, call__campaign__state="published").order_by("pk")


def stamp_of(forms: Iterable[tuple[object, int]]) -> str:
    """SHA-256 over key and revision of forms, by which two looks at them are told apart."""
    return hashlib.sha256("\n".join(f"{key} {revision}" for key, revision in forms).encode()).hexdigest()


def seen_now(forms: QuerySet[SelfCheck]) -> tuple[int, str]:
    """How many of these forms can be made final, and the stamp of them; one query."""
    rows = list(ready_among(forms).values_list("pk", "revision"))
    return len(rows), stamp_of(rows)


def by_state(forms: QuerySet[SelfCheck]) -> dict[str, int]:
    """State → how many of these forms are in it; one query."""
    return dict(forms.order_by().values_list("state").annotate(n=Count("pk")))


@transaction.atomic
def freeze_submitted(call: Call, forms: QuerySet[SelfCheck], *, seen: str, actor: User | None, at: datetime) -> int:
    """Make final those of these forms of a call that are submitted; return how many. `seen`: the stamp of what was confirmed.

    Raises AnswerRefused for a campaign that is over, where nothing can be made final, and where others than those confirmed would be.
    """
    if call.campaign.state != "published":
        raise AnswerRefused(t("The campaign is over.", "本次行动已结束。"))
    keys = list(ready_among(forms.filter(call=call)).values_list("pk", flat=True))
    moved = [one for first in range(0, len(keys), STEP) for one in _held(keys[first : first + STEP])]
    if not moved:
        raise AnswerRefused(t("No submitted form is among them.", "所选范围内没有已提交的自查表。"))
    if stamp_of((one.pk, one.revision) for one in moved) != seen:
        raise AnswerRefused(
            t(
                "Forms were submitted or given back meanwhile. Look again, then confirm.",
                "在此期间有自查表提交或被退回，请重新核对后再确认。",
            )
        )
    for first in range(0, len(moved), STEP):
        SelfCheck.objects.filter(pk__in=[one.pk for one in moved[first : first + STEP]]).update(state="frozen")
    tallying.made_final(call, moved)
    journal.record(
        "freeze_selfchecks", actor=actor, at=at, subject=f"campaign:{call.campaign_id}",
        rows=[{"selfcheck": str(one.pk)} for one in moved],
    )  # fmt: skip
    return len(moved)


def _held(keys: Sequence[UUID]) -> QuerySet[SelfCheck]:
    """Forms that can still be made final, held until the transaction ends; a database takes only so many keys at once."""
    rows = SelfCheck.objects.filter(pk__in=keys, state=READY).select_for_update(of=("self",))
    return rows.select_related("participant").order_by("pk")
