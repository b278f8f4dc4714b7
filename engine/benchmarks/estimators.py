"""Robust estimates and whole rounds against their floor, one NumPy sort of the same array, and against other programs.

Run: python engine/benchmarks/estimators.py. Times are medians of the processor time of one thread, and the floor is
timed between the runs of what stands on it, so that a busy machine counts little. Other programs are run from
var/bench-venv, and skipped with a word where they are not.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
from intercomp import algorithm_a, evaluate_round, q_hampel, qn, sn

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / "var/bench-venv/bin/python"


def results(measurands: int, laboratories: int) -> np.ndarray:
    """Normal results of which 8 % are wild."""
    random = np.random.default_rng(13528)
    x = random.normal(size=(measurands, laboratories))
    wild = random.random(x.shape) < 0.08
    x[wild] += random.normal(0, 8, np.count_nonzero(wild))
    return x


def medians(work: Callable[[], object], floor: Callable[[], object], runs: int) -> tuple[float, float]:
    times: dict[str, list[float]] = {"work": [], "floor": []}
    for function in (work, floor):
        function()
    for _ in range(runs):
        for name, function in (("floor", floor), ("work", work)):
            start = time.process_time()
            function()
            times[name].append(time.process_time() - start)
    return statistics.median(times["work"]) * 1e3, statistics.median(times["floor"]) * 1e3


def row(
    name: str, work: Callable[[], object], x: np.ndarray, reach_ms: float | None, reach_ratio: float | None, runs: int
) -> None:
    taken, floor = medians(work, lambda: np.sort(x, axis=-1), runs)
    held = (reach_ms is None or taken <= reach_ms) and (reach_ratio is None or taken <= reach_ratio * floor)
    wanted = " and ".join(
        part for part in (reach_ms and f"{reach_ms:g} ms", reach_ratio and f"{reach_ratio:g} sorts") if part
    )
    print(
        f"{name:34} {taken:9.2f} ms  {taken / floor:7.1f} sorts of {floor:7.3f} ms   {wanted:22} {'reached' if held else 'MISSED'}"
    )


def memory(name: str, work: Callable[[], object], size: int) -> None:
    work()
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"{name:34} {peak / size:9.2f} of the input{'':16}   {'3 of the input':22} {'reached' if peak < 3 * size else 'MISSED'}"
    )


def peers() -> None:
    if not PEERS.exists():
        print("other programs: var/bench-venv is absent (no lock/bench.txt), skipped")
        return
    for task in ("algorithm_a", "qn", "q_hampel"):
        ran = subprocess.run([PEERS, HERE / "peers/robust.py", task], capture_output=True, text=True, check=False)
        found = json.loads(ran.stdout) if ran.returncode == 0 else {f"{task}: failed": ran.stderr.strip()[-200:]}
        for name, told in found.items():
            print(f"{name:60} {told}")


def main() -> None:
    table, long, middle = results(10_000, 50), results(1, 100_000)[0], results(1, 3_000)[0]
    national = np.round(100 + 5 * results(40, 2_000), 2)
    one = np.round(100 + 5 * results(1, 16_000), 2)
    u = np.full(national.shape, 2.0)
    row("Algorithm A, 10 000 x 50", lambda: algorithm_a(table), table, 20, 10, 15)
    row("Algorithm A, iso-sig3, 10 000 x 50", lambda: algorithm_a(table, rule="iso-sig3"), table, None, None, 3)
    row("Qn, n = 100 000", lambda: qn(long), long, 100, 30, 15)
    row("Sn, n = 100 000", lambda: sn(long), long, None, None, 7)
    row("Q/Hampel, n = 3 000", lambda: q_hampel(middle), middle, 5, None, 31)
    row("Q/Hampel, n = 100 000", lambda: q_hampel(long), long, 300, 90, 9)
    row("a round, 2 000 laboratories x 40", lambda: evaluate_round(national, u=u), national, 1000, None, 3)
    row("a round, 16 000 laboratories x 1", lambda: evaluate_round(one, u=u[:1, :1] + 0 * one), one, 200, None, 7)
    memory("Algorithm A, peak memory", lambda: algorithm_a(table), table.nbytes)
    memory("Qn, n = 100 000, peak memory", lambda: qn(long), long.nbytes)
    memory("Q/Hampel, n = 100 000, peak memory", lambda: q_hampel(long), long.nbytes)
    peers()


if __name__ == "__main__":
    main()
