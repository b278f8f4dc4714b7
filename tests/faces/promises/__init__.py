"""What was promised to whom, written by hand: one module an area, never derived from `access.py`.

Each module may say:

- `GET`: name of an address → rows of (arguments, status by role). An argument that `things` knows is replaced by it.
- `POST_ONLY`: names of addresses that answer to POST alone.
- `VERBS`: rows of (name, arguments, data, roles that may); whoever else posts gets the answer of a thing that is not there.
- `things(people)`: what the rows speak of, made through the verbs; a dictionary of arguments.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

ROLES = (
    "anyone",
    "outsider",
    "administrator",
    "laboratory",
    "other_laboratory",
    "untested",
    "regulator",
    "stranger",
    "coordinator",
)
"""`untested` works for a laboratory that took no part, `stranger` coordinates for another provider."""

LOGIN, OK, GONE, MOVED = 302, 200, 404, 302
EVERYONE = dict.fromkeys(ROLES, OK)
SIGNED_IN = {**EVERYONE, "anyone": LOGIN}

PROVIDERS = ("stranger", "coordinator")
LABORATORIES = ("laboratory", "other_laboratory", "untested")

Promises = dict[str, list[tuple[tuple[str, ...], dict[str, int]]]]
Verbs = list[tuple[str, tuple[str, ...], dict[str, str], tuple[str, ...]]]


def only(*roles: str, status: int = OK) -> dict[str, int]:
    """These roles get the page, whoever has not signed in is sent to do so, all others find nothing there."""
    return {**dict.fromkeys(ROLES, GONE), "anyone": LOGIN, **dict.fromkeys(roles, status)}


def areas() -> Iterator[ModuleType]:
    """The modules of this package."""
    for module in iter_modules(__path__):
        yield import_module(f"{__name__}.{module.name}")


def promised() -> Promises:
    """Every row of every area."""
    return {name: rows for area in areas() for name, rows in getattr(area, "GET", {}).items()}


def post_only() -> set[str]:
    return {name for area in areas() for name in getattr(area, "POST_ONLY", ())}


def verbs() -> Verbs:
    return [row for area in areas() for row in getattr(area, "VERBS", ())]
