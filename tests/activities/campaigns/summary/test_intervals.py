"""Intervals against the worked values that were published with the methods."""

import pytest

from zhunsheng.activities.campaigns.summary.rules.intervals import Pairs, Share, difference, paired_difference, wilson

SINGLE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
"""Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3."""

INDEPENDENT = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]
"""Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10."""


@pytest.mark.parametrize(("x", "n", "low", "high"), SINGLE)
def test_the_interval_of_a_share_is_the_published_one(x: int, n: int, low: float, high: float) -> None:
    found = wilson(x, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("one", "other", "low", "high"), INDEPENDENT)
def test_the_interval_of_a_difference_is_the_published_one(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference(Share(*one), Share(*other))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_interval_of_pairs_is_the_published_one() -> None:
    """Airway hyper-responsiveness before and after (Bentur et al. 2009) as worked by Fagerland et al., Stat. Med. 33 (2014) 2850–2875."""
    found = paired_difference(Pairs(1, 1, 7, 12))
    assert (round(found.low, 3), round(found.high, 3)) == (-0.507, -0.026)


def test_pairs_that_go_together_narrow_the_interval() -> None:
    """Altman et al., Statistics with Confidence (2nd ed. 2000), table 6.2: 0.122 with 0.011 to 0.226."""
    pairs = Pairs(14, 5, 0, 22)
    found, loose = paired_difference(pairs), difference(pairs.first, pairs.then)
    assert (round(found.low, 3), round(found.high, 3)) == (0.011, 0.226)
    assert found.high - found.low < loose.high - loose.low


def test_pairs_with_an_empty_margin_are_taken_as_unrelated() -> None:
    pairs = Pairs(5, 3, 0, 0)
    assert paired_difference(pairs) == difference(pairs.first, pairs.then)


def test_a_share_of_nothing_says_nothing() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval()) == (None, None)
    with pytest.raises(ValueError, match="nothing"):
        difference(Share(0, 0), Share(1, 2))


@pytest.mark.parametrize(("n", "of"), [(-1, 2), (3, 2)])
def test_counts_that_cannot_be_are_refused(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Share(n, of)
