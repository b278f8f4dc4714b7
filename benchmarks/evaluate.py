"""The main job beside its floor: `zhunsheng evaluate` on large files, step by step.

The floor is what no program built on these parts can be below: reading the table with the same reader, and the engine's
figures alone on an array. Times are of the processor, since other work on the machine doubles those of the clock.
"""

from __future__ import annotations

import gc
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import intercomp
import numpy as np

from zhunsheng.activities.proficiency.documents import evaluation_report, scores_workbook, signed_report
from zhunsheng.activities.proficiency.rules.evaluation import Settings, evaluate
from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.foundation.signing import SigningKey, canonical_json
from zhunsheng.foundation.spreadsheets import Sheet, read_table, write_xlsx

HEADINGS = ["laboratory", "measurand", "result", "uncertainty", "k", "unit"]
SIZES = [("one measurand, 16,000 laboratories", 1, 16_000), ("100 measurands, 2,000 laboratories", 100, 2_000)]

T = TypeVar("T")


def results(measurands: int, laboratories: int) -> list[list[Any]]:
    """A round of normal results with a twentieth of gross errors; the same every time."""
    chance = np.random.default_rng(13528)
    rows: list[list[Any]] = []
    for m in range(measurands):
        values = chance.normal(10, 1, laboratories) * np.where(chance.random(laboratories) < 0.05, 1.8, 1.0)
        rows += [
            [f"L{n:05d}", f"M{m:03d}", float(f"{v:.4g}"), 0.8, 2, "mg/kg"]
            for n, v in enumerate(values.tolist(), start=1)
        ]
    return rows


def as_csv(rows: list[list[Any]]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in [HEADINGS, *rows]).encode()


def as_xlsx(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    write_xlsx(buffer, [Sheet("results", HEADINGS, rows)])
    return buffer.getvalue()


class Clock:
    """Takes the time of steps and prints them."""

    def __init__(self) -> None:
        self.total = 0.0

    def __call__(self, what: str, step: Callable[[], T]) -> T:
        start = time.process_time()
        found = step()
        spent = time.process_time() - start
        self.total += spent
        print(f"    {what:42}{spent:8.2f} s")
        return found


def floor(data: bytes, filename: str, table: np.ndarray) -> float:
    clock = Clock()
    clock("read the table, same reader", lambda: read_table(data, filename=filename))
    clock("the engine alone", lambda: _engine(table))
    return clock.total


def _engine(table: np.ndarray) -> None:
    found = intercomp.algorithm_a(table)
    u = 1.25 * found.sd / np.sqrt(found.n)
    intercomp.signals(intercomp.z(table, found.mean, found.sd))
    intercomp.zeta(table, np.full_like(table, 0.4), found.mean, u)
    intercomp.e_n(table, np.full_like(table, 0.8), found.mean, 2 * u)


def job(data: bytes, filename: str, key: SigningKey) -> float:
    clock = Clock()
    read = clock("read and understand every row", lambda: read_results(data, filename))
    document = clock("evaluate", lambda: evaluate(read, Settings()))
    canonical = clock("evaluation.json", lambda: canonical_json(document))
    clock("scores.xlsx", lambda: scores_workbook(document, "both"))
    sealed = clock("report.pdf, sealed", lambda: signed_report(document, lang="both", key=key, canonical=canonical))
    print(f"    evaluation.json {len(canonical) / 1e6:.1f} MB, report.pdf {len(sealed) / 1e6:.1f} MB")
    return clock.total


def main(formats: list[str]) -> None:
    gc.disable()  # as the command does
    with tempfile.TemporaryDirectory() as folder:
        key = SigningKey.load_or_make(Path(folder) / "key.pem")
        evaluation_report(evaluate(read_results(as_csv(results(1, 5)), "warm.csv"), Settings()), lang="both")
        for name, measurands, laboratories in SIZES:
            rows = results(measurands, laboratories)
            table = np.array([row[2] for row in rows]).reshape(measurands, laboratories)
            for form in formats:
                data = as_csv(rows) if form == "csv" else as_xlsx(rows)
                print(f"{name}, .{form} of {len(data) / 1e6:.1f} MB\n  floor")
                least = floor(data, f"r.{form}", table)
                print("  the job")
                whole = job(data, f"r.{form}", key)
                print(f"  job {whole:.2f} s, floor {least:.2f} s, ratio {whole / least:.1f}\n")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:] or ["csv", "xlsx"])
