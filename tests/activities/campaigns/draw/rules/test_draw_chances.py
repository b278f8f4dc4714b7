"""How often each laboratory is drawn, over many seeds, beside the exact probabilities (fractions, by enumeration)."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import sqrt

import pytest

from tests.activities.campaigns.draw.drawing import laboratory, listed, officers, policy, stratum
from zhunsheng.activities.campaigns.draw.rules.chance import Numbers
from zhunsheng.activities.campaigns.draw.rules.selection import draw_stratum
from zhunsheng.activities.campaigns.draw.rules.teams import draw_teams

DRAWS = 20_000
SIGMAS = 4.5  # some 120 frequencies are compared: a sound program fails one of them with a chance below 1 in 1000
RISKS = ("A", "A", "B", "C", "D", "none", "A", "D")


def exactly(weights: Mapping[str, int], quota: int, share: int) -> dict[str, tuple[Fraction, Fraction]]:
    """For each laboratory: the probabilities to be drawn evenly, and by ticket.

    The even part is a simple random sample; given it, the rest is drawn one by one, each time with a chance in proportion
    to the tickets among those that are left.
    """

    @cache
    def by_ticket(left: frozenset[str], n: int) -> dict[str, Fraction]:
        found = dict.fromkeys(left, Fraction(0))
        total = sum(weights[one] for one in left)
        for first in left if n else ():
            chance = Fraction(weights[first], total)
            found[first] += chance
            for one, more in by_ticket(left - {first}, n - 1).items():
                found[one] += chance * more
        return found

    everybody = frozenset(weights)
    samples = list(combinations(sorted(everybody), share))
    ticket = dict.fromkeys(weights, Fraction(0))
    for sample in samples:
        for one, chance in by_ticket(everybody - set(sample), quota - share).items():
            ticket[one] += chance / len(samples)
    return {one: (Fraction(share, len(weights)), ticket[one]) for one in weights}


@pytest.mark.parametrize(("quota", "even"), [(4, [1, 5]), (6, [1, 5]), (3, [0, 1]), (3, [1, 1])])
def test_laboratories_are_drawn_as_often_as_they_should_be(quota: int, even: list[int]) -> None:
    rows = [laboratory(f"L{i}", risk=risk, no_shows=int(i == 6)) for i, risk in enumerate(RISKS)]
    frozen = listed(laboratories=rows, strata=[stratum(quota=quota)], policy=policy(even=even))
    weights = {one["id"]: one["tickets"] for one in frozen["laboratories"]}
    assert sorted(weights.values()) == [1, 1, 2, 2, 3, 4, 6, 6]
    share = -(-quota * even[0] // even[1])
    exact = exactly(weights, quota, share)
    assert sum(a + b for a, b in exact.values()) == quota
    seen: Counter[tuple[str, str]] = Counter()
    for i in range(DRAWS):
        numbers = Numbers(hashlib.sha256(f"{quota} {even} {i}".encode()).hexdigest())
        for each in draw_stratum(frozen["strata"][0], frozen["laboratories"], frozen["policy"], numbers):
            seen[each["part"], each["laboratory"]] += 1
    for one, chances in exact.items():
        for part, p in zip(("even", "tickets"), chances, strict=True):
            spread = sqrt(DRAWS * p * (1 - p))
            assert abs(seen[part, one] - DRAWS * p) <= SIGMAS * spread, (part, one, seen[part, one], float(DRAWS * p))


def test_the_exact_probabilities_are_those_known_for_small_cases() -> None:
    assert exactly({"a": 1, "b": 3}, 1, 0) == {"a": (0, Fraction(1, 4)), "b": (0, Fraction(3, 4))}
    assert exactly({"a": 1, "b": 1, "c": 2}, 2, 0)["c"][1] == Fraction(5, 6)
    assert exactly({"a": 1, "b": 9}, 2, 1) == {one: (Fraction(1, 2), Fraction(1, 2)) for one in "ab"}


def test_officers_are_sent_equally_often() -> None:
    frozen, seen, draws = listed(officers=officers(5)), Counter[tuple[str, ...]](), 5_000
    for i in range(draws):
        numbers = Numbers(hashlib.sha256(f"officers {i}".encode()).hexdigest())
        teams, _ = draw_teams(frozen, [("F01", "food")], numbers)
        seen[tuple(teams[0]["officers"])] += 1
    assert len(seen) == 20
    p = 1 / 20
    assert all(abs(n - draws * p) <= SIGMAS * sqrt(draws * p * (1 - p)) for n in seen.values())
