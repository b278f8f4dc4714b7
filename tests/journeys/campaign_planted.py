"""Two hundred laboratories of two provinces and the logs they kept: problems of each kind planted in some, the others honest."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.activities.campaigns.screen.logs import Written, honest, moment_of
from tests.activities.campaigns.screen.network import Laboratory, Network, network
from tests.activities.campaigns.screen.plants import PLANTS

SEED = 2026
LABORATORIES = 200
BLOCK = 5
"""Each kind of problem is planted in so many laboratories of its own, so that none hides another."""
LEDGERS = {"suspended_item"}
"""What no log and no register shows: a suspension follows from the evidence of a round."""
NEEDS: Mapping[str, Callable[[Laboratory], bool]] = {
    "load_peers": lambda one: len(one.analysts) >= 12,
    "wrong_signatory": lambda one: len(one.fields) > 1,
}
"""Whom a kind can be planted in, where it is not everybody."""
REGIONS = ("330106", "330108", "330203", "320106", "320102", "320505")
"""Districts of Zhejiang and of Jiangsu, in turn."""


@dataclass
class Planted:
    """The network, its logs, and by rule the words by which what was planted is known."""

    net: Network
    written: Written
    words: dict[str, set[str]] = field(default_factory=dict)
    honest: set[str] = field(default_factory=set)
    """unified social credit codes of those in which nothing was planted"""


def planted() -> Planted:
    net = network(SEED, LABORATORIES)
    made, left = Planted(net, Written()), list(net.laboratories)
    for turn, rule in enumerate(rule for rule in reversed(list(PLANTS)) if rule not in LEDGERS):
        block = Network(taken(left, rule))
        written = honest(block, SEED + turn)
        made.words[rule] = PLANTS[rule](block, written, random.Random(SEED + turn))
        add(made, block, written)
    made.honest = {one.uscc for one in left}
    add(made, Network(left), honest(Network(left), SEED - 1, days=5))
    return made


def taken(left: list[Laboratory], rule: str) -> list[Laboratory]:
    """The next laboratories that a rule can be planted in."""
    fit = NEEDS.get(rule, lambda one: True)
    block = [one for one in left if fit(one)][:BLOCK]
    left[:] = [one for one in left if one not in block]
    return block


def add(made: Planted, block: Network, written: Written) -> None:
    for kind in ("reports", "uses", "people"):
        made.written.rows(kind).extend(written.rows(kind))
    made.net.withdrawn |= block.withdrawn
    made.net.suspended += block.suspended
    made.net.double_posts += block.double_posts
    made.net.shared += block.shared


def by_a_withdrawn_standard(made: Planted) -> set[str]:
    """Reports by a method on a day when its standard was replaced: true of whoever wrote them, planted there or not."""
    since = {method: day for method, (day, _) in made.net.withdrawn.items()}
    return {
        row["report"]
        for row in made.written.reports
        if row["method"] in since and moment_of(row["tested_to"]).date() >= since[row["method"]]
    }
