"""The verbs: open, fill in reports, confirm, accept, return, close."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import NotAllowedNow, move
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_has, head_of, standing
from zhunsheng.registry.regions.queries import within
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.stocktaking.models import QuarterReports, Return, StockTaking
from zhunsheng.registry.stocktaking.queries import (
    derived,
    facts_of,
    reports_of,
    standing_beside,
    standing_returns,
    totals_of,
)
from zhunsheng.registry.stocktaking.queries.totals import RollUp, Row
from zhunsheng.registry.stocktaking.rules import (
    Point,
    check_open,
    check_reason,
    check_reports,
    points,
    quarters_before,
    score,
)
from zhunsheng.registry.stocktaking.states import RETURN, STOCKTAKING

BATCH = 500

Chosen = Collection[UUID] | QuerySet[Return]
"""Returns to decide on: those ticked, or a question for all that a list shows."""


@transaction.atomic
def open_stocktaking(
    *, authority: Institution, title_zh: str, title_en: str, region_code: str, fields: Sequence[str], due_on: date,
    actor: User | None, at: datetime,
) -> StockTaking:  # fmt: skip
    """Call on every laboratory of a region, and of some fields if any are named, to confirm its entry by a day.

    Raises NotAllowedNow when the name or the day will not do, or nobody would be asked.
    """
    today = timezone.localdate(at)
    check_open(due_on=due_on, today=today, title_zh=title_zh, title_en=title_en)
    made = StockTaking.objects.create(
        authority=authority, title_zh=title_zh.strip(), title_en=title_en.strip(), region_code=region_code,
        fields=sorted(fields), as_of=today, due_on=due_on, opened_at=at, opened_by=actor,
    )  # fmt: skip
    asked = [
        Return(stocktaking=made, institution_id=pk) for pk in asked_institutions(made).values_list("pk", flat=True)
    ]
    if not asked:
        raise NotAllowedNow(t("No laboratory of this region works in these fields.", "该地区没有从事这些领域的机构。"))
    Return.objects.bulk_create(asked, batch_size=BATCH)
    journal.record(
        "open_stocktaking", actor=actor, at=at, subject=f"stocktaking:{made.pk}",
        rows=[{"institution": str(one.institution_id)} for one in asked],
        after={"region": region_code, "fields": sorted(fields), "due_on": due_on.isoformat()},
    )  # fmt: skip
    return made


def asked_institutions(stocktaking: StockTaking) -> QuerySet[Institution]:
    """The standing laboratories of the region; when fields are named those with an active scope line in one of them."""
    day = stocktaking.as_of
    found = standing().filter(kind=Institution.Kind.LABORATORY).order_by("pk")
    if stocktaking.region_code:
        found = found.filter(within(stocktaking.region_code, day))
    if stocktaking.fields:
        lines = ScopeLine.objects.filter(
            holding(day), known(day), matrix__field__in=stocktaking.fields, status="active"
        )
        found = found.filter(family_has(lines))
    return found


def quarters_of(stocktaking: StockTaking) -> list[str]:
    """The quarters whose numbers of reports are asked for."""
    return quarters_before(stocktaking.as_of)


@transaction.atomic
def enter_reports(one: Return, numbers: Mapping[str, int], *, actor: User | None, at: datetime) -> None:
    """Enter how many reports the institution issued by quarter; a number that changed closes the old row.

    Raises NotAllowedNow for a quarter not asked for, a number that cannot be, once the return is with the authority, and
    once the stock-taking is closed.
    """
    hold_open(one.stocktaking_id)
    RETURN.check("confirm", Return.objects.values_list("state", flat=True).select_for_update().get(pk=one.pk))
    check_reports(numbers, quarters_of(one.stocktaking))
    check_stands(one)
    place = head_of(one.institution)
    before = reports_of([place], list(numbers)).get(place.pk, {})
    changed = {quarter: n for quarter, n in numbers.items() if before.get(quarter) != n}
    if not changed:
        return
    old = QuarterReports.objects.filter(institution=place, quarter__in=changed, superseded_at=None)
    old.update(superseded_at=at)
    QuarterReports.objects.bulk_create(
        QuarterReports(institution=place, quarter=quarter, reports=n, recorded_at=at) for quarter, n in changed.items()
    )
    journal.record(
        "enter_quarter_reports", actor=actor, at=at, subject=f"institution:{place.pk}",
        before={quarter: before.get(quarter) for quarter in changed}, after=dict(changed),
    )  # fmt: skip


@transaction.atomic
def confirm(one: Return, *, remark: str, actor: User | None, at: datetime) -> Return:
    """The institution confirms its entry as it stands; every point of today and the totals of the day asked are frozen with it.

    Raises NotAllowedNow once closed, or when the return is confirmed under the entry that stands for the institution.
    """
    hold_open(one.stocktaking_id)
    check_stands(one)
    place, today, quarters = head_of(one.institution), timezone.localdate(at), quarters_of(one.stocktaking)
    found = points(facts_of([place], on=today, quarters=quarters)[place.pk], quarters)
    asked = facts_of([place], on=one.stocktaking.as_of, known_on=today, quarters=quarters)[place.pk]
    (complete, complete_of), (consistent, consistent_of) = score(found, "completeness"), score(found, "consistency")
    kept, totals = [as_json(point) for point in found], totals_of(asked)
    move(
        RETURN, "confirm", Return.objects.filter(pk=one.pk), remark=remark.strip(), complete=complete,
        complete_of=complete_of, consistent=consistent, consistent_of=consistent_of, points=kept, totals=totals,
        confirmed_at=at, confirmed_by=actor, reason="",
    )  # fmt: skip
    journal.record(
        "confirm_return", actor=actor, at=at, subject=f"return:{one.pk}", rows=kept,
        after={"complete": complete, "consistent": consistent, "totals": totals, "remark": remark.strip()},
    )  # fmt: skip
    one.refresh_from_db()
    return one


def hold_open(pk: UUID) -> None:
    """Keep a stock-taking from being closed until the verb is done; what a page read of it may be old. Raises NotAllowedNow."""
    if StockTaking.objects.select_for_update().get(pk=pk).state != "open":
        raise NotAllowedNow(t("This stock-taking is closed.", "本次摸底已结束。"))


def check_stands(one: Return) -> None:
    """Raise NotAllowedNow for the return of an entry that was merged into one that has a return itself."""
    if standing_beside(one).pk != one.pk:
        raise NotAllowedNow(
            t(
                "This entry was merged: its return is given under the entry kept.",
                "该登记已合并，请在保留的登记下填报。",
            )
        )


def as_json(point: Point) -> dict[str, Any]:
    """A point as it is kept."""
    reason = {"en": point.reason.en, "zh": point.reason.zh} if point.reason else None
    return {"code": point.code, "sort": point.sort, "holds": point.holds, "applies": point.applies, "reason": reason}


@transaction.atomic
def accept(stocktaking: StockTaking, returns: Chosen, *, actor: User | None, at: datetime) -> int:
    """Accept confirmed returns, all that are still confirmed of those named; return how many were."""
    return _decide(stocktaking, returns, "accept", reason="", actor=actor, at=at)


@transaction.atomic
def give_back(stocktaking: StockTaking, returns: Chosen, *, reason: str, actor: User | None, at: datetime) -> int:
    """Give returns back to their institutions with a reason; return how many were. Raises NotAllowedNow without a reason."""
    check_reason(reason)
    return _decide(stocktaking, returns, "return", reason=reason.strip(), actor=actor, at=at)


def movable(stocktaking: StockTaking, returns: Chosen, verb: str) -> QuerySet[Return]:
    """Those of the chosen returns that a verb (accept, return) would move as things stand."""
    among: Any = returns.order_by().values("pk") if isinstance(returns, QuerySet) else list(returns)
    return standing_returns().filter(stocktaking=stocktaking, pk__in=among, state__in=RETURN.transitions[verb].sources)


def _decide(
    stocktaking: StockTaking, returns: Chosen, verb: str, *, reason: str, actor: User | None, at: datetime
) -> int:
    """One conditional UPDATE for the whole set: what moved on meanwhile is left alone, and only what was moved is counted."""
    hold_open(stocktaking.pk)
    transition = RETURN.transitions[verb]
    waiting = movable(stocktaking, returns, verb)
    moved = list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))
    n = waiting.update(state=transition.target, reason=reason, decided_at=at, decided_by=actor)
    if n != len(moved) or not n:
        raise NotAllowedNow(
            t("Nothing was decided: the returns have moved on meanwhile.", "未作处理：填报状态已改变。请刷新页面。")
        )
    journal.record(
        f"{verb}_returns", actor=actor, at=at, subject=f"stocktaking:{stocktaking.pk}", reason=reason,
        rows=[{"return": str(pk)} for pk in moved],
    )  # fmt: skip
    return n


@transaction.atomic
def close(stocktaking: StockTaking, *, actor: User | None, at: datetime) -> StockTaking:
    """End a stock-taking and freeze its totals; what was not confirmed stays visible as it is."""
    hold_open(stocktaking.pk)
    found = summary_of(derived(stocktaking))
    move(STOCKTAKING, "close", StockTaking.objects.filter(pk=stocktaking.pk), closed_at=at, summary=found)
    journal.record(
        "close_stocktaking",
        actor=actor,
        at=at,
        subject=f"stocktaking:{stocktaking.pk}",
        rows=found["rows"],
        after=found["whole"],
    )
    stocktaking.refresh_from_db()
    return stocktaking


def summary_of(found: RollUp) -> dict[str, Any]:
    """A roll-up as it is kept."""
    return {
        "rows": [_row(row) for row in found.rows],
        "whole": _row(found.whole) | {"people_once": found.people_once, "instruments_once": found.instruments_once},
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "code": row.code, "states": dict(row.states), "sums": dict(row.sums), "reports": dict(row.reports),
        "complete": row.complete, "complete_of": row.complete_of, "consistent": row.consistent,
        "consistent_of": row.consistent_of, "confirmed": row.confirmed,
    }  # fmt: skip
