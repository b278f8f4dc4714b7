"""The thresholds of this room that no regulation sets, as dated data: one JSON file a version."""

import json
from datetime import date
from importlib.resources import files
from typing import Any


def policy_on(day: date) -> dict[str, Any]:
    """The version in force on a day. Raises LookupError when there was none."""
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".json"):
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            last = found["valid_to"]
            if date.fromisoformat(found["valid_from"]) <= day and (last is None or day <= date.fromisoformat(last)):
                return found
    raise LookupError(f"no policy of summaries was in force on {day}")
