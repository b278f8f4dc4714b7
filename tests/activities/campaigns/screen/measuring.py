"""What the rules find of what was planted, and whom they ask though all was honest; printed into docs/reference/screen.md."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from tests.activities.campaigns.screen.logs import Written, careless, texts
from tests.activities.campaigns.screen.network import Network, registers
from tests.activities.campaigns.screen.plants import honest_network, planted
from zhunsheng.activities.campaigns.screen.rules.catalogue import RULES
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
from zhunsheng.activities.campaigns.screen.rules.parsing import parse
from zhunsheng.activities.campaigns.screen.rules.registers import Logs, Registers, with_keys
from zhunsheng.activities.campaigns.screen.rules.rule import Rule
from zhunsheng.activities.campaigns.screen.rules.screening import screen

SEEDS = range(4)
PLANTED_SEEDS = range(100, 102)


def typed(net: Network, written: Written) -> tuple[Logs, Registers]:
    """The logs as a screen has them after reading."""
    known = registers(net)
    frames = {}
    for number, (key, kind) in enumerate(LOGS.items()):
        parsed = parse(texts(written, key), kind, known.institutions, log=number, until=date.max)
        assert not parsed.faults.height, parsed.faults
        frames[key] = parsed.good
    return with_keys(frames, known), known


def hits_of(net: Network, written: Written) -> pl.DataFrame:
    logs, known = typed(net, written)
    return screen(logs, known, lambda day: "pack")


def counted(found: pl.DataFrame) -> Mapping[str, int]:
    return dict(found.group_by("rule").len().iter_rows())


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one rule: how many plants it found, and its hits among rows that were all honest."""

    planted: int
    found: int
    honest_hits: int
    careless_hits: int
    honest_rows: int


def measure() -> dict[str, Measured]:
    clean, slips, rows = false_alarms()
    measured = {}
    for rule in RULES:
        every, seen = detection(rule)
        measured[rule.key] = Measured(every, seen, clean.get(rule.key, 0), slips.get(rule.key, 0), rows)
    return measured


def detection(rule: Rule) -> tuple[int, int]:
    """How many plants there are over all seeds, and how many of them some hit of the rule names."""
    every = seen = 0
    for seed in PLANTED_SEEDS:
        net, written, words = planted(rule.key, seed)
        logs, known = typed(net, written)
        said = {text for row in rule.find(logs, known).get_column("values") for text in row}
        every, seen = every + len(words), seen + len(words & said)
    return every, seen


def false_alarms() -> tuple[dict[str, int], dict[str, int], int]:
    clean: dict[str, int] = {}
    slips: dict[str, int] = {}
    rows = 0
    for seed in SEEDS:
        net, written = honest_network(seed)
        rows += len(written.reports) + len(written.uses) + len(written.people)
        add(clean, counted(hits_of(net, written)))
        add(slips, counted(hits_of(net, careless(net, written, seed))))
    return clean, slips, rows


def add(total: dict[str, int], more: Mapping[str, int]) -> None:
    for key, n in more.items():
        total[key] = total.get(key, 0) + n


HEAD = """# The screen 凭数据筛查

Printed by `python -m tests.activities.campaigns.screen.measuring`; a test compares this page with what it prints.

由 `python -m tests.activities.campaigns.screen.measuring` 生成，测试核对本页与其输出一致。

A hit is a question with its rows, never a penalty; a person settles it as explained or takes it up.

命中只是附有依据的疑点，不是处罚；由人认定为“已说明”或转入核查。

Measured on {n} rows of honest logs (four made-up networks, the seeds are fixed), and on the same logs with slips in some
two rows of a thousand and a tenth of the newest calibrations not yet in the register. Found: of what was planted in two
further networks, where some invented figures are possible by chance. Made-up logs are tidier than real ones: 0.0 says
that a rule asks about nothing that these networks do, not that it never errs.

误报率以 {n} 行诚实台账测得（4 个固定种子的模拟网络）；另以约千分之二笔误、十分之一最新校准尚未登记的同一台账测得。
检出率以另外 2 个网络中植入的问题测得，其中部分编造的数字恰好可能成立。模拟台账比真实台账整齐：
0.0 只说明规则不会命中这些网络中的做法，并不说明永无误报。

| rule 规则 | class 类别 | kind 性质 | found 检出/植入 | hits in 10,000 rows 万行误报 | with slips 含笔误 |
|---|---|---|---|---|---|
"""


def page(measured: Mapping[str, Measured]) -> str:
    """The whole page: the table, then each rule with what it shows and what an honest laboratory may answer."""
    rows = next(iter(measured.values())).honest_rows
    lines = [HEAD.format(n=rows) + "\n".join(line(rule, measured[rule.key]) for rule in RULES), ""]
    for rule in RULES:
        lines += [f"## {rule.code} {rule.name.en} {rule.name.zh}", "", f"{rule.shows.en} {rule.shows.zh}", ""]
        lines += [f"- {why.en} {why.zh}" for why in rule.innocent] + [""]
    return "\n".join(lines)


def line(rule: Rule, one: Measured) -> str:
    kind = "exact 确定" if rule.exact else "statistical 统计"
    rates = (f"{10_000 * n / one.honest_rows:.1f}" for n in (one.honest_hits, one.careless_hits))
    return f"| {rule.name.en} {rule.name.zh} | {rule.code} | {kind} | {one.found}/{one.planted} | {' | '.join(rates)} |"


if __name__ == "__main__":
    sys.stdout.write(page(measure()))
