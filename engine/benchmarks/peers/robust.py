"""Time what other programs offer for one task; run by their own environment: python robust.py algorithm_a|qn|q_hampel."""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np


def timed(work: Callable[[], Any], runs: int) -> str:
    try:
        work()
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
        return f"{statistics.median(times) * 1e3:.2f} ms"
    except (OverflowError, MemoryError, ValueError) as error:
        return f"fails: {type(error).__name__}"


def module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def main(task: str) -> dict[str, str]:
    random = np.random.default_rng(13528)
    pt, robust = module("pt13528.robust"), module("statsmodels.robust")
    told = {
        f"{name}: not installed, skipped": "" for name, found in (("pt13528", pt), ("statsmodels", robust)) if not found
    }
    if task == "algorithm_a":
        table = random.normal(size=(100, 50))
        if pt:
            told["pt13528 Algorithm A, 100 x 50"] = timed(lambda: [pt.algorithm_a(row) for row in table], 3)
        if robust:
            huber = robust.Huber(maxiter=200, tol=1e-10)
            told["statsmodels Huber, 100 x 50"] = timed(lambda: [huber(row) for row in table], 3)
    if task == "qn":
        for n in (1_000, 100_000):
            x = random.normal(size=n)
            if pt and n <= 1_000:  # n² differences in memory
                told[f"pt13528 Qn, n = {n}"] = timed(lambda x=x: pt.qn(x), 3)
            if robust:
                told[f"statsmodels Qn, n = {n}"] = timed(lambda x=x: robust.scale.qn_scale(x), 1)
    if task == "q_hampel" and pt:
        x = random.normal(size=300)
        told["pt13528 Q/Hampel, n = 300"] = timed(lambda: pt.q_hampel(x), 1)
    return told


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
