"""How often the nominal 95 % interval of each consensus method holds the true value.

Run: python engine/benchmarks/consensus_coverage.py. Comparisons of n laboratories with log-normal uncertainties (SD of
ln u = 0.5, median 1), under three worlds: no dark uncertainty, τ = 1 and τ = 3. The docstrings of `intercomp.consensus`
and its like state what lies outside 93 to 97 %, with n.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from intercomp import (
    dersimonian_laird,
    dersimonian_laird_bootstrap,
    hartung_knapp,
    hierarchical_bayes,
    mandel_paule,
    reml,
    weighted_mean,
)

NUMBERS = (3, 5, 8, 12, 20, 40)
BATCH, SINGLE = 10_000, 600


def comparisons(n: int, tau: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng([n, int(10 * tau)])
    u = np.exp(random.normal(0, 0.5, (count, n)))
    return random.normal(0, np.hypot(u, tau)), u


def batched(estimator: Callable[..., object], n: int, tau: float) -> float:
    found = estimator(*comparisons(n, tau, BATCH))
    return float(np.mean((found.lwr <= 0) & (found.upr >= 0)))


def one_by_one(estimator: Callable[..., object], n: int, tau: float) -> float:
    fits = [estimator(x, u) for x, u in zip(*comparisons(n, tau, SINGLE), strict=True)]
    return float(np.mean([fit.lwr <= 0 <= fit.upr for fit in fits]))


METHODS: dict[str, Callable[[int, float], float]] = {
    "weighted mean": lambda n, tau: batched(weighted_mean, n, tau),
    "Mandel-Paule": lambda n, tau: batched(mandel_paule, n, tau),
    "DerSimonian-Laird": lambda n, tau: batched(dersimonian_laird, n, tau),
    "REML": lambda n, tau: batched(reml, n, tau),
    "Hartung-Knapp (DL)": lambda n, tau: batched(hartung_knapp, n, tau),
    "Hartung-Knapp modified": lambda n, tau: batched(lambda x, u: hartung_knapp(x, u, modified=True), n, tau),
    "DL bootstrap": lambda n, tau: one_by_one(lambda x, u: dersimonian_laird_bootstrap(x, u, replicates=1000), n, tau),
    "hierarchical Bayes, flat μ": lambda n, tau: one_by_one(hierarchical_bayes, n, tau),
}


def main() -> None:
    print(f"coverage in per cent; error ± {100 * (0.05 * 0.95 / BATCH) ** 0.5:.1f}, of the last two ± 0.9")
    for tau in (0.0, 1.0, 3.0):
        print(f"\ndark uncertainty τ = {tau:g}{'':20}" + "".join(f"{f'n = {n}':>8}" for n in NUMBERS))
        for name, method in METHODS.items():
            shares = [100 * method(n, tau) for n in NUMBERS]
            print(f"{name:40}" + "".join(f"{share:8.1f}" for share in shares))


if __name__ == "__main__":
    main()
