"""One key by which every register finds what a file calls by its name, however that is written; pure."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w+]+(?=\d)")


def name_key(text: str) -> str:
    """Letters and digits, half-width, without case: brackets, spaces, middle dots and hyphens are written or not.

    What stands between two digits parts them still (PCB 1-18 is not PCB 118), and a plus sign says something: (+) is not (-).
    """
    parted = _BETWEEN_DIGITS.split(unicodedata.normalize("NFKC", text).casefold())
    return ".".join("".join(c for c in part if c.isalnum() or c == "+") for part in parted)
