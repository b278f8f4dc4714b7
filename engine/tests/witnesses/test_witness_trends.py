"""Charts and the prediction against plain loops, integrals and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from intercomp import InputError
from intercomp.trends import SHEWHART_RULES, cusum, ewma, predict_next, shewhart
from scipy import special, stats

Z = np.random.default_rng(13).normal(0.3, 1.3, (40, 15))
GAPS = np.where(np.random.default_rng(14).random(Z.shape) < 0.2, np.nan, Z)


def naive_rules(z: np.ndarray) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {rule: [] for rule in SHEWHART_RULES}
    for t, score in enumerate(z):
        side = np.sign(score)
        past = z[: t + 1] * side
        found["beyond 3"].append(bool(abs(score) > 3))
        found["2 of 3 beyond 2"].append(bool(past[-1] > 2 and np.sum(past[-3:] > 2) >= 2))
        found["4 of 5 beyond 1"].append(bool(past[-1] > 1 and np.sum(past[-5:] > 1) >= 4))
        found["8 on one side"].append(bool(t >= 7 and np.all(past[-8:] > 0)))
    return found


def test_shewhart_rules_equal_the_plain_loop() -> None:
    found = shewhart(GAPS)
    assert found.any.any()
    for i, row in enumerate(GAPS):
        reported = ~np.isnan(row)
        for rule, hits in naive_rules(row[reported]).items():
            assert found.signals[rule][i][reported].tolist() == hits, (i, rule)
            assert not found.signals[rule][i][~reported].any()


def test_ewma_and_cusum_equal_the_plain_loop() -> None:
    average, sums = ewma(GAPS), cusum(GAPS)
    for i, row in enumerate(GAPS):
        state, high, low, seen = 0.0, 0.0, 0.0, 0
        for t, score in enumerate(row):
            if not np.isnan(score):
                seen += 1
                state = 0.3 * score + 0.7 * state
                high, low = max(0.0, high + score - 0.5), max(0.0, low - score - 0.5)
            assert average.ewma[i, t] == pytest.approx(state)
            assert average.limit[i, t] == pytest.approx(2.5 * np.sqrt(0.3 / 1.7 * (1 - 0.7 ** (2 * seen))))
            assert (sums.high[i, t], sums.low[i, t]) == pytest.approx((high, low))


def test_one_laboratory_ragged_and_padded_agree() -> None:
    rows = [Z[0, :5], Z[1, :9], Z[2, :1]]
    padded = np.full((3, 9), np.nan)
    for i, row in enumerate(rows):
        padded[i, : row.size] = row
    for chart in (ewma, cusum, shewhart, predict_next):
        first, second = chart(rows), chart(padded)
        for i, row in enumerate(rows):
            alone = chart(row)
            if chart is predict_next:
                assert first.probability[i] == second.probability[i] == pytest.approx(alone.probability)
                assert first.explanation[i] == alone.explanation
            else:
                figure = "any" if chart is shewhart else "signals"
                assert getattr(first, figure)[i][: row.size].tolist() == getattr(alone, figure).tolist()
                assert getattr(first, figure).tolist() == getattr(second, figure).tolist()


def test_prediction_equals_the_integral_over_mean_and_variance() -> None:
    z, (k0, n0, s0) = np.array([0.4, 1.9, 1.1]), (1.0, 3.0, 0.7)

    v = np.exp(np.linspace(np.log(1e-3), np.log(400), 1500))[:, None]
    mu = np.linspace(-15, 15, 3001)[None]
    log_density = stats.invgamma.logpdf(v, n0 / 2, scale=n0 * s0**2 / 2) + stats.norm.logpdf(mu, 0, np.sqrt(v / k0))
    log_density += sum(stats.norm.logpdf(score, mu, np.sqrt(v)) for score in z)
    mass = np.exp(log_density) * v  # the grid is even in log v
    inside = special.ndtr((2 - mu) / np.sqrt(v)) - special.ndtr((-2 - mu) / np.sqrt(v))
    part, total = (mass * inside).sum(), mass.sum()
    assert predict_next(z).probability == pytest.approx(part / total, rel=1e-5)


def test_prediction_is_calibrated_on_laboratories_drawn_from_its_prior() -> None:
    random = np.random.default_rng(31)
    variance = 3 * 0.49 / random.chisquare(3, (20_000, 1))
    z = random.normal(0, np.sqrt(variance)) + np.sqrt(variance) * random.standard_normal((20_000, 7))
    chance = predict_next(z[:, :6]).probability
    good = np.abs(z[:, 6]) <= 2
    for low, high in ((0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.0)):
        chosen = (chance >= low) & (chance < high)
        assert good[chosen].mean() == pytest.approx(chance[chosen].mean(), abs=0.03)


def test_half_life_lets_old_rounds_fade() -> None:
    drifting = [0.0] * 8 + [2.5, 2.5]
    assert predict_next(drifting, half_life=2).location > predict_next(drifting).location + 0.5
    assert predict_next(drifting, half_life=1e9).probability == pytest.approx(predict_next(drifting).probability)


def test_the_explanation_tells_mean_spread_and_rounds() -> None:
    told = predict_next([0.7, 1.6, -0.2, 1.1, -0.4, 1.4]).explanation
    assert told.startswith("mean z 0.7, sd 0.8 from 6 rounds → ") and told.endswith("% for |z| ≤ 2 in the next round")
    assert predict_next([[], [1.0]]).explanation[0].startswith("no round yet")


@pytest.mark.parametrize("chart", [shewhart, ewma, cusum, predict_next])
def test_scores_that_are_none_are_refused(chart) -> None:
    with pytest.raises(InputError, match="NaN"):
        chart([0.1, np.nan])
    with pytest.raises(InputError):
        chart([0.1, "high"])
