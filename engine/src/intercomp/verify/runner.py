"""Runs worked cases through the engine and says of every figure whether it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intercomp.errors import InputError, NotConverged
from intercomp.verify.case_files import Case
from intercomp.verify.figures import Data, Figures, Maker, MissingData, RowByRow, plain
from intercomp.verify.kinds import KINDS
from intercomp.verify.tolerance import Tolerance


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a case: what was expected, what the engine got, and whether that is within the tolerance.

    Where the engine refused the data, `got` is its message, and the figure does not hold.
    """

    name: str
    expected: Any
    got: Any
    tolerance: str
    ok: bool


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case with its figures and the names of those that the engine does not compute."""

    id: str
    source: str
    kind: str
    file: str
    figures: tuple[Figure, ...]
    uncovered: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return all(figure.ok for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Record:
    """What verification found; the counts are of figures, a list being one."""

    cases: tuple[CaseRecord, ...]

    @property
    def passed(self) -> int:
        return sum(figure.ok for case in self.cases for figure in case.figures)

    @property
    def failed(self) -> int:
        return sum(not figure.ok for case in self.cases for figure in case.figures)

    @property
    def uncovered(self) -> int:
        return sum(len(case.uncovered) for case in self.cases)

    def holds(self, *, strict: bool = False) -> bool:
        """Whether no figure fails and, if strict, none is uncovered."""
        return self.failed == 0 and not (strict and self.uncovered)

    def as_json(self) -> dict[str, Any]:
        """The record as JSON types, as `intercomp verify --json` prints it."""
        return {
            "cases": [
                {
                    "id": case.id,
                    "kind": case.kind,
                    "figures": [_figure_as_json(figure) for figure in case.figures],
                    "uncovered": list(case.uncovered),
                }
                for case in self.cases
            ],
            "passed": self.passed,
            "failed": self.failed,
            "uncovered": self.uncovered,
        }


def _figure_as_json(figure: Figure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in ("name", "expected", "got", "tolerance", "ok")}


def verify(cases: Iterable[Case]) -> Record:
    """Compute every figure of the cases from their data and options, and compare it with what is expected."""
    return Record(tuple(verify_case(case) for case in cases))


def verify_case(case: Case) -> CaseRecord:
    """The record of one case; data the engine refuses make its figures fail, they stop nothing."""
    shelf, refusal = _shelf(case)
    figures, uncovered = [], []
    for name, expected in case.expected.items():
        maker = shelf.maker(name)
        if maker is None and refusal is None:
            uncovered.append(name)
            continue
        figure = _compared(name, expected, maker, case.tolerance(name), refusal)
        if figure is None:
            uncovered.append(name)
        else:
            figures.append(figure)
    return CaseRecord(case.id, case.source, case.kind, case.file, tuple(figures), tuple(uncovered))


def _shelf(case: Case) -> tuple[Figures, str | None]:
    """The figures the engine offers for the case, and why there are none where it refuses the data."""
    family = KINDS.get(case.kind)
    if family is None:
        return Figures(), None
    try:
        return family(Data(case.data), Data(case.options)), None
    except MissingData:
        return Figures(), None
    except Exception as error:  # whatever data a stranger's case holds, the other cases are still to be run
        return Figures(), _told(error)


def _compared(
    name: str, expected: Any, maker: Maker | None, tolerance: Tolerance, refusal: str | None
) -> Figure | None:
    """The figure, or None where the case lacks the data for it."""
    told = "exact" if isinstance(expected, (str, bool)) or expected is None else tolerance.told
    if maker is None:
        return Figure(name, expected, refusal, told, False)
    try:
        value = maker()
        got = plain(value)
    except MissingData:
        return None
    except Exception as error:  # a figure that cannot be computed fails; it must not hide the others
        return Figure(name, expected, _told(error), told, False)
    if isinstance(value, RowByRow) and isinstance(expected, list):
        got = got[: len(expected)]
    return Figure(name, expected, got, told, tolerance.holds(expected, got))


def _told(error: Exception) -> str:
    if isinstance(error, (InputError, NotConverged)):
        return f"refused: {error}"
    return f"not computed: {type(error).__name__}: {error}"
