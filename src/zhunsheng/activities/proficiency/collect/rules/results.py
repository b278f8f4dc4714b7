"""The results file of a round: the rows of every laboratory by code, in the columns that `rules.results_file` reads."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from zhunsheng.activities.proficiency.collect.rules.checking import Asked
from zhunsheng.activities.proficiency.collect.rules.given import Given
from zhunsheng.activities.proficiency.rules.reported_spreads import positive_number
from zhunsheng.activities.proficiency.rules.reported_values import read_value

HEADER = ("laboratory", "measurand", "item", "unit", "result", "uncertainty", "k", "method")
NAME = "results.csv"


def results_file(asked: Sequence[Asked], given: Mapping[str, Sequence[Given]]) -> bytes:
    """The file, UTF-8; `given` by code. Every laboratory has a row for every measurand, an empty result where it gives none.

    Nothing is altered against formulas: the file is read by programs that compute, and 1.20 stays 1.20.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for code, rows in given.items():
        writer.writerows(_rows(asked, code, rows))
    return text.getvalue().encode("utf-8")


def _rows(asked: Sequence[Asked], code: str, given: Iterable[Given]) -> Iterator[tuple[str, ...]]:
    of: dict[int, list[Given]] = {}
    for row in given:
        if row.result or row.could_not:
            of.setdefault(row.measurand, []).append(row)
    for one in asked:
        for row in of.get(one.measurand) or [Given(one.measurand, 1)]:
            spread = _spread(row, "uncertainty"), _spread(row, "k")
            yield (code, one.name, one.item, one.unit, as_read(row.result), *spread, row.method)


def as_read(result: str) -> str:
    """The result as received; a notation that others could not stand beside (decimal commas, full width) as the plain number.

    One decimal comma makes every 1.234 of the same file ambiguous, and the others have not written it. The receipt keeps the text.
    """
    value = read_value(result)
    return value.number if value.kind == "number" and value.changed else result


def _spread(row: Given, name: str) -> str:
    """U and k as received where they can be used: above zero, beside a result that is a number."""
    text = row.said[name]
    usable = text and read_value(row.result).kind == "number" and positive_number(text, name)[0] is not None
    return text if usable else ""
