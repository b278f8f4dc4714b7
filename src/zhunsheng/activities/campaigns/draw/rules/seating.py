"""Can every drawn laboratory still be given its officers? A seating within the caps, rearranged as choices are made.

A choice must never strand a later laboratory, and two programs must agree on which choices do. Whether a seating can be
completed is a question of yes or no (a maximum flow), so every correct program answers it alike.
"""

from collections.abc import Mapping, Sequence


class Seating:
    """Laboratories with seats to fill, officers who can fill so many, and one full seating after `fill`."""

    def __init__(self, eligible: Mapping[str, Sequence[str]], caps: Mapping[str, int], size: int) -> None:
        self._eligible, self._caps, self._size = eligible, caps, size
        self._sits: dict[str, set[str]] = {laboratory: set() for laboratory in eligible}
        self._visits: dict[str, set[str]] = {officer: set() for officer in caps}
        self._fixed: set[tuple[str, str]] = set()

    def fill(self) -> bool:
        """Seat everybody; False where no seating within the caps exists."""
        return all(self._seat(laboratory) for laboratory in self._eligible for _ in range(self._size))

    def fix(self, laboratory: str, officer: str) -> bool:
        """Keep a seat for an officer for good, and rearrange the others; False, and nothing changes, where that cannot be."""
        if officer in self._sits[laboratory]:
            self._fixed.add((laboratory, officer))
            return True
        free = next(one for one in sorted(self._sits[laboratory]) if (laboratory, one) not in self._fixed)
        others = sorted(one for one in self._visits[officer] if (one, officer) not in self._fixed)
        full = len(self._visits[officer]) >= self._caps[officer]
        if full and not others:
            return False
        return self._exchange(laboratory, free, officer, others[0] if full else None)

    def _exchange(self, laboratory: str, free: str, officer: str, loser: str | None) -> bool:
        self._leave(laboratory, free)
        if loser is not None:
            self._leave(loser, officer)
        self._take(laboratory, officer)
        self._fixed.add((laboratory, officer))
        if loser is None or self._seat(loser):
            return True
        self._fixed.remove((laboratory, officer))
        self._leave(laboratory, officer)
        self._take(loser, officer)
        self._take(laboratory, free)
        return False

    def _seat(self, laboratory: str) -> bool:
        """Fill one seat by the shortest chain of rearrangements; False, and nothing changes, where there is none."""
        reached: dict[str, str] = {}  # officer → the laboratory that would take them
        gives_up: dict[str, str] = {}  # laboratory → the officer whom it would give up
        queue = [laboratory]
        for here in queue:
            for officer in self._eligible[here]:
                if officer in reached or officer in self._sits[here]:
                    continue
                reached[officer] = here
                if len(self._visits[officer]) < self._caps[officer]:
                    self._rearrange(laboratory, officer, reached, gives_up)
                    return True
                for other in sorted(self._visits[officer]):
                    if other != laboratory and other not in gives_up and (other, officer) not in self._fixed:
                        gives_up[other] = officer
                        queue.append(other)
        return False

    def _rearrange(self, start: str, officer: str, reached: Mapping[str, str], gives_up: Mapping[str, str]) -> None:
        while (here := reached[officer]) != start:
            self._take(here, officer)
            officer = gives_up[here]
            self._leave(here, officer)
        self._take(start, officer)

    def _take(self, laboratory: str, officer: str) -> None:
        self._sits[laboratory].add(officer)
        self._visits[officer].add(laboratory)

    def _leave(self, laboratory: str, officer: str) -> None:
        self._sits[laboratory].remove(officer)
        self._visits[officer].remove(laboratory)
