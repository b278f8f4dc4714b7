"""What was promised to whom, written by hand: one module an area, never derived from `access.py`.

Each module may say:

- `GET`: name of an address → rows of (arguments, status by role). An argument that `things` knows is replaced by it; one that
  begins with "?" is the question of the address.
- `POST_ONLY`: names of addresses that answer to POST alone.
- `VERBS`: rows of (name, arguments, data, roles that may); whoever else posts gets the answer of a thing that is not there.
  Data that are a string are sent as JSON.
- `SHOWS_REGISTER`: names of addresses on which whoever gets them may read the names of registered institutions.
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
    "national",
    "province",
    "other_province",
    "county",
    "institution_admin",
    "integrity_officer",
    "client",
    "statistician",
)
"""`untested` works for a laboratory that took no part, `stranger` coordinates for another provider.

`regulator` is of the prefecture's authority that commissioned the round and in whose area both laboratories lie; `province`
is of their province, `other_province` is not; in the county of `county` lies the laboratory, not the other one.
`institution_admin` administers the laboratory; `integrity_officer` belongs to the authority of `regulator`; `client` orders tests.
`statistician` evaluates for the provider of `coordinator`: codes, never names.
"""

LOGIN, OK, GONE, MOVED, NO_TOKEN = 302, 200, 404, 302, 401
EVERYONE = dict.fromkeys(ROLES, OK)
SIGNED_IN = {**EVERYONE, "anyone": LOGIN}

PROVIDERS = ("stranger", "coordinator")
LABORATORIES = ("laboratory", "other_laboratory", "untested", "institution_admin")
OWN = ("laboratory", "institution_admin")
"""Who works for the laboratory of the cast, or administers it."""
AUTHORITIES = ("regulator", "national", "province", "other_province", "county")
REACHING = ("regulator", "national", "province", "county")
"""The regulators in whose area the laboratory lies."""

Promises = dict[str, list[tuple[tuple[str, ...], dict[str, int]]]]
Verbs = list[tuple[str, tuple[str, ...], dict[str, str] | str, tuple[str, ...]]]


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


def shows_register() -> set[str]:
    return {name for area in areas() for name in getattr(area, "SHOWS_REGISTER", ())}


def verbs() -> Verbs:
    return [row for area in areas() for row in getattr(area, "VERBS", ())]
