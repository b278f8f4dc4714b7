"""What differs between two evaluations of one round, score by score; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.bilingual import Text, t

Object = Mapping[str, Any]


def changes(old: Object, new: Object) -> list[dict[str, Any]]:
    """Every result whose score, signal or listing differs: measurand by position, laboratory, before and after.

    A score that one of them does not have is null there. Raises ValueError for documents of different rounds.
    """
    before, after = _measurands(old), _measurands(new)
    if len(before) != len(after):
        raise ValueError(f"{len(before)} measurands before, {len(after)} after")
    return [
        change
        for position, (one, other) in enumerate(zip(before, after, strict=True))
        for change in _of_measurand(position, one, other)
    ]


def _measurands(document: Object) -> list[Object]:
    return list(document.get("measurands") or [document])


def _of_measurand(position: int, old: Object, new: Object) -> Iterator[dict[str, Any]]:
    before, after = _by_laboratory(old), _by_laboratory(new)
    for laboratory in sorted({*before, *after}):
        was, now = before.get(laboratory), after.get(laboratory)
        if was != now:
            yield {"measurand": position, "laboratory": laboratory, "old": was, "new": now}


def _by_laboratory(m: Object) -> dict[str, dict[str, Any]]:
    used = m["score_used"]
    return {
        row["laboratory"]: {"result": row["result"], "score_kind": used, "score": row[used], "signal": row["signal"]}
        for row in m["scores"]
    }


def verdict_changes(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the changes that change a signal."""
    return [one for one in found if (one["old"] or {}).get("signal") != (one["new"] or {}).get("signal")]


def check_begin(state: str, reason: str, *, begun: bool) -> None:
    """A correction is begun for a released round, once at a time, with a reason."""
    if state != "released":
        raise CannotDo(t("Only a released round is corrected.", "只有已发布的轮次才能更正。"))
    if begun:
        raise CannotDo(t("A correction of this round is under way.", "本轮次的更正正在进行。"))
    if not reason.strip():
        raise CannotDo(t("Give a reason.", "请填写理由。"))


def check_correction(reason: str, *, same: bool) -> None:
    """A corrigendum is issued of a correction that was begun and that changed something."""
    if not reason:
        raise CannotDo(t("No correction of this round was begun.", "尚未开始更正本轮次。"))
    if same:
        raise CannotDo(
            t(
                "The evaluation is the one that was released: there is nothing to correct.",
                "评定与已发布的相同，无需更正。",
            )
        )


def status(number: int, replaced: str, reason: str) -> Text:
    """What a corrected report says of itself."""
    return t(
        "Corrigendum {n}; replaces report {old}. Reason: {why}",
        "第 {n} 号更正报告，替代报告 {old}。理由：{why}",
        n=number,
        old=replaced,
        why=reason,
    )
