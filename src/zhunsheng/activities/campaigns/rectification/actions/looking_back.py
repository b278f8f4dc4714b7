"""Looking back: freeze the list of what was accepted, draw by chance, look again."""

import json
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.rectification.actions.proving import outcome_lines, standing_lines
from zhunsheng.activities.campaigns.rectification.actions.putting_right import BATCH, check_judge
from zhunsheng.activities.campaigns.rectification.models import (
    Judgement,
    LookBack,
    LookedBack,
    Rectification,
    SecondLook,
)
from zhunsheng.activities.campaigns.rectification.queries import (
    LOOKED_AT,
    to_look_back_at,
)
from zhunsheng.activities.campaigns.rectification.rules import lookback
from zhunsheng.activities.campaigns.rectification.rules.reports import (
    RectificationRefused,
    check_new_day,
    check_verifier,
)
from zhunsheng.activities.campaigns.rectification.states import LOOK_BACK, RECTIFICATION
from zhunsheng.capability.evidence import actions as evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.institutions.models import Institution


@transaction.atomic
def promise_look_back(
    authority: Institution, *, share: tuple[int, int], beacon: Text, beacon_on: date, actor: User | None, at: datetime
) -> LookBack:
    """Freeze the list of accepted rectifications and its hash, before the public value is known.

    Raises RectificationRefused for an empty list, a share that is none, or a value whose day has come.
    """
    ids = to_look_back_at(authority.pk)
    lookback.check_list(ids, share)
    if beacon_on <= timezone.localdate(at) or not (beacon.zh.strip() and beacon.en.strip()):
        raise RectificationRefused(
            t("Name a public value of a later day, in both languages.", "请用中英文写明今日之后公布的随机值。")
        )
    content = lookback.list_bytes(ids, share)
    made = LookBack.objects.create(
        id=uuid4(), authority=authority, content=content, sha256=lookback.sha256(content), beacon_zh=beacon.zh,
        beacon_en=beacon.en, beacon_on=beacon_on, promised_at=at,
    )  # fmt: skip
    journal.record(
        "promise_look_back",
        actor=actor,
        at=at,
        subject=f"look_back:{made.pk}",
        after={"sha256": made.sha256, "n": len(ids)},
    )
    return made


@transaction.atomic
def draw_look_back(look_back: LookBack, *, value: str, actor: User | None, at: datetime) -> list[LookedBack]:
    """Draw by the public value, and re-open what was drawn. Raises RectificationRefused before its day, NotAllowedNow twice."""
    lookback.check_beacon(value, look_back.beacon_on, timezone.localdate(at))
    listed = json.loads(bytes(look_back.content))
    seed, drawn = lookback.drawn(listed["ids"], tuple(listed["share"]), value)
    move(LOOK_BACK, "draw", LookBack.objects.filter(pk=look_back.pk), value=value, seed=seed, drawn_at=at)
    keys = [UUID(one) for one, _ in drawn]
    held = Rectification.objects.select_for_update().filter(pk__in=keys, state__in=LOOKED_AT).order_by("pk")
    still = set(held.values_list("pk", flat=True))
    Rectification.objects.filter(pk__in=still).update(state="look_back")
    made = LookedBack.objects.bulk_create(
        [
            LookedBack(look_back=look_back, rectification_id=UUID(one), position=i, number=number, reopened=UUID(one) in still)
            for i, (one, number) in enumerate(drawn, 1)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    journal.record(
        "draw_look_back", actor=actor, at=at, subject=f"look_back:{look_back.pk}",
        covers=made, after={"seed": seed, "value": value, "n": len(made)},
    )  # fmt: skip
    look_back.refresh_from_db()
    return made


@transaction.atomic
def judge_look_back(
    one: LookedBack, *, held: bool, reason: str, actor: User, at: datetime, due_on: date | None = None
) -> SecondLook:
    """Say what the second look found: as accepted, or otherwise; then it goes back to the institution with a new day.

    What was accepted about an item no longer stands as evidence when it was found otherwise. Raises RectificationRefused for the
    submitter, for who accepted it, without reasons or a day; NotAllowedNow twice.
    """
    rectification, today = one.rectification, timezone.localdate(at)
    check_judge(rectification, actor, today, reason)
    accepted = Judgement.objects.filter(submission__rectification=rectification, outcome="accepted")
    check_verifier(actor.pk, set(accepted.values_list("judged_by_id", flat=True)))
    if not held:
        check_new_day(due_on, today)
    also = {} if held else {"due_on": due_on}
    move(RECTIFICATION, "hold" if held else "overturn", Rectification.objects.filter(pk=rectification.pk), **also)
    made = SecondLook.objects.create(looked_back=one, held=held, reason=reason, judged_by=actor, judged_at=at)
    lines = [] if held else outcome_lines(rectification, "overturned", reason, standing_lines(rectification), at)
    entry = journal.record(
        "judge_look_back", actor=actor, at=at, subject=f"rectification:{rectification.pk}", covers=[made, *lines],
        reason=reason, after={"held": held},
    )  # fmt: skip
    evidence.record(lines, entry=entry)
    return made
