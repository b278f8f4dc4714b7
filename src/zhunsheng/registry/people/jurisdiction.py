"""How far a regulator sees: everywhere, or the places that lie within the areas of the authorities acted for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.states import Level

DIGITS: dict[str, int] = {Level.PROVINCIAL: 2, Level.PREFECTURE: 4, Level.COUNTY: 6}
"""How many digits of a six-digit code (GB/T 2260) name the area of a level."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What several authorities reach together; asked once a request, from the posts held on the day."""

    national: bool
    areas: frozenset[str]
    """codes of provinces, prefectures and counties, six digits each"""

    def __bool__(self) -> bool:
        return self.national or bool(self.areas)

    def covers(self, region_code: str, on: date) -> bool:
        """Does a place lie within reach on a day?"""
        return self.national or any(region_code.startswith(prefix_of(area)) for area in self.areas)

    def q(self, path: str, on: date) -> Q:
        """Rows whose region code (behind `path`) lies within reach on a day; none for who reaches nowhere."""
        if self.national:
            return Q()
        within = Q(pk__in=())
        for area in sorted(self.areas):
            within |= Q(**{f"{path}__startswith": prefix_of(area)})
        return within


def prefix_of(area: str) -> str:
    """The digits that all places within an area begin with."""
    return area[:2] if area.endswith("0000") else area[:4] if area.endswith("00") else area


def jurisdiction_of(authorities: Iterable[Institution]) -> Jurisdiction:
    """The reach of authorities: by the level of each, around where it is registered; without a level it reaches nowhere."""
    authorities = list(authorities)
    return Jurisdiction(
        national=any(one.level == Level.NATIONAL for one in authorities),
        areas=frozenset(area_of(one) for one in authorities if one.level in DIGITS),
    )


def area_of(authority: Institution) -> str:
    """The province of a provincial authority, wherever in it its office stands; so with prefectures and counties."""
    return authority.region_code[: DIGITS[authority.level]].ljust(6, "0")
