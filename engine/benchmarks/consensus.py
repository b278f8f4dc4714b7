"""Consensus values: hierarchical Bayes, the bootstrap of DerSimonian-Laird and batches, each beside its floor.

Run: python engine/benchmarks/consensus.py. Both sides in one run, medians of the processor time of one thread. The floor
of the bootstrap is the drawing of its random numbers; of the posterior, one pass of NumPy over the same nodes; of a
batch, the same estimates one by one in plain Python. Known for the same work elsewhere: the programs of the source
sample the posterior in 1 to 5 s and take 60 s for the bootstrap.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from intercomp import dersimonian_laird, dersimonian_laird_bootstrap, hierarchical_bayes, mandel_paule, reml

PCB28 = ([34.3, 32.9, 34.53, 32.42, 31.9, 35.8], [1.03, 0.69, 0.83, 0.29, 0.4, 0.38], [60, 4, 18, 2, 13, 60])
RF_POWER = (
    [0.8247, 0.8184, 0.8196, 0.817, 0.8069, 0.8355, 0.8186, 0.8236],
    [0.0095, 0.0112, 0.0033, 0.007, 0.0072, 0.013, 0.0038, 0.0058],
)


def medians(work: Callable[[], object], floor: Callable[[], object], runs: int) -> tuple[float, float]:
    times: dict[str, list[float]] = {"work": [], "floor": []}
    work(), floor()
    for _ in range(runs):
        for name, function in (("floor", floor), ("work", work)):
            start = time.thread_time()
            function()
            times[name].append(time.thread_time() - start)
    return 1e3 * statistics.median(times["work"]), 1e3 * statistics.median(times["floor"])


def row(name: str, work: Callable[[], object], floor: Callable[[], object], reach: float | None, runs: int) -> None:
    taken, least = medians(work, floor, runs)
    wanted = "" if reach is None else f"reach {reach:g} ms: {'reached' if taken <= reach else 'MISSED'}"
    print(f"{name:45} {taken:9.3f} ms   floor {least:9.3f} ms   {taken / least:6.2f} × floor   {wanted}")


def one_pass(x: list[float], u: list[float], nodes: int) -> Callable[[], object]:
    """The posterior of τ at so many nodes, and the mean of μ: nothing checked, no interval."""
    values, spreads, tau = np.array(x), np.array(u), np.geomspace(1e-3, 1e3, nodes)[:, None]

    def run() -> float:
        w = 1 / (spreads**2 + tau**2)
        total = w.sum(1)
        mean = (w @ values) / total
        Q = (w * (values - mean[:, None]) ** 2).sum(1)
        mass = np.exp(0.5 * (np.log(w).sum(1) - np.log(total) - Q)) / (1 + tau[:, 0] ** 2)
        return float((mass * mean).sum() / mass.sum())

    return run


def drawn(n: int, replicates: int) -> Callable[[], object]:
    random = np.random.default_rng(1)
    return lambda: random.standard_normal((n, replicates))


def plain_mandel_paule(x: np.ndarray, u: np.ndarray) -> float:
    def excess(tau2: float) -> float:
        w = [1 / (s * s + tau2) for s in u]
        mean = sum(a * b for a, b in zip(w, x, strict=True)) / sum(w)
        return sum(a * (b - mean) ** 2 for a, b in zip(w, x, strict=True)) - (len(x) - 1)

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, 1.0
    while excess(high) > 0:
        high *= 2
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return low


def main() -> None:
    x, u, nu = PCB28
    row("hierarchical Bayes, 6 laboratories, ν = ∞", lambda: hierarchical_bayes(x, u), one_pass(x, u, 75), 2, 60)
    row(
        "hierarchical Bayes, 8 laboratories, ν = ∞",
        lambda: hierarchical_bayes(*RF_POWER),
        one_pass(*RF_POWER, 75),
        2,
        60,
    )
    row(
        "hierarchical Bayes, 6 laboratories, finite ν",
        lambda: hierarchical_bayes(x, u, nu),
        one_pass(x, u, 75),
        100,
        15,
    )
    laplace = lambda: hierarchical_bayes(x, u, nu, effects="laplace")  # noqa: E731
    row("the same with Laplace effects", laplace, one_pass(x, u, 75), None, 9)
    row("DL bootstrap 10⁴, ν = ∞", lambda: dersimonian_laird_bootstrap(x, u), drawn(6, 10_000), 10, 40)
    row("DL bootstrap 10⁴, finite ν", lambda: dersimonian_laird_bootstrap(x, u, nu), drawn(6, 10_000), 10, 40)
    random = np.random.default_rng(2)
    many, spreads = random.normal(0, 2, (2_000, 12)), np.exp(random.normal(0, 0.5, (2_000, 12)))
    slowly = lambda: [plain_mandel_paule(a, b) for a, b in zip(many[:50], spreads[:50], strict=True)]  # noqa: E731
    for estimator in (dersimonian_laird, mandel_paule, reml):
        row(f"{estimator.__name__}, 2 000 × 12 (floor: 50 × 12)", lambda f=estimator: f(many, spreads), slowly, None, 5)


if __name__ == "__main__":
    main()
