"""Shares and their differences with intervals that also hold for few institutions and shares near 0 or 1; pure."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """What the data are compatible with: from, to. Shares lie in [0, 1], differences of shares in [−1, 1]."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. Raises ValueError for counts that cannot be."""

    n: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.of:
            raise ValueError(f"{self.n} of {self.of} cannot be")

    @property
    def value(self) -> float | None:
        """The share itself; None of nothing."""
        return self.n / self.of if self.of else None

    def interval(self, level: float = LEVEL) -> Interval | None:
        """Wilson's score interval; None of nothing."""
        return wilson(self.n, self.of, level) if self.of else None


@dataclass(frozen=True, slots=True)
class Pairs:
    """The same institutions looked at twice, by whether a problem was found: first and then."""

    both: int
    first_only: int
    then_only: int
    neither: int

    @property
    def first(self) -> Share:
        return Share(self.both + self.first_only, self.all)

    @property
    def then(self) -> Share:
        return Share(self.both + self.then_only, self.all)

    @property
    def all(self) -> int:
        return self.both + self.first_only + self.then_only + self.neither


def wilson(x: int, n: int, level: float = LEVEL) -> Interval:
    """Score interval of a share p = x/n without correction for continuity: (2x + z² ± z·√(z² + 4x(1 − p))) / 2(n + z²).

    `z`: the normal quantile of (1 + level)/2; no unit. Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212; R. G. Newcombe,
    Statistics in Medicine 17 (1998) 857–872, method 3. Raises ValueError for n = 0.
    """
    if n < 1:
        raise ValueError("a share of nothing has no interval")
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle, half = 2 * x + z * z, z * sqrt(z * z + 4 * x * (1 - x / n))
    low, high = (middle - half) / (2 * (n + z * z)), (middle + half) / (2 * (n + z * z))
    return Interval(0.0 if x == 0 else low, 1.0 if x == n else high)


def difference(one: Share, other: Share, level: float = LEVEL) -> Interval:
    """Interval of p₁ − p₂ for two different sets of institutions, from their Wilson intervals (l, u):

    p₁ − p₂ − √((p₁ − l₁)² + (u₂ − p₂)²) to p₁ − p₂ + √((u₁ − p₁)² + (p₂ − l₂)²); no unit. Source: R. G. Newcombe, Statistics in
    Medicine 17 (1998) 873–890, method 10. Raises ValueError where one of them is a share of nothing.
    """
    return _combined(one, other, 0.0, level)


def paired_difference(pairs: Pairs, level: float = LEVEL) -> Interval:
    """Interval of p₁ − p₂ for the same institutions looked at twice; their correlation φ narrows it:

    √((p₁ − l₁)² − 2φ(p₁ − l₁)(u₂ − p₂) + (u₂ − p₂)²) below, in the same way above; no unit. Source: R. G. Newcombe, Statistics in
    Medicine 17 (1998) 2635–2650, method 10. Raises ValueError for no pair.
    """
    return _combined(pairs.first, pairs.then, _phi(pairs), level)


def _phi(pairs: Pairs) -> float:
    """The correlation of the two looks, drawn towards zero by n/2 where it is positive; 0 where a margin is empty."""
    a, b, c, d = pairs.both, pairs.first_only, pairs.then_only, pairs.neither
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if not margins:
        return 0.0
    product = a * d - b * c
    return (max(product - pairs.all / 2, 0) if product > 0 else product) / sqrt(margins)


def _combined(one: Share, other: Share, phi: float, level: float) -> Interval:
    first, second = wilson(one.n, one.of, level), wilson(other.n, other.of, level)
    p, q = one.n / one.of, other.n / other.of
    below = _distance(p - first.low, second.high - q, phi)
    above = _distance(first.high - p, q - second.low, phi)
    return Interval(p - q - below, p - q + above)


def _distance(one: float, other: float, phi: float) -> float:
    return sqrt(max(one * one - 2 * phi * one * other + other * other, 0.0))
