"""What a design cannot do: figures computed by hand."""

import pytest

from zhunsheng.activities.proficiency.plan.rules.foreseeing import Design, expected_u, foresee, largest_z


def told(**design: object) -> list[tuple[str, bool]]:
    usual: dict[str, object] = {"name": "Hg", "expected": 20, "assigned": None, "u": None, "sigma": 1.0}
    return [(one.said.en, one.stops) for one in foresee([Design(**{**usual, **design})])]  # type: ignore[arg-type]


@pytest.mark.parametrize(("n", "z"), [(5, 1.7889), (6, 2.0412), (10, 2.8460), (11, 3.0151)])
def test_the_largest_z_of_n_results(n: int, z: float) -> None:
    assert largest_z(n) == pytest.approx(z, abs=5e-5)


def test_the_largest_z_is_reached_by_one_far_away_result() -> None:
    import numpy as np

    x = np.array([0.0] * 9 + [1e6])
    assert abs(x - x.mean()).max() / x.std(ddof=1) == pytest.approx(largest_z(10))


@pytest.mark.parametrize(
    ("n", "said"),
    [(5, "neither “questionable”"), (6, "“unsatisfactory” cannot occur"), (10, "“unsatisfactory” cannot occur")],
)
def test_verdicts_that_cannot_occur_stop(n: int, said: str) -> None:
    found = told(expected=n, sigma=None, sigma_is_sd=True)
    assert any(said in text and stops for text, stops in found)


def test_with_eleven_results_every_verdict_can_occur() -> None:
    assert not any("cannot occur" in text for text, _ in told(expected=11, sigma=None, sigma_is_sd=True))


@pytest.mark.parametrize(("n", "stops"), [(2, [True]), (3, [False]), (11, [False]), (12, [])])
def test_a_consensus_needs_laboratories(n: int, stops: list[bool]) -> None:
    assert [one for text, one in told(expected=n, sigma=None) if "consensus" in text] == stops


def test_expected_u_of_a_consensus() -> None:
    assert expected_u(1.0, 17) == pytest.approx(0.30317, abs=1e-5)  # 1.25/√17: not below 0.3
    assert [stops for text, stops in told(expected=17) if "z′ will be used" in text] == [False]
    assert told(expected=18) == []  # 1.25/√18 = 0.2946


@pytest.mark.parametrize(("u", "stops"), [(0.29, []), (0.3, [False]), (0.99, [False]), (1.0, [True])])
def test_the_uncertainty_of_a_given_value(u: float, stops: list[bool]) -> None:
    assert [one for _, one in told(assigned=5.0, u=u)] == stops


@pytest.mark.parametrize(("step", "many"), [(1.0, 0), (1.03, 0), (1.04, 1)])  # 0.3·√12 = 1.0392
def test_a_coarse_reporting_step(step: float, many: int) -> None:
    assert len(told(step=step)) == many


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert told(expected=0, sigma=None) == []
