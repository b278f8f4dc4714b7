"""What of a look-back is told to everybody: counts by class of findings, and none so small that it names somebody."""

from collections.abc import Iterable
from dataclasses import dataclass

ClassCount = tuple[str, int, int]
"""A class of findings, how many of it were looked at again, how many of these were found as accepted."""


@dataclass(frozen=True, slots=True)
class Told:
    """The classes that are shown alone, and all others together; `n` is 0 where the others are none."""

    classes: tuple[ClassCount, ...]
    n: int
    held: int


def told(counts: Iterable[ClassCount], fewest: int) -> Told | None:
    """Classes of at least `fewest` alone, the rest together; None where all together are fewer.

    The rest would be known by subtraction from the whole, so it too has at least `fewest`: the smallest class joins it until it has.
    """
    falling = sorted(counts, key=lambda one: (-one[1], one[0]))
    if sum(n for _, n, _ in falling) < fewest:
        return None
    alone = [one for one in falling if one[1] >= fewest]
    rest = falling[len(alone) :]
    while rest and sum(n for _, n, _ in rest) < fewest:
        rest.append(alone.pop())
    return Told(tuple(sorted(alone)), sum(n for _, n, _ in rest), sum(held for _, _, held in rest))
