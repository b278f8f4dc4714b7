"""The outlines for maps: whole, small, and with codes that mean something."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import zhunsheng.foundation.typesetting
from zhunsheng.registry.regions import living, region

MAPS = Path(zhunsheng.foundation.typesetting.__file__).parent / "static" / "maps"
SEA = "100000"
DAY = date(2026, 11, 22)


def features(name: str) -> list[dict[str, Any]]:
    return list(json.loads((MAPS / name).read_text(encoding="utf-8"))["features"])


def rings(feature: dict[str, Any]) -> Iterator[list[list[float]]]:
    shape = feature["geometry"]
    for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
        yield from polygon


@pytest.mark.parametrize(("name", "level"), [("china.json", "province"), ("china-prefectures.json", "prefecture")])
def test_every_region_of_the_level_is_drawn(name: str, level: str) -> None:
    drawn = {one["properties"]["name"] for one in features(name)}
    wanted = {one.code for one in living(DAY) if one.level == level} - {"460300"}  # Sansha is in the inset
    assert wanted <= drawn
    assert SEA in drawn  # the islands of the South China Sea
    for one in features(name):
        code = one["properties"]["name"]
        assert code == SEA or region(code, DAY), code
        assert one["properties"]["zh"] and one["properties"]["en"]


@pytest.mark.parametrize("name", ["china.json", "china-prefectures.json"])
def test_outlines_are_closed_and_lie_where_china_lies(name: str) -> None:
    for one in features(name):
        found = list(rings(one))
        assert found, one["properties"]
        for ring in found:
            assert len(ring) >= 4 and ring[0] == ring[-1], one["properties"]
            assert all(73 <= x <= 136 and 3 <= y <= 54 for x, y in ring), one["properties"]


@pytest.mark.parametrize("name", ["china.json", "china-prefectures.json"])
def test_a_place_lies_in_its_own_outline(name: str) -> None:
    misplaced = []
    for one in features(name):
        code = one["properties"]["name"]
        if (here := region(code, DAY)) and not inside(here.longitude, here.latitude, rings(one)):
            misplaced.append(here.name.zh)
    assert len(misplaced) <= len(features(name)) * 0.03, misplaced  # small ones lose their seat to simplification


def inside(x: float, y: float, outlines: Iterator[list[list[float]]]) -> bool:
    """Even-odd rule over all rings."""
    crossings = 0
    for ring in outlines:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


def test_the_maps_are_small_enough_for_a_page() -> None:
    for path in MAPS.glob("*.json"):
        content = path.read_bytes()
        assert len(content) < 600_000 and len(gzip.compress(content)) < 200_000, path.name


def test_their_source_and_licence_stand_beside_them() -> None:
    notice = (MAPS / "NOTICE").read_text(encoding="utf-8")
    assert "Apache License 2.0" in notice and all(path.name in notice for path in MAPS.glob("*.json"))
