"""Case files: lists of worked cases, read strictly; what cannot be read is told with its place and the mend."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from intercomp.verify.tolerance import Tolerance

LARGEST_FILE = 256 * 2**20


class BadCaseFile(ValueError):
    """A file that is no list of cases; the message names the file, the place in it and the mend."""

    def __init__(self, file: str, place: str, problem: str, mend: str):
        super().__init__(f"{file}{', ' + place if place else ''}: {problem}; {mend}")


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case; `expected` is flat (nested names joined by dots), without what stands under `foreign`."""

    id: str
    source: str
    kind: str
    data: Mapping[str, Any]
    options: Mapping[str, Any]
    expected: Mapping[str, Any]
    precision: Mapping[str, Tolerance]
    foreign: tuple[str, ...]
    note: str
    file: str

    def tolerance(self, figure: str) -> Tolerance:
        """The tolerance of a figure: its own, that of the group it stands in, that of `*`, else nearly exact."""
        parts = figure.split(".")
        for length in range(len(parts), 0, -1):
            granted = self.precision.get(".".join(parts[:length]))
            if granted is not None:
                return granted
        return self.precision.get("*", Tolerance.NEARLY_EXACT)


def shipped_files() -> list[str]:
    """The files of the set that comes with the engine, the published cases first."""
    names = sorted(entry.name for entry in files("intercomp").joinpath("cases").iterdir())
    return [name for name in names if name.endswith(".json")]


def shipped_cases() -> list[Case]:
    """The worked cases that come with the engine."""
    return [case for name in shipped_files() for case in cases_of(shipped_content(name), name)]


def shipped_content(name: str) -> bytes:
    """The bytes of a shipped file."""
    return files("intercomp").joinpath("cases", name).read_bytes()


def read_cases(path: str | Path) -> list[Case]:
    """The cases of a file; BadCaseFile where it cannot be opened or is no list of cases."""
    try:
        if Path(path).stat().st_size > LARGEST_FILE:
            raise BadCaseFile(str(path), "", "larger than 256 MiB", "split it into several files")
        content = Path(path).read_bytes()
    except OSError as error:
        raise BadCaseFile(
            str(path), "", f"cannot be read ({error.strerror})", "check the path and its rights"
        ) from error
    return cases_of(content, str(path))


def cases_of(content: bytes, file: str) -> list[Case]:
    """The cases in the bytes of a file: a list of cases, one case, or {"cases": [...]}."""
    parsed = _parsed(content, file)
    if isinstance(parsed, dict):
        parsed = parsed.get("cases", [parsed])
    if not isinstance(parsed, list) or not parsed:
        problem = "there is no case in it" if parsed == [] else "it is no list of cases"
        raise BadCaseFile(file, "", problem, 'give [case, …], one case, or {"cases": [case, …]}')
    return [_case(entry, f"case {number}", file) for number, entry in enumerate(parsed, start=1)]


def _parsed(content: bytes, file: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise BadCaseFile(file, f"byte {error.start + 1}", "not UTF-8", "save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadCaseFile(file, place, f"not JSON ({error.msg})", "correct the file there") from error
    except (_Constant, RecursionError) as error:
        raise BadCaseFile(file, "", str(error) or "nested too deeply", "leave such figures out") from error


class _Constant(ValueError):
    pass


def _refuse_constant(name: str) -> Any:
    raise _Constant(f"{name} is no figure")


def _case(entry: Any, place: str, file: str) -> Case:
    if not isinstance(entry, dict):
        raise BadCaseFile(file, place, "not an object", 'give {"id", "kind", "data", "expected", …}')
    identity = _text(entry, "id", place, file)
    place = f"{place} ({identity})"
    foreign = entry.get("foreign") or {}
    if not isinstance(foreign, (dict, list)):
        raise BadCaseFile(file, f"{place}, foreign", "not an object", "give the figures by name")
    excluded = set(map(str, foreign))
    expected = {
        name: value
        for name, value in _flattened(_object(entry, "expected", place, file))
        if not any(name == other or name.startswith(f"{other}.") for other in excluded)
    }
    _refuse_unreadable_figures(expected, place, file)
    return Case(
        id=identity,
        source=str(entry.get("source", "")),
        kind=_text(entry, "kind", place, file),
        data=_object(entry, "data", place, file),
        options=_object(entry, "options", place, file, needed=False),
        expected=expected,
        precision=_precisions(_object(entry, "printed_precision", place, file, needed=False), place, file),
        foreign=tuple(sorted(excluded)),
        note=str(entry.get("note") or ""),
        file=file,
    )


def _text(entry: dict[str, Any], key: str, place: str, file: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadCaseFile(file, place, f"{key} is missing or no text", f'give "{key}": "…"')
    return value


def _object(entry: dict[str, Any], key: str, place: str, file: str, *, needed: bool = True) -> dict[str, Any]:
    value = entry.get(key)
    if value is None and not needed:
        return {}
    if not isinstance(value, dict):
        problem = "is missing" if key not in entry else "is no object"
        raise BadCaseFile(file, place, f"{key} {problem}", f'give "{key}": {{…}}')
    return value


def _flattened(figures: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _refuse_unreadable_figures(expected: Mapping[str, Any], place: str, file: str) -> None:
    for name, value in expected.items():
        if not _comparable(value):
            problem = "neither a number, text, true, false nor a list of these"
            raise BadCaseFile(file, f"{place}, expected.{name}", problem, "correct it or leave the figure out")


def _comparable(value: Any) -> bool:
    if isinstance(value, list):
        return all(_comparable(one) for one in value)
    return value is None or isinstance(value, (str, bool, int)) or (isinstance(value, float) and math.isfinite(value))


def _precisions(given: Mapping[str, Any], place: str, file: str) -> dict[str, Tolerance]:
    granted = {}
    for name, value in _flattened(given):
        try:
            granted[name] = Tolerance.of(value)
        except ValueError as error:
            mend = 'give a whole number of decimals, "rel 1e-9" or "abs 0.01"'
            raise BadCaseFile(file, f"{place}, printed_precision.{name}", str(error), mend) from error
    return granted
