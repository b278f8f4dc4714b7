"""Policies: figures that a person sets and no program may hide, as dated data, one JSON file a version. Needs nothing; leaves no evidence.

A room that has some keeps the files in a package `policies` of its own and reads them by `Shipped(__name__)`. A version that a
decision may have named is never changed: the next one is a new file.
"""

import json
from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import Any

Policy = dict[str, Any]


class Shipped:
    """The policies that have ever been in force, in a package of files `<name>-<version>.json`."""

    def __init__(self, package: str) -> None:
        self.package = package

    @cached_property
    def texts(self) -> dict[str, str]:
        """What stands in each file, by its name without the ending."""
        kept = [path for path in files(self.package).iterdir() if path.name.endswith(".json")]
        return {path.name.removesuffix(".json"): path.read_text(encoding="utf-8") for path in kept}

    def on(self, name: str, day: date) -> Policy:
        """The version of a policy in force on a day. Raises LookupError when there was none."""
        for text in self.texts.values():
            policy: Policy = json.loads(text)
            if policy["name"] == name and in_force(policy, day):
                return policy
        raise LookupError(f"no policy {name!r} was in force on {day}")

    def version(self, name_and_version: str) -> Policy:
        """The very version that an old decision names, like "subcontract/1". Raises KeyError for one that never was."""
        policy: Policy = json.loads(self.texts[name_and_version.replace("/", "-")])
        return policy


def in_force(policy: Policy, day: date) -> bool:
    last = policy["valid_to"]
    return date.fromisoformat(policy["valid_from"]) <= day and (last is None or day <= date.fromisoformat(last))
