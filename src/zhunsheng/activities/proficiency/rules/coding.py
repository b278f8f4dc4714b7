"""Laboratories' names taken out of a results file and codes put in; pure.

A code must not tell who stands behind it, nor may the order of the rows: results files come sorted by name or by place.
"""

import random
from collections.abc import Mapping
from dataclasses import replace
from string import ascii_uppercase

from zhunsheng.activities.proficiency.rules.results_file import LeftOut, MeasurandResults, ResultsFile, same

LETTERS = "".join(c for c in ascii_uppercase if c not in "IO")  # not to be taken for 1 and 0


def laboratories_of(results: ResultsFile) -> dict[str, str]:
    """Every laboratory of a file, whatever became of its results: folded spelling → name as first written."""
    names: dict[str, str] = {}
    for measurand in results.measurands:
        for name in [r.laboratory for r in measurand.results] + [r.laboratory for r in measurand.left_out]:
            names.setdefault(same(name), name)
    return names


def draw_codes(n: int, *, source: random.Random) -> list[str]:
    """n different codes, a letter and digits, in random order: K07, B41 … for up to 1 200 participants, K0007 beyond."""
    width = 2 if n <= 1200 else 4
    drawn = source.sample(range(24 * 10**width), n)
    return [f"{LETTERS[one // 10**width]}{one % 10**width:0{width}d}" for one in drawn]


def by_code(results: ResultsFile, codes: Mapping[str, str]) -> ResultsFile:
    """The same results with codes for names, in the order of the codes, rows numbered anew; `codes` by folded spelling."""
    return replace(results, measurands=[_coded(one, codes) for one in results.measurands])


def _coded(measurand: MeasurandResults, codes: Mapping[str, str]) -> MeasurandResults:
    results = sorted(
        (replace(r, laboratory=codes[same(r.laboratory)], code=None) for r in measurand.results),
        key=lambda r: r.laboratory,
    )
    left_out = sorted(
        ((codes[same(r.laboratory)], r) for r in measurand.left_out), key=lambda pair: (pair[0], pair[1].row)
    )
    return replace(
        measurand,
        results=[replace(r, rows=(i,)) for i, r in enumerate(results, 1)],
        left_out=[LeftOut(len(results) + i, code, r.result, r.code) for i, (code, r) in enumerate(left_out, 1)],
    )
