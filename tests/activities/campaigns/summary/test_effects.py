"""What the interval of a difference allows to be said."""

import pytest

from zhunsheng.activities.campaigns.summary.rules.effects import compared
from zhunsheng.activities.campaigns.summary.rules.intervals import Share


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((56, 70), (48, 80), "fell"),
        ((48, 80), (56, 70), "rose"),
        ((5, 56), (0, 29), "unclear"),
        ((0, 0), (3, 9), "nothing"),
    ],
)
def test_the_interval_decides_what_is_said(before: tuple[int, int], after: tuple[int, int], verdict: str) -> None:
    assert compared("major", Share(*before), Share(*after), small_below=20).verdict == verdict


def test_the_sentence_names_the_interval_in_both_languages() -> None:
    said = compared("major", Share(56, 70), Share(48, 80), small_below=20).sentence
    assert "5.2" in said.en and "33.4" in said.en and "5.2" in said.zh and "33.4" in said.zh


def test_few_institutions_say_so() -> None:
    said = compared("major", Share(9, 10), Share(3, 10), small_below=30).sentence
    assert "Few institutions" in said.en and "样本量小" in said.zh
