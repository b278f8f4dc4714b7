"""What all charts share: the form of their data, and the way from it to JSON types."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray


def as_json(chart: Any) -> dict[str, Any]:
    """A chart as JSON types: dicts, lists, numbers, texts."""
    found: dict[str, Any] = _plain(asdict(chart))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def floats(values: NDArray[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
