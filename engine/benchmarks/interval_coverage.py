"""How often x_pt ± 2 u(x_pt) holds the true value, by consensus method and number of laboratories.

Run: python engine/benchmarks/interval_coverage.py. Two worlds: normal results; and results of which one in ten has five
times the standard deviation. The docstring of `assigned_by` states what lies outside 93 to 97 %, with n.
"""

from __future__ import annotations

import numpy as np
from intercomp import evaluate_round
from intercomp.censored import censored_likelihood

NUMBERS = (5, 8, 12, 20, 30, 50, 100, 300)
METHODS = ("algorithm-a", "q-hampel", "median", "median-niqr", "mean")


def rounds(random: np.random.Generator, n: int, wild: float) -> np.ndarray:
    count = max(2_000, 400_000 // max(n, 20))
    x = random.normal(size=(count, n))
    return np.where(random.random(x.shape) < wild, 5 * x, x)


def covered(x: np.ndarray, method: str) -> float:
    found = evaluate_round(x, assigned=method, diagnostics=False)
    there = found.status == "evaluated"
    return float(np.mean(np.abs(found.x_pt[there]) <= 2 * found.u_xpt[there]))


def likelihood(random: np.random.Generator, n: int, limit: float) -> float:
    held = []
    for x in random.normal(size=(1_000, n)):
        side = np.where(x < limit, -1, 0)
        if np.count_nonzero(side == 0) > 2:
            found = censored_likelihood(np.maximum(x, limit), side)
            held.append(abs(found.mean) <= 2 * found.u_mean)
    return float(np.mean(held))


def main() -> None:
    for world, wild in (("normal", 0.0), ("one in ten with five times the spread", 0.1)):
        print(f"{world}, coverage of x_pt ± 2 u in per cent")
        print(f"{'n':>14}", *(f"{n:6d}" for n in NUMBERS))
        for method in METHODS:
            random = np.random.default_rng(1)
            print(f"{method:>14}", *(f"{100 * covered(rounds(random, n, wild), method):6.1f}" for n in NUMBERS))
    print("likelihood with 30 % of normal results below a limit, coverage of the mean ± 2 u")
    random = np.random.default_rng(2)
    print(f"{'':>14}", *(f"{100 * likelihood(random, n, -0.5244):6.1f}" for n in NUMBERS[2:6]), " (n = 12, 20, 30, 50)")


if __name__ == "__main__":
    main()
