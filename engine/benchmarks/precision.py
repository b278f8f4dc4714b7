"""ISO 5725-2, 30 laboratories × 10 levels × 3 replicates, without critical values: the engine against the plain loop.

Run: python engine/benchmarks/precision.py. Both sides in one process, medians of the processor time of one thread, so
that a busy machine counts little; reach: 0.2 ms.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from math import sqrt

import numpy as np
from intercomp.precision import precision, scrutinise

REACH_MS = 0.2


def plain_loop(levels: list[list[list[float]]]) -> list[dict[str, object]]:
    """The same figures as `precision`, cell by cell in Python, as most laboratories' scripts do it."""
    found = []
    for level in levels:
        means, variances = [sum(c) / len(c) for c in level], [statistics.variance(c) for c in level]
        p, n, m = len(level), len(level[0]), sum(means) / len(means)
        total = sum((y - m) ** 2 for y in means)
        s_r2, s_d2, ordered = sum(variances) / p, n * total / (p - 1), sorted(y - m for y in means)
        s_l2, sd = max(0.0, (s_d2 - s_r2) / n), sqrt(total / (p - 1))
        pairs = (ordered[-2:], ordered[:2])
        found.append({
            "m": m, "s_r": sqrt(s_r2), "s_L": sqrt(s_l2), "s_R": sqrt(s_r2 + s_l2),
            "h": [(y - m) / sd for y in means], "k": [sqrt(v / s_r2) for v in variances],
            "cochran_C": max(variances) / sum(variances),
            "grubbs": (ordered[-1] / sd, -ordered[0] / sd),
            "double": [(total - a * a - b * b - (a + b) ** 2 / (p - 2)) / total for a, b in pairs],
        })  # fmt: skip
    return found


def median_ms(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return 1e3 * statistics.median(times), 1e3 * min(times)


def main() -> None:
    cells = np.random.default_rng(5725).normal(100, 1, (10, 30, 3))
    lists, gaps = cells.tolist(), cells.copy()
    gaps[::3, ::7, 2] = np.nan
    scrutinise(cells)  # critical values are remembered
    rows = {
        "precision, complete cells": (lambda: precision(cells), 2000),
        "precision, cells with gaps": (lambda: precision(gaps), 1000),
        "plain Python loop": (lambda: plain_loop(lists), 100),
        "decision chain, critical values remembered": (lambda: scrutinise(cells), 20),
    }
    measured = {name: median_ms(work, repeats) for name, (work, repeats) in rows.items()}
    for name, (middle, least) in measured.items():
        ratio = measured["plain Python loop"][0] / middle
        print(f"{name:45} median {middle:8.3f} ms   least {least:8.3f} ms   {ratio:6.1f} × the loop")
    reached = measured["precision, complete cells"][0] <= REACH_MS
    print(f"reach {REACH_MS} ms: {'reached' if reached else 'missed'}")


if __name__ == "__main__":
    main()
