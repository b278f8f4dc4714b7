"""Who keeps the catalogue: it is public to read, and one for the whole country, so that few may write in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhunsheng.registry.institutions.states import Level

if TYPE_CHECKING:  # people stand above the catalogue: an import would go the wrong way
    from zhunsheng.registry.people.queries import Visitor

KEEPERS = {Level.NATIONAL, Level.PROVINCIAL}


def may_keep(visitor: Visitor) -> bool:
    """Regulators of the nation and of the provinces enter and mend parameters, matrices, methods, standards and their states."""
    return visitor.authority is not None and visitor.authority.level in KEEPERS
