"""Laboratories' names taken out of a results file and codes put in; pure.

A code must not tell who stands behind it, nor may the order of the rows: results files come sorted by name or by place.
"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import replace
from string import ascii_uppercase

from zhunsheng.activities.proficiency.rules.replicates import LaboratoryResult
from zhunsheng.activities.proficiency.rules.reported_values import fold, read_value
from zhunsheng.activities.proficiency.rules.results_file import LeftOut, MeasurandResults, ResultsFile, same
from zhunsheng.foundation.signing import canonical_json

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
    """The same results with codes for names, and nothing left that could tell who is who; `codes` by folded spelling.

    In the order of the codes, rows numbered anew. The hash is that of the coded results: the hash of a small file with names
    can be undone by trying all orders of the laboratories. Numbers are written plainly, since one full-width digit marks a
    laboratory for good; free text (methods, notes on the reading) stays with the coordinator.
    """
    coded = [_coded(one, codes) for one in results.measurands]
    digest = hashlib.sha256(canonical_json([_plain(one) for one in coded])).hexdigest()
    return replace(results, file="", sheet="", sha256=digest, measurands=coded, notes=[])


def _coded(measurand: MeasurandResults, codes: Mapping[str, str]) -> MeasurandResults:
    results = sorted((_anonymous(r, codes[same(r.laboratory)]) for r in measurand.results), key=lambda r: r.laboratory)
    left_out = sorted(
        ((codes[same(r.laboratory)], r) for r in measurand.left_out), key=lambda pair: (pair[0], pair[1].row)
    )
    return replace(
        measurand,
        results=[replace(r, rows=(i,)) for i, r in enumerate(results, 1)],
        left_out=[LeftOut(len(results) + i, code, fold(r.result), r.code) for i, (code, r) in enumerate(left_out, 1)],
    )


def _anonymous(r: LaboratoryResult, code: str) -> LaboratoryResult:
    return replace(
        r, laboratory=code, code=None, method=None, result=plain(r.result), uncertainty=r.uncertainty and plain(r.uncertainty),
        k=r.k and plain(r.k), replicates=tuple(map(plain, r.replicates)) if r.replicates else None,
    )  # fmt: skip


def plain(reported: str) -> str:
    """A reported number in plain digits; anything else folded only."""
    read = read_value(reported)
    return read.number if read.kind == "number" else fold(reported)


def _plain(measurand: MeasurandResults) -> dict[str, object]:
    return {
        "measurand": measurand.measurand, "item": measurand.item, "unit": measurand.unit,
        "results": [
            {"code": r.laboratory, "result": list(r.replicates or [r.result]), "uncertainty": r.uncertainty, "k": r.k}
            for r in measurand.results
        ],
        "left_out": [{"code": r.laboratory, "result": r.result} for r in measurand.left_out],
    }  # fmt: skip
