"""An identity number, masked as it is, is for those who keep the entry: others see that there was an act, not this of it."""

import json
from typing import Any
from uuid import UUID

from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.people.access import people_kept_by
from zhunsheng.registry.people.queries import Visitor

IDENTITY = frozenset({"identity_hash", "identity_masked"})
Said = dict[str, Any]


def sides(entry: Entry) -> tuple[Said, Said]:
    """What an act says was before it, and what after."""
    said = json.loads(bytes(entry.canonical))
    return said["before"] or {}, said["after"] or {}


def without_identity(side: Said) -> Said:
    return {column: value for column, value in side.items() if column not in IDENTITY}


def withheld(entry: Entry, visitor: Visitor) -> bool:
    """Does the act say an identity number of whom the visitor does not keep? One query, and none for most acts."""
    kind, _, key = entry.subject.partition(":")
    if kind != "person" or not any(side.get(column) for side in sides(entry) for column in IDENTITY):
        return False
    return not people_kept_by(visitor).filter(pk=UUID(key)).exists()
