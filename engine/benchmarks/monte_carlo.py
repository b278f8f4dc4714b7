"""GUM supplement 1, mass calibration of JCGM 101, 9.3, 10⁶ draws: the engine against the same by hand in NumPy.

Run: python engine/benchmarks/monte_carlo.py. By hand means: draw, evaluate, mean, SD, sort, shortest interval, and no
error of any figure. The two take turns; medians of the processor time of one thread; reach: 1.15 × by hand.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from intercomp import budget, monte_carlo

DRAWS, REACH = 1_000_000, 1.15
MODEL = "(m_R_c+dm_R_c)*(1+(rho_a-1.2)*(1/rho_W-1/rho_R))-100000"
INPUTS = [
    {"name": "m_R_c", "dist": "normal", "mu": 100000.0, "sigma": 0.05},
    {"name": "dm_R_c", "dist": "normal", "mu": 1.234, "sigma": 0.02},
    {"name": "rho_a", "dist": "rectangular", "a": 1.1, "b": 1.3},
    {"name": "rho_W", "dist": "rectangular", "a": 7000, "b": 9000},
    {"name": "rho_R", "dist": "rectangular", "a": 7950, "b": 8050},
]


def by_hand() -> tuple[float, float, float, float]:
    random = np.random.default_rng(1)
    m, dm = random.normal(100000.0, 0.05, DRAWS), random.normal(1.234, 0.02, DRAWS)
    a, W, R = (random.uniform(low, high, DRAWS) for low, high in ((1.1, 1.3), (7000, 9000), (7950, 8050)))
    y = (m + dm) * (1 + (a - 1.2) * (1 / W - 1 / R)) - 100000
    mean, u = float(y.mean()), float(y.std(ddof=1))
    y.sort()
    held = int(0.95 * DRAWS)
    first = int((y[held:] - y[:-held]).argmin())
    return mean, u, float(y[first]), float(y[first + held])


def taking_turns(runs: int, **works: Callable[[], object]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            start = time.thread_time()
            work()
            times[name].append(time.thread_time() - start)
    return {name: 1e3 * statistics.median(taken) for name, taken in times.items()}


def main() -> None:
    ours = lambda: monte_carlo(MODEL, INPUTS, draws=DRAWS)  # noqa: E731
    found, plain = ours(), by_hand()
    measured = taking_turns(11, by_hand=by_hand, ours=ours)
    ratio = measured["ours"] / measured["by_hand"]
    print(
        f"by hand {measured['by_hand']:8.1f} ms   y {plain[0]:.5f}  u {plain[1]:.5f}  [{plain[2]:.4f}, {plain[3]:.4f}]"
    )
    low, high = zip(found.shortest, found.shortest_error, strict=True)
    print(
        f"engine  {measured['ours']:8.1f} ms   y {found.y:.5f} ± {found.y_error:.5f}  u {found.u:.5f} ± {found.u_error:.5f}"
        f"  [{low[0]:.4f} ± {low[1]:.4f}, {high[0]:.4f} ± {high[1]:.4f}]"
    )
    print(f"{ratio:.2f} × by hand, reach {REACH}: {'reached' if ratio <= REACH else 'MISSED'}")
    others = taking_turns(3, lattice=lambda: monte_carlo(MODEL, INPUTS, draws=DRAWS, sampling="lattice"))
    even = monte_carlo(MODEL, INPUTS, draws=DRAWS, sampling="lattice")
    print(
        f"lattice {others['lattice']:8.1f} ms   y {even.y:.8f} ± {even.y_error:.8f}  u {even.u:.8f} ± {even.u_error:.8f}"
    )
    linear = taking_turns(50, gum=lambda: budget(MODEL, INPUTS))
    print(f"budget, first and second order {linear['gum']:8.3f} ms")


if __name__ == "__main__":
    main()
