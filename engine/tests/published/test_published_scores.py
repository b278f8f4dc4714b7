"""Scores, their signals and the Horwitz function against printed figures."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest


def test_iso13528_e4_scores_of_mercury_in_feed_imep111(case) -> None:
    e4 = case("iso13528-E4-scores-mercury-feed")
    x, U, k = (np.array(e4.data[name]) for name in ("x", "U", "k"))
    x_pt, U_xpt, sigma_pt = e4.data["x_pt"], e4.data["U_xpt"], e4.data["sigma_pt"]
    e4.holds(
        z=intercomp.z(x, x_pt, sigma_pt),
        z_prime=intercomp.z_prime(x, x_pt, sigma_pt, U_xpt / 2),
        zeta=intercomp.zeta(x, U / k, x_pt, U_xpt / 2),
        E_n=intercomp.e_n(x, U, x_pt, U_xpt),
    )
    assert not intercomp.u_is_negligible(U_xpt / 2, sigma_pt)


def test_iso13528_e9_horwitz(case) -> None:
    e9 = case("iso13528-E9-horwitz")
    c = np.array(e9.data["c_mass_fraction"])
    sigma = intercomp.horwitz(c)
    e9.holds(sigma_mg_per_kg=1e6 * sigma, rsd_percent=100 * sigma / c)
    e9.complete()
    assert intercomp.sigma_from(None, "horwitz", x_pt=1.195, mass_fraction=1.195e-6).value == pytest.approx(
        0.1861033, 1e-6
    )


def test_thompson_2000_horwitz_branches(case) -> None:
    branches = case("iso13528-horwitz-branches")
    branches.holds(sigma=intercomp.horwitz(branches.data["c_mass_fraction"]))
    branches.complete()


@pytest.mark.parametrize(
    ("score", "signal"),
    [
        (0.0, "acceptable"),
        (2.0, "acceptable"),
        (-2.0, "acceptable"),
        (2.0001, "warning"),
        (-2.9999, "warning"),
        (3.0, "action"),
        (-3.0, "action"),
        (250.0, "action"),
    ],
)
def test_iso13528_9_4_2_signal_boundaries(score: float, signal: str) -> None:
    assert intercomp.signals([score]).tolist() == [signal]


def test_a_result_written_two_sigma_away_is_not_warned_by_binary_rounding() -> None:
    away = intercomp.z(["0.0572", "0.0308", "0.0638"], "0.044", "0.0066")
    assert intercomp.signals(away).tolist() == ["acceptable", "acceptable", "action"]


def test_iso13528_e7_consensus_of_imep111(case) -> None:
    e7 = case("iso13528-E7-consensus-vs-reference")
    assigned = intercomp.assigned_by(e7.data["x"], "algorithm-a")
    scale = intercomp.sigma_from(e7.data["x"], "algorithm-a")
    e7.holds(x_star=assigned.value, s_star=scale.value, u_x_star=assigned.u)
