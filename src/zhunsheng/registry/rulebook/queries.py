"""The questions asked of the rulebook that is shipped, with the effective dates that this installation set."""

import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.conf import settings

from zhunsheng.registry.rulebook.rules.book import Rulebook, rulebook
from zhunsheng.registry.rulebook.rules.packs import RulePack
from zhunsheng.registry.rulebook.rules.parts import Article, Basis, Measure

NOT_VERSIONS = {"regulations", "findings"}


def book() -> Rulebook:
    """The whole rulebook. Raises BadRulebook when a set date cannot be."""
    return _book(tuple(sorted(settings.RULE_DATES.items())))


@lru_cache(maxsize=8)
def _book(set_dates: tuple[tuple[str, date], ...]) -> Rulebook:
    data = shipped()
    versions = {name: raw for name, raw in data.items() if name not in NOT_VERSIONS}
    return rulebook(data["regulations"]["regulations"], data["findings"]["findings"], versions, dict(set_dates))


@lru_cache(maxsize=1)
def shipped() -> dict[str, dict[str, Any]]:
    """The data files by name without suffix."""
    found = (path for path in (files(__package__) / "data").iterdir() if path.name.endswith(".toml"))
    return {path.name.removesuffix(".toml"): tomllib.loads(path.read_text(encoding="utf-8")) for path in found}


def rules_on(day: date) -> RulePack:
    """All that is in force on a day."""
    return book().on(day)


def pack(id_: str) -> RulePack:
    """The pack that a finding stored, whatever dates are set today. Raises LookupError."""
    return book().pack(id_)


def article(regulation: str, no: str, *, on: date) -> Article:
    """An article as it stood on a day. Raises LookupError."""
    return rules_on(on).article(regulation, no)


def consequence(finding_class: str, *, on: date) -> tuple[Basis, ...]:
    """What a class of findings rested on, on the day of the act, and what follows. Raises LookupError."""
    return rules_on(on).consequence(finding_class)


def clock(key: str, *, on: date) -> Measure:
    """A clock as it ran on a day. Raises LookupError."""
    return rules_on(on).clock(key)
