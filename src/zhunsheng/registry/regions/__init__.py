"""Regions (GB/T 2260) with their validity in time: dated data in the package, no table.

A code says where something lay on the day it was written. Codes end, places go on: `name_of` names a region as it was called
on a day, `codes_within` and `queries.within` find by every code that a place has ever had. Needs nothing of the registry and
leaves no evidence. How the data are made, and how sure they are, stands in `tools/regions/README.md`.
"""

from zhunsheng.registry.regions.rules import (
    KM_RADIUS,
    Point,
    Region,
    children,
    codes_within,
    distance_km,
    living,
    name_of,
    near,
    path_of,
    place_of,
    prepare,
    provinces,
    region,
    successors_of,
)
from zhunsheng.registry.regions.searching import search

__all__ = [
    "KM_RADIUS", "Point", "Region", "children", "codes_within", "distance_km", "living", "name_of", "near", "path_of",
    "place_of", "prepare", "provinces", "region", "search", "successors_of",
]  # fmt: skip
