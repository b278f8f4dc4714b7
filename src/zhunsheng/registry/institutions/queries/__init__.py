"""The questions asked of institutions."""

from zhunsheng.registry.institutions.queries.families import (
    family,
    family_has,
    family_ids,
    family_of,
    head_of,
    heads_of,
    standing,
)

__all__ = ["family", "family_has", "family_ids", "family_of", "head_of", "heads_of", "standing"]
