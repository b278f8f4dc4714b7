"""What is spread in these tests: at the top of a module, as the runners ask."""

import os
import signal
import sys
import time
from pathlib import Path


def square(number: int) -> int:
    return number * number


def where(_: int) -> tuple[int, bool]:
    """Which process this is, and whether it knows Django."""
    time.sleep(0.05)
    return os.getpid(), "django" in sys.modules


def refuse_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def die_once(piece: tuple[str, int]) -> int:
    """The first process that gets piece 2 dies as by kill −9; so does every one if the place says "always"."""
    place, number = piece
    if number == 2:
        dying = Path(place) / "died"
        with dying.open("a") as noted:
            noted.write("x")
        if place.endswith("always") or dying.stat().st_size == 1:
            os.kill(os.getpid(), signal.SIGKILL)
    return number
