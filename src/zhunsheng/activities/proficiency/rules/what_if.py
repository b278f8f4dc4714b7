"""What other settings would make of one measurand, side by side; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import intercomp

from zhunsheng.activities.proficiency.rules.evaluation import evaluate
from zhunsheng.activities.proficiency.rules.results_file import ResultsFile
from zhunsheng.activities.proficiency.rules.settings import Settings
from zhunsheng.activities.proficiency.words import method_name
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import BadFile


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to evaluate: what came of it, whose signal differs from how it is set now, or why it cannot be."""

    name: Text
    document: Mapping[str, Any] | None
    changed: tuple[str, ...] = ()
    refusal: Text | None = None


AS_SET = t("as it is set", "现行设置")
NOTHING_OUT = t("as it is set, with every result in the statistics", "现行设置，全部结果参与统计")


def compare(results: ResultsFile, position: int, settings: Settings, out: Mapping[str, str]) -> list[Outcome]:
    """The settings as they are first, then each other way to x_pt, each other way to σ_pt, and nothing left out."""
    alone = replace(results, measurands=[results.measurands[position]])
    ways = list(_ways(settings, out))
    first = _outcome(alone, *ways[0], signals=None)
    signals = _signals(first.document)
    return [first, *(_outcome(alone, *way, signals=signals) for way in ways[1:])]


def _ways(settings: Settings, out: Mapping[str, str]) -> Iterator[tuple[Text, Settings, Mapping[str, str]]]:
    yield AS_SET, settings, out
    if out:
        yield NOTHING_OUT, settings, {}
    for method in intercomp.ASSIGNED_METHODS:
        if method != settings.assigned:
            yield _assigned(method), replace(settings, assigned=method, u_assigned=None), out
    for method in intercomp.SIGMA_METHODS:
        if method != settings.sigma:
            yield _sigma(method), replace(settings, sigma=method), out


def _assigned(method: str) -> Text:
    return t("x_pt: {m}", "x_pt：{m}", m=method_name(method))


def _sigma(method: str) -> Text:
    return t("σ_pt: {m}", "σ_pt：{m}", m=method_name(method))


def _outcome(
    alone: ResultsFile, name: Text, settings: Settings, out: Mapping[str, str], *, signals: Mapping[str, str] | None
) -> Outcome:
    try:
        found = evaluate(alone, settings, excluded=[out])
    except BadFile as bad:
        return Outcome(name, None, refusal=bad.faults[0].text)
    now = _signals(found)
    before = now if signals is None else signals
    return Outcome(name, found, tuple(sorted(who for who in {*now, *before} if now.get(who) != before.get(who))))


def _signals(document: Mapping[str, Any] | None) -> dict[str, str]:
    return {row["laboratory"]: row["signal"] for row in document["scores"]} if document else {}
