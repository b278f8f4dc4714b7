"""How far a regulator sees: everywhere, or the places that lie within the areas of the authorities acted for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhunsheng.registry import regions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.states import Level
from zhunsheng.registry.regions.queries import within

AREAS: dict[str, tuple[str, int]] = {
    Level.PROVINCIAL: ("province", 2),
    Level.PREFECTURE: ("prefecture", 4),
    Level.COUNTY: ("county", 6),
}
"""The level of region that an authority reaches, and how many digits of a six-digit code (GB/T 2260) name one."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What several authorities reach together; asked once a request, from the posts held on the day."""

    national: bool
    areas: frozenset[str]
    """codes of provinces, prefectures and counties, six digits each"""

    def __bool__(self) -> bool:
        return self.national or bool(self.areas)

    def covers(self, region_code: str, on: date) -> bool:
        """Does a place, by whatever code it ever bore, lie within reach on a day?"""
        return self.national or any(lies_within(region_code, area, on) for area in self.areas)

    def q(self, path: str, on: date) -> Q:
        """Rows whose region code (behind `path`) lies within reach on a day; none for who reaches nowhere."""
        if self.national:
            return Q(pk__isnull=False)  # an empty Q would vanish from "or"
        found = Q(pk__in=())
        for area in sorted(self.areas):
            found |= within(area, on, path)
        return found


def lies_within(region_code: str, area: str, on: date) -> bool:
    """The same as `within` asks of a table, of one code."""
    beginnings, codes = regions.codes_within(area, on)
    return region_code == area or region_code in codes or region_code.startswith(beginnings)


def jurisdiction_of(authorities: Iterable[Institution], on: date) -> Jurisdiction:
    """The reach of authorities: by the level of each, around where it is registered; without a level it reaches nowhere."""
    authorities = list(authorities)
    return Jurisdiction(
        national=any(one.level == Level.NATIONAL for one in authorities),
        areas=frozenset(area_of(one, on) for one in authorities if one.level in AREAS),
    )


def area_of(authority: Institution, on: date) -> str:
    """The province of a provincial authority, wherever in it its office stands; so with prefectures and counties.

    A code that ended counts as that into which it went on; one that is in no list (of a development zone, say) is read by its digits.
    """
    level, digits = AREAS[authority.level]
    code = min(regions.successors_of(authority.region_code, on), default=authority.region_code)
    above = (one.code for one in regions.path_of(code, on) if one.level == level)
    return next(above, code[:digits].ljust(6, "0"))
