"""What a finding may rest on: candidates of the pack of the day of the act. The software suggests, officers decide."""

from collections.abc import Iterable
from typing import Any

from zhunsheng.registry.rulebook.rules.packs import RulePack
from zhunsheng.registry.rulebook.rules.parts import Basis


def candidates(pack: RulePack, code: str) -> list[dict[str, Any]]:
    """The articles that a class rests on in a pack, and what follows, as a finding keeps them; none where nothing in force names it."""
    try:
        return [_kept(one) for one in pack.consequence(code)]
    except LookupError:
        return []


def _kept(basis: Basis) -> dict[str, Any]:
    follows = basis.consequence
    return {
        "version": basis.version, "articles": list(basis.articles),
        "cited": {"en": basis.cited.en, "zh": basis.cited.zh},
        "follows": {"en": basis.follows.en, "zh": basis.follows.zh},
        "fine_cap_cny": follows.fine_cap_cny if follows else None,
    }  # fmt: skip


def highest_cap(kept: Iterable[dict[str, Any]]) -> int | None:
    """The highest fine, in CNY, that any of the candidates allows; None where none names one."""
    return max((one["fine_cap_cny"] for one in kept if one["fine_cap_cny"] is not None), default=None)
