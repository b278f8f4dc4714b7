"""All rules in force together: what a finding stores by id and hash, and asks again for ever."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from zhunsheng.foundation.signing import canonical_json
from zhunsheng.registry.rulebook.rules.parts import Article, Basis, Measure, Version
from zhunsheng.registry.rulebook.rules.references import base_of

SEPARATOR = "+"
DATES = ("valid_from", "published_on", "date_certainty", "date_note")
"""Not hashed: when a version took effect may be a setting; that it applied is what the pack's id says."""


@dataclass(frozen=True)
class RulePack:
    """The versions in force on a day, in the order of the regulations."""

    versions: tuple[Version, ...]

    @property
    def id(self) -> str:
        """The versions' ids with their editions: readable, stable, and enough to find the pack again."""
        return SEPARATOR.join(one.key for one in self.versions)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 (hex) over the canonical JSON of what the versions say."""
        said = {one.key: {k: v for k, v in one.raw.items() if k not in DATES} for one in self.versions}
        return hashlib.sha256(canonical_json(plain(said))).hexdigest()

    def version(self, regulation: str) -> Version:
        """The version of a regulation. Raises LookupError when none is in force."""
        for one in self.versions:
            if one.regulation.id == regulation:
                return one
        raise LookupError(f"no version of {regulation} is in this pack")

    def article(self, regulation: str, no: str) -> Article:
        """The article that an item or number belongs to. Raises LookupError when the rulebook has none."""
        found = self.version(regulation).article(no)
        if found is None:
            raise LookupError(f"{self.version(regulation).id} has no article {base_of(no)} in the rulebook")
        return found

    def consequence(self, finding_class: str) -> tuple[Basis, ...]:
        """What a class of findings rests on, one basis a version. Raises LookupError when nothing in force names it."""
        found = tuple(one.findings[finding_class] for one in self.versions if finding_class in one.findings)
        if not found:
            raise LookupError(f"no rule in this pack names {finding_class}")
        return found

    def measure(self, key: str) -> Measure:
        """A clock or a threshold. Raises LookupError when nothing in force sets it."""
        for one in self.versions:
            if key in one.measures:
                return one.measures[key]
        raise LookupError(f"no rule in this pack sets {key}")

    def clock(self, key: str) -> Measure:
        """A measure that counts time. Raises LookupError when there is none of that name."""
        found = self.measure(key)
        if not found.is_clock:
            raise LookupError(f"{key} counts {found.unit}, not time")
        return found

    @property
    def measures(self) -> list[Measure]:
        return [one for version in self.versions for one in version.measures.values()]


def plain(value: Any) -> Any:
    """A data file's values as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
