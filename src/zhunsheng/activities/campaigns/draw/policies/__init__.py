"""The policies of the draw that have ever been in force, as dated data: one JSON file a version."""

import json
from datetime import date
from importlib.resources import files
from typing import Any


def policy_on(name: str, day: date) -> dict[str, Any]:
    """The version of a policy in force on a day. Raises LookupError when there was none."""
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.startswith(f"{name}-") and path.name.endswith(".json"):
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            last = found["valid_to"]
            if date.fromisoformat(found["valid_from"]) <= day and (last is None or day <= date.fromisoformat(last)):
                return found
    raise LookupError(f"no policy {name!r} was in force on {day}")
