"""T6: do triplicates contain their own mean, or a middle value midway, too often? People invent around a mean."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np
import scipy

from intercomp.errors import InputError
from intercomp.forensics.finding import Finding, not_applicable
from intercomp.forensics.multiplicity import p_to_e
from intercomp.forensics.poisson_binomial import upper_tails
from intercomp.inputs import FloatArray, as_broadcast

LEAST_TRIPLES = 20
LEAST_RANGE = 2
MATTERS = 1.3
# a mean range of three normal values; and a smaller sd than the typical one, since triples of unequal precision contain
# their mean more often than triples of their average precision: e^(0.5²) for a log sd of 0.5
_MEAN_RANGE, _CAUTION = 1.6926, 0.78
_PHASES = (np.arange(16) + 0.5) / 16 - 0.5
_INNOCENT = (
    "the third replicate was read from a mean, or outside replicates were repeated under a written rule",
    "the instrument shows fewer digits than were assumed",
)


def mean_in_triple(
    triples: Any, *, kind: Literal["counts", "measured"], step: float = 1.0, sd: float | None = None
) -> Finding:
    """T6. Do triples of counts (or of results in whole steps) contain their own rounded mean too often?

    Of triples with a range of at least 2 steps, those whose middle value equals the rounded mean are counted, against
    the chance of it: for kind="counts" of a Poisson triple with the same mean (at most 0.40), for kind="measured" of a
    normal triple with 0.78 of the standard deviation `sd` (mean range/1.693 if not given), which leaves room for sds
    that differ. Upper tail; effect: found over expected. detail: triples whose middle value lies between 0.4 and 0.6 of
    the range. triples: (n × 3), whole multiples of `step`. Not applicable below 20 triples of enough range. False
    alarms measured, Poisson means 5 to 200, 100 triples: 0.036 at 0.05, 0.005 at 0.01, 0.0010 at 0.001; normal triples,
    sd 0.6 to 20 steps: at most 0.019 at 0.05, sds varying (log sd 0.5): 0.005. Raises InputError on other shapes and
    results between steps.
    """
    x = as_broadcast(triples, "triples")
    if x.ndim != 2 or x.shape[1] != 3 or np.isnan(x).any():
        raise InputError("triples", f"shape {x.shape} or gaps", "give complete triples, one a row")
    if kind not in ("counts", "measured"):
        raise InputError("kind", f"{kind!r} is unknown", 'give "counts" or "measured"')
    low, middle, high = np.sort(_whole_steps(x, step), axis=1).T
    wide = high - low >= LEAST_RANGE
    n = int(wide.sum())
    if n < LEAST_TRIPLES:
        return not_applicable("T6 mean in triple", n, f"{n} triples with a range of 2 steps; the test needs 20")
    rows = np.stack([low, middle, high], axis=1)[wide]
    contained = rows[:, 1] == np.floor(rows.mean(axis=1) + 0.5)
    if kind == "counts":
        chances = np.array([_poisson_chance(_rounded(mean)) for mean in rows.mean(axis=1)])
    else:
        typical = float(np.ptp(x, axis=1).mean()) / _MEAN_RANGE if sd is None else sd
        chances = np.full(n, _normal_chance(_rounded(_CAUTION * typical / step)))
    return _finding(rows, int(contained.sum()), chances)


def _whole_steps(x: FloatArray, step: float) -> FloatArray:
    counts = np.rint(x / step)
    off = np.abs(x / step - counts) > 1e-6 * np.maximum(1, np.abs(counts))
    if off.any():
        row = int(np.argwhere(off)[0, 0]) + 1
        raise InputError("triples", f"a result between steps of {step:g}", "give the reporting step", row=row)
    return counts


def _rounded(value: float) -> float:
    """Two figures are enough for a chance that changes slowly, and few different ones are worth remembering."""
    return float(f"{value:.2g}")


@lru_cache(maxsize=4096)
def _poisson_chance(mean: float) -> float:
    top = int(mean + 12 * np.sqrt(mean + 1)) + 6
    return contains_mean_chance(np.asarray(scipy.stats.poisson.pmf(np.arange(top), mean))[None])


@lru_cache(maxsize=4096)
def _normal_chance(sd: float) -> float:
    """Chance for results with this standard deviation (in steps), over all phases of the mean between steps."""
    edges = np.arange(-int(8 * sd) - 2, int(8 * sd) + 3) - 0.5
    cdf = scipy.stats.norm.cdf((edges - _PHASES[:, None]) / max(sd, 0.05))
    return contains_mean_chance(np.diff(cdf, axis=1))


def contains_mean_chance(mass: FloatArray) -> float:
    """P(the rounded mean is in the triple | range ≥ 2), mass: (phases × values), averaged over the phases.

    With range ≥ 2 the rounded mean can only be the middle value, and is when its gaps to the two others differ by at
    most one step.
    """
    ways, narrow, size = 0.0, 0.0, mass.shape[1]
    padded = np.pad(mass, ((0, 0), (size, size)))
    at = slice(size, 2 * size)
    for gap in range(1, size):
        below = padded[:, size - gap : 2 * size - gap]
        for other in (gap - 1, gap, gap + 1):
            if other >= 1:
                ways += 6 * float((below * mass * padded[:, size + other : 2 * size + other]).sum())
    above = padded[:, size + 1 : 2 * size + 1]
    here = padded[:, at]
    narrow = float((here**3 + 3 * here**2 * above + 3 * here * above**2).sum())
    total = float((mass.sum(axis=1) ** 3).sum())
    return ways / max(total - narrow, 1e-12)


def _finding(rows: FloatArray, found: int, chances: FloatArray) -> Finding:
    expected = float(chances.sum())
    p = float(upper_tails(chances)[found])
    midway = (rows[:, 1] - rows[:, 0]) / (rows[:, 2] - rows[:, 0])
    z = (found - expected) / float(np.sqrt((chances * (1 - chances)).sum()))
    return Finding(
        "T6 mean in triple",
        applicable=True,
        n=len(rows),
        statistic=z,
        p=p,
        e=float(p_to_e(max(p, 1e-300))),
        effect=found / expected,
        effect_name="triples that contain their mean, over the number expected",
        says="the triples contain their own mean more often than independent readings do",
        innocent=_INNOCENT,
        detail={"found": found, "expected": expected, "midway": int(((midway >= 0.4) & (midway <= 0.6)).sum())},
    )
