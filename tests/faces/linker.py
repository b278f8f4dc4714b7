"""An outsider who wants to know which code of one round is which code of the next, from whatever text he got hold of.

He looks for rows that begin with a code and hold numbers, takes from each number what all codes of the round have in common, and
pairs the codes of two rounds so that those that err alike come together (assignment of the least total distance). Where there is no row,
he guesses.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

FloatArray = NDArray[np.float64]
Rows = Mapping[str, list[list[float]]]
NUMBER = re.compile(r"(?<![\w.])[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])")
GUESSES = 400


def rows_in(texts: Iterable[str], codes: Iterable[str]) -> dict[str, list[list[float]]]:
    """The numbers that follow each code, row by row, in the order met. A line, or a cell of JSON, is a row; marks of a page are gone."""
    wanted = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, sorted(codes))) + r")(?![\w-])")
    found: dict[str, list[list[float]]] = defaultdict(list)
    for text in texts:
        plain = re.sub(r"<(?!/?tr)[^>]*>", " ", re.sub(r"\s*\n\s*(?!<tr)", "\n", text)).replace("−", "-")
        for line in re.split(r"\n|</tr>|\}", plain):
            named = wanted.search(line)
            if named and (numbers := [float(one) for one in NUMBER.findall(wanted.sub(" ", line))]):
                found[named[1]].append(numbers)
    return found


def features(rows: Rows, codes: list[str]) -> FloatArray | None:
    """A code a row: its numbers, each beside those of the other codes in the same place; None where too few codes have any."""
    flat = [[x for row in rows.get(code, ()) for x in row] for code in codes]
    width = min((len(one) for one in flat if one), default=0)
    if width == 0 or sum(bool(one) for one in flat) < len(codes) // 2:
        return None
    table = np.array([one[:width] if one else [np.nan] * width for one in flat])
    middle = np.nanmedian(table, axis=0)
    spread = 1.4826 * np.nanmedian(np.abs(table - middle), axis=0)
    use = spread > 0
    return np.nan_to_num(np.clip((table[:, use] - middle[use]) / spread[use], -4, 4))


def linked(first: Rows, second: Rows, pairs: Mapping[str, str], *, seed: int = 1) -> float:
    """The share of `pairs` (code of one round → code of the next, as it truly is) that the outsider finds."""
    chance = np.random.default_rng(seed)
    a, b = sorted(pairs), sorted(pairs.values())
    x, y = features(first, a), features(second, b)
    if x is None or y is None or x.shape[1] != y.shape[1]:
        return float(np.mean([_share(a, [b[i] for i in chance.permutation(len(b))], pairs) for _ in range(GUESSES)]))
    distance = np.sqrt(((x[:, None, :] - y[None, :, :]) ** 2).mean(axis=2))
    _, columns = linear_sum_assignment(distance)
    return _share(a, [b[i] for i in columns], pairs)


def _share(a: list[str], said: list[str], pairs: Mapping[str, str]) -> float:
    return float(np.mean([pairs[code] == guess for code, guess in zip(a, said, strict=True)]))
