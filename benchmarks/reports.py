"""Reports to laboratories beside their floor: typesetting alone, of the same pages with their data and charts ready.

    python benchmarks/reports.py [--laboratories 2000] [--reports 200] [--measurands 3]

Times of one process are of the processor; those of several processes are of the clock, since that is what somebody waits for.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import numpy as np

from zhunsheng.activities.proficiency.report import documents
from zhunsheng.activities.proficiency.report.documents import Batch, Issue, Wanted, render, sealed, wanted
from zhunsheng.activities.proficiency.rules.evaluation import Settings, evaluate
from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.scatter.runners import spread
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.typesetting.typeset import typeset

T = TypeVar("T")
ISSUER = Text(en="Example Provider", zh="示例提供者")
STEP = 10


def results(measurands: int, laboratories: int) -> bytes:
    """A round of normal results with a twentieth of gross errors; the same every time."""
    chance, lines = np.random.default_rng(13528), ["laboratory,measurand,result,uncertainty,k,unit"]
    for m in range(measurands):
        values = chance.normal(10, 1, laboratories) * np.where(chance.random(laboratories) < 0.05, 1.8, 1.0)
        lines += [f"L{n:05d},M{m:03d},{v:.4g},0.8,2,mg/kg" for n, v in enumerate(values.tolist(), start=1)]
    return "\n".join(lines).encode()


def spent(what: str, step: Callable[[], T], clock: Callable[[], float] = time.process_time) -> tuple[T, float]:
    start = clock()
    found = step()
    seconds = clock() - start
    print(f"    {what:58}{seconds:8.2f} s")
    return found, seconds


def set_pages(batches: list[Batch]) -> tuple[list[bytes], list[tuple[Any, ...]]]:
    """The reports, and what typesetting was asked for."""
    asked: list[tuple[Any, ...]] = []

    def kept(template: str, data: Any, **more: Any) -> bytes:
        asked.append((template, data, more))
        return typeset(template, data, **more)

    with mock.patch.object(documents, "typeset", kept):
        pdfs = [pdf for batch in batches for pdf in render(batch)]
    return pdfs, asked


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--laboratories", type=int, default=2000)
    given.add_argument("--reports", type=int, default=200)
    given.add_argument("--measurands", type=int, default=3)
    asked = given.parse_args()
    key = SigningKey.load_or_make(Path(tempfile.mkdtemp()) / "key.pem")
    settings = Settings.parse(assigned="algorithm-a", u_assigned=None, sigma="1")
    document = evaluate(
        read_results(results(asked.measurands, asked.laboratories), "results.csv"),
        settings,
        title="基准 / Benchmark",
    )
    print(f"{asked.reports} reports of a round of {asked.laboratories} laboratories and {asked.measurands} measurands")
    issue, going = spent("go through the evaluation once", lambda: Issue.of(document))
    codes = sorted(issue.scores[0])[: asked.reports]
    one: list[Wanted]
    one, preparing = spent(
        "own figures, signed key facts, code to be photographed",
        lambda: [wanted(issue, code, round_number="BENCH-1", issuer=ISSUER, key=key) for code in codes],
    )
    batches = [Batch(document, "zh", ISSUER, one[first : first + STEP]) for first in range(0, len(one), STEP)]
    render(Batch(document, "zh", ISSUER, one[:1]))  # fonts and charts are loaded once a process
    (pdfs, told), rendering = spent("charts and pages", lambda: set_pages(batches))
    signed, sealing = spent("seals", lambda: [sealed(pdf, each, key=key) for pdf, each in zip(pdfs, one, strict=True)])
    _, floor = spent(
        "floor: pages alone, data and charts ready", lambda: [typeset(t, d, **more) for t, d, more in told]
    )
    ours = going + preparing + rendering + sealing
    sizes = sorted(map(len, signed))
    print(
        f"    {len(codes) / ours:.1f} reports a second and core, {ours / floor:.2f} times the floor; largest {sizes[-1] / 1e3:.0f} kB"
    )
    again, spreading = spent(
        "charts and pages by two processes, by the clock, started anew",
        lambda: [pdf for pdfs in spread(render, batches, processes=2) for pdf in pdfs], time.perf_counter,
    )  # fmt: skip
    assert again == pdfs, "the same bytes, wherever they are set"
    print(f"    {len(codes) / spreading:.1f} reports a second by two processes")


if __name__ == "__main__":
    main()
