"""Which laboratories near a place can test something on a day, and what speaks for them.

"Can" is what the registers say: an active scope line and a certificate, both covering the day, as known on a day. Evidence is added as
far as the asker may see it; it changes neither who is found nor the order, which is the distance alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import by_pair, current, suspended_by
from zhunsheng.capability.profile.rules import Suspension
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.queries.searching import certified_on
from zhunsheng.registry.regions import Point, distance_km, place_of, region
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.states import Status

SHOWN = 50
REACH = {"county": 300.0, "prefecture": 600.0, "province": 1500.0}
"""How far (km) a laboratory with coordinates of its own may lie from the point of its region; generous, it only narrows the search."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What rounds have shown of one of a laboratory's items, as far as the asker may see."""

    latest: Evidence | None
    suspended: Suspension | None


@dataclass(frozen=True, slots=True)
class Nearby:
    """A laboratory that can test it, how far away, by which lines, and what speaks for it."""

    institution: Institution
    km: float
    exact: bool
    """the distance is to the laboratory's own coordinates, not to its region's"""
    region_code: str
    lines: list[ScopeLine]
    certificates: list[Certificate]
    evidence: dict[tuple[int, int], Shown]
    """(parameter, matrix) → what has been shown; only what there is"""


@dataclass(frozen=True, slots=True)
class Answer:
    """The nearest laboratories, and how many there are within the distance."""

    laboratories: list[Nearby]
    found: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an institution tests it."""

    institution: UUID
    head: UUID
    site: int | None
    code: str
    km: float
    exact: bool


def laboratories_near(
    parameters: Collection[int], matrices: Collection[int], *, where: Point, km: float, on: date, known_on: date,
    evidence: QuerySet[Evidence], most: int = SHOWN,
) -> Answer:  # fmt: skip
    """Laboratories that can test one of the parameters (in one of the matrices, if any is named) on a day, nearest first.

    `evidence` is what the asker may see (`evidence.access.visible_to`). A constant number of queries. Entries found to be one
    institution count once; of several places where it tests, those within the distance count, and the nearest gives the order.
    """
    lines = lines_that_hold(parameters, matrices, on=on, known_on=known_on)
    within = [place for place in _places(lines, where, km, on) if place.km <= km]
    nearest: dict[UUID, _Place] = {}
    for place in sorted(within, key=lambda one: (one.km, str(one.head))):
        nearest.setdefault(place.head, place)
    chosen = dict(list(nearest.items())[:most])
    places = [place for place in within if place.head in chosen]
    return Answer(_described(chosen, places, lines, parameters, on, known_on, evidence), len(nearest))


def lines_that_hold(
    parameters: Collection[int], matrices: Collection[int], *, on: date, known_on: date
) -> QuerySet[ScopeLine]:
    """Active scope lines of institutions with a certificate, all covering the day, as known on a day."""
    found = ScopeLine.objects.filter(
        holding(on), known(known_on), certified_on(on, known_on=known_on, path="institution"),
        parameter__in=parameters, status=Status.ACTIVE,
    )  # fmt: skip
    return found.filter(matrix__in=matrices) if matrices else found


def _places(lines: QuerySet[ScopeLine], where: Point, km: float, on: date) -> Iterable[_Place]:
    """Where the lines are tested, with the distance: those too far by their region are left out before they are read."""
    codes = lines.order_by().values_list("region_code", flat=True).distinct()
    points = {code: place_of(code, on) for code in codes}
    likely = [code for code, at in points.items() if at and distance_km(where, at) <= km + _reach(code, on)]
    columns = ("institution", "institution__merged_into", "site", "region_code", "site__latitude", "site__longitude",
               "institution__latitude", "institution__longitude")  # fmt: skip
    for key, head, site, code, *degrees in (
        lines.filter(region_code__in=likely).order_by().values_list(*columns).distinct()
    ):
        latitude, longitude = degrees[:2] if site else degrees[2:]
        exact = latitude is not None and longitude is not None
        at = Point(latitude, longitude) if exact else points[code]
        assert at is not None
        yield _Place(key, head or key, site, code, distance_km(where, at), exact)


def _reach(code: str, on: date) -> float:
    here = region(code, on)
    return REACH[here.located] if here else max(REACH.values())


def _described(
    chosen: dict[UUID, _Place], places: list[_Place], lines: QuerySet[ScopeLine], parameters: Collection[int],
    on: date, known_on: date, evidence: QuerySet[Evidence],
) -> list[Nearby]:  # fmt: skip
    """The chosen institutions with all that is shown of them."""
    family = _families(chosen)
    heads = Institution.objects.in_bulk(chosen)
    near = {(place.institution, place.site, place.code) for place in places}
    held: dict[UUID, list[ScopeLine]] = {}
    rows = lines.filter(institution__in=family).select_related("parameter", "matrix", "method__standard", "site")
    for line in rows.order_by("parameter__name_en", "matrix__name_en", "method__number", "pk"):
        if (line.institution_id, line.site_id, line.region_code) in near:
            held.setdefault(family[line.institution_id], []).append(line)
    certificates: dict[UUID, list[Certificate]] = {}
    for one in Certificate.objects.filter(holding(on), known(known_on), institution__in=family):
        certificates.setdefault(family[one.institution_id], []).append(one)
    shown = _shown(family, parameters, current(evidence, on=on, known_on=known_on))
    return [
        Nearby(
            heads[key],
            place.km,
            place.exact,
            place.code,
            held.get(key, []),
            certificates.get(key, []),
            shown.get(key, {}),
        )
        for key, place in chosen.items()
    ]


def _families(heads: Collection[UUID]) -> dict[UUID, UUID]:
    """Key of an entry → key of the entry that stands for it, for all entries of these institutions; one query."""
    rows = Institution.objects.filter(Q(pk__in=heads) | Q(merged_into__in=heads)).order_by()
    return {key: head or key for key, head in rows.values_list("pk", "merged_into")}


def _shown(
    family: dict[UUID, UUID], parameters: Collection[int], evidence: QuerySet[Evidence]
) -> dict[UUID, dict[tuple[int, int], Shown]]:
    """Institution → item → the latest result in a round, and whether the item is suspended; one query."""
    asked = evidence.filter(institution__in=family, parameter__in=parameters)
    rows: dict[UUID, list[Evidence]] = {}
    for one in asked.order_by("-occurred_on", "-recorded_at"):
        rows.setdefault(family[one.institution_id], []).append(one)
    return {key: {pair: _of_item(found) for pair, found in by_pair(own).items()} for key, own in rows.items()}


def _of_item(rows: list[Evidence]) -> Shown:
    latest = next((one for one in rows if one.kind == "proficiency_result"), None)
    return Shown(latest, suspended_by(rows))
