"""How far a computed figure may lie from the expected one, and whether it does."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

_ROUNDING = 8 * 2.0**-52  # a few units in the last place of float64, of the larger of the two figures
_TINY = 1e-15  # what floating-point arithmetic leaves where exactly zero is expected
_MOST_DECIMALS = 300


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A relative or an absolute tolerance, in the words that a case file uses."""

    relative: float
    absolute: float
    told: str

    NEARLY_EXACT: ClassVar[Tolerance]

    @classmethod
    def of(cls, granted: Any) -> Tolerance:
        """From a whole number of decimals (half a unit of the last one printed), "rel t" or "abs t"; else ValueError."""
        if isinstance(granted, bool):
            raise ValueError(f"{granted} is no precision")
        if isinstance(granted, (int, float)) and float(granted).is_integer() and abs(granted) <= _MOST_DECIMALS:
            half = 0.5 * 10.0 ** -int(granted)
            return cls(0.0, half * (1 + 1e-9), f"abs {half:g}")
        return cls._worded(granted)

    @classmethod
    def _worded(cls, granted: Any) -> Tolerance:
        parts = granted.split() if isinstance(granted, str) else []
        if len(parts) != 2 or parts[0] not in ("rel", "abs"):
            raise ValueError(f"{granted!r} is no precision")
        try:
            size = float(parts[1])
        except ValueError as error:
            raise ValueError(f"{parts[1]!r} is no number") from error
        if not (math.isfinite(size) and size >= 0):
            raise ValueError(f"{parts[1]} is no size")
        told = f"{parts[0]} {size:g}"
        return cls(size, 0.0, told) if parts[0] == "rel" else cls(0.0, size, told)

    def holds(self, expected: Any, got: Any) -> bool:
        """Whether the figure is within the tolerance, every element of a list; texts and truth values exactly."""
        if isinstance(expected, list):
            if not isinstance(got, list) or len(got) != len(expected):
                return False
            scale = max((abs(one) for one in numbers(expected)), default=0.0)
            return all(self._element(one, other, scale) for one, other in zip(expected, got, strict=True))
        return self._element(expected, got, 0.0)

    def _element(self, expected: Any, got: Any, scale: float) -> bool:
        if isinstance(expected, list):
            return self.holds(expected, got)
        if expected is None or isinstance(expected, (str, bool)):
            return type(expected) is type(got) and expected == got
        if isinstance(got, (str, bool)) or not isinstance(got, (int, float)) or not math.isfinite(got):
            return False
        allowed = max(self.absolute, self.relative * abs(expected))
        rounding = max(_ROUNDING * max(abs(expected), abs(got), scale), _TINY if expected == 0 else 0.0)
        return abs(got - expected) <= allowed + rounding


Tolerance.NEARLY_EXACT = Tolerance(1e-9, 0.0, "rel 1e-09")


def numbers(value: Any) -> Iterator[float]:
    """The numbers in a figure, however nested."""
    if isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield float(value)


def worst_element(expected: list[Any], got: list[Any]) -> int:
    """Place (from 0) of the element of a list that lies farthest from what is expected."""

    def apart(place: int) -> float:
        pairs = zip(numbers([expected[place]]), numbers([got[place]]), strict=False)
        return max((abs(a - b) for a, b in pairs), default=0.0 if expected[place] == got[place] else math.inf)

    return max(range(min(len(expected), len(got))), key=apart)
