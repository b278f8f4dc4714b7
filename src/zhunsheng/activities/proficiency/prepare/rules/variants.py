"""Who receives which variant of an item, drawn against copying; pure."""

import random
from collections.abc import Mapping


def drawn(n: int, variants: int, *, draw: random.Random, already: Mapping[int, int] | None = None) -> list[int]:
    """A variant from 1 to `variants` for each of n participants, in random order, each variant as often as any other ± 1.

    `already`: how often each was handed out before, for participants who come later. Which variants have one more is drawn, too.
    """
    counts = {one: (already or {}).get(one, 0) for one in range(1, variants + 1)}
    handed: list[int] = []
    for _ in range(n):
        fewest = min(counts.values())
        one = draw.choice([variant for variant, count in counts.items() if count == fewest])
        counts[one] += 1
        handed.append(one)
    draw.shuffle(handed)
    return handed
