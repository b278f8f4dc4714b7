"""Ten thousand eligibility decisions with their trace, beside what no program built on these parts can be below.

    python benchmarks/eligibility.py

The facts are of 10,000 made-up laboratories: gates open and closed, none to six results. The floor is the same facts written and read
as canonical JSON once, which every kept decision needs anyhow. Times are of the processor.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from zhunsheng.capability.profile.rules import Result, suspension, trends
from zhunsheng.decisions.eligibility.policies import policy_on
from zhunsheng.decisions.eligibility.rules import FORM, decide
from zhunsheng.decisions.eligibility.wording import Names, trace
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.signing import canonical_json

N, TODAY = 10_000, date(2026, 11, 22)
NAMES = Names(t("Total mercury", "总汞"), t("Feed", "饲料"))
HELD = {"valid_from": "2024-01-01", "valid_to": "2029-12-31"}


def results(draw: random.Random, n: int) -> list[Result]:
    scores = [round(draw.gauss(0, 1.3), 2) for _ in range(n)]
    return [
        Result(f"e{i}", f"R{i}", date(2020 + i, 5, 1), z, "action" if abs(z) >= 3 else "warning" if abs(z) > 2 else "acceptable")
        for i, z in enumerate(scores)
    ]  # fmt: skip


def facts(i: int, draw: random.Random, shown: list[Result], trend: Any) -> dict[str, Any]:
    """What the rules look at, as `queries.facts_of` writes it."""
    calibration = {"id": f"c{i}", **HELD}
    line = {
        "method": "GB/T 13081-2022", **HELD,
        "instruments": [{"id": f"s{i}", "covering": calibration if draw.random() < 0.9 else None, "latest": calibration}],
    }  # fmt: skip
    certificate = {"scheme": "CMA", "number": f"{i:012d}", **HELD}
    held = suspension(shown, {})
    return {
        "form": FORM, "institution": str(i), "parameter": "mercury", "matrix": "feed", "field": "feed",
        "on": TODAY.isoformat(), "known_on": TODAY.isoformat(),
        "certificates": [certificate] if draw.random() < 0.9 else [], "last_certificate": certificate,
        "scope": [line], "last_scope": line, "signatories": [{"id": f"p{i}", **HELD}] if draw.random() < 0.95 else [],
        "evidence": [
            {"id": r.id, "kind": "proficiency_result", "occurred_on": r.occurred_on.isoformat(), "source_sha256": "0" * 64,
             "round": r.round, "score": r.score, "score_kind": "z", "signal": r.signal} for r in shown
        ],
        "trend": {
            "n": trend.n, "scores": [r.score for r in trend.results], "probability": round(trend.probability, 4), "model": "NIG",
            "further_results": None, "evidence": [r.id for r in trend.results],
        },
        "suspension": held and {
            "since": held.since.isoformat(), "failed": held.failed.id, "passed": held.passed and held.passed.id,
        },
    }  # fmt: skip


def timed(what: str, work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    done = work()
    took = time.process_time() - begun
    print(f"{what:58}{1000 * took:9.0f} ms{1e6 * took / N:9.1f} µs each")
    return done, took


def main() -> None:
    draw, policy = random.Random(17), policy_on("subcontract", TODAY)
    shown = [results(draw, draw.randrange(7)) for _ in range(N)]
    found, _ = timed("predictions and charts of all, together", lambda: trends(shown))
    given = [facts(i, draw, some, trend) for i, (some, trend) in enumerate(zip(shown, found, strict=True))]
    _, floor = timed("floor: the facts as canonical JSON", lambda: [canonical_json(one) for one in given])
    answers, took = timed("decisions with trace and counterfactual", lambda: [decide(one, policy) for one in given])
    _, kept = timed("the answers as canonical JSON", lambda: [canonical_json(one) for one in answers])
    read = list(zip(answers, given, strict=True))
    _, worded = timed(
        "the answers in sentences, when they are read", lambda: [trace(a, f, policy, NAMES) for a, f in read]
    )
    print(
        f"answered and kept, facts and all: {took + kept + floor:.2f} s; in sentences, too: {took + kept + floor + worded:.2f} s"
    )
    print(f"decisions / floor {took / floor:.2f};", dict(Counter(one["answer"] for one in answers)))


if __name__ == "__main__":
    main()
