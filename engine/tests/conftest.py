"""The shipped worked cases, and the tolerance each printed figure allows."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(files("intercomp").joinpath("cases/cases.json").read_text("utf-8"))
}


def tolerance(case: dict[str, Any], figure: str) -> dict[str, float]:
    """What `printed_precision` grants a figure, as keyword arguments of `pytest.approx`."""
    granted = case["printed_precision"].get(figure, case["printed_precision"].get("*"))
    if isinstance(granted, str):
        kind, size = granted.split()
        return {"rel": float(size), "abs": 0.0} if kind == "rel" else {"abs": float(size), "rel": 0.0}
    return {"abs": 0.5 * 10.0**-granted * (1 + 1e-9), "rel": 0.0}


class Case:
    """One worked case; `holds` compares a computed figure with the expected one."""

    def __init__(self, identity: str):
        self.content = CASES[identity]
        self.data, self.options = self.content["data"], self.content["options"]
        self.checked: set[str] = set()

    def holds(self, **figures: Any) -> None:
        for name, got in figures.items():
            expected = self.content["expected"][name]
            found = got.tolist() if isinstance(got, np.ndarray) else got
            if isinstance(expected, (str, bool)):
                assert found == expected, name
            else:
                granted = tolerance(self.content, name)
                assert found == pytest.approx(expected, rel=granted["rel"], abs=granted["abs"]), name
            self.checked.add(name)

    def complete(self) -> None:
        """Every expected figure was compared, so that none is passed over in silence."""
        assert self.checked == set(self.content["expected"])


@pytest.fixture
def case() -> type[Case]:
    return Case
