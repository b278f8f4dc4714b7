"""Who answers for a finding: who may change the entries of both institutions, and is not concerned by it.

Whoever reaches one of the two sees the finding and what was decided about it; settling it takes both, as merging two entries does:
else the authority of one would close it for the authority of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from zhunsheng.registry.findings.queries import Finding
from zhunsheng.registry.institutions.access import own_heads, registered_by

if TYPE_CHECKING:
    from zhunsheng.registry.people.queries import Visitor


def answered_for_by(visitor: Visitor, found: Sequence[Finding[Any]]) -> list[Finding[Any]]:
    """Those that the visitor may settle and reopen: none about the visitor's own person or a laboratory that the visitor works for."""
    if visitor.authority is None or not found:
        return []
    heads = {head for one in found for head in one.heads}
    kept = set(registered_by(visitor).filter(pk__in=heads).values_list("pk", flat=True)) - own_heads(visitor)
    own = {key for post in visitor.posts for key in (post.person.pk, post.person.identity_hash) if key}
    return [one for one in found if kept.issuperset(one.heads) and not one.people & own]
