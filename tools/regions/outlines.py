"""Make the outlines of provinces and prefectures for maps; README.md beside this file tells from what and how."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/zhunsheng/foundation/typesetting/static/maps"
REGIONS = ROOT / "src/zhunsheng/registry/regions/data/regions.csv"
NEWER = {"371200": "370100", "542400": "540600", "652200": "650500"}
"""Codes of the outlines that have ended since, and where they went on."""
WHOLE = {"11": "110000", "12": "120000", "31": "310000", "50": "500000", "71": "710000", "81": "810000", "82": "820000"}
"""Provinces without prefectures are one outline."""
UNNUMBERED = {"崇明区": "310151", "山南市": "540500"}
LEAST_RING = 3
SEA = ("100000", "南海诸岛", "South China Sea Islands")
FILES = {"provinces": "china.json", "prefectures": "china-prefectures.json"}
DETAIL = {"provinces": "interval=4000", "prefectures": "interval=4500"}

Feature = dict[str, Any]


def decoded(path: Path) -> list[Feature]:
    """The features of a map of ECharts 4, its packed coordinates spelled out (degrees, zigzag deltas of 1/1024)."""
    data = json.loads(path.read_text(encoding="utf-8-sig"))
    for feature in data["features"] if data.get("UTF8Encoding") else []:
        shape = feature["geometry"]
        offsets = shape.pop("encodeOffsets")
        if shape["type"] == "Polygon":
            shape["coordinates"] = [ring(r, o) for r, o in zip(shape["coordinates"], offsets, strict=True)]
        else:
            shape["coordinates"] = [
                [ring(r, o) for r, o in zip(rings, starts, strict=True)]
                for rings, starts in zip(shape["coordinates"], offsets, strict=True)
            ]
    return list(data["features"])


def ring(packed: str, start: list[int]) -> list[list[float]]:
    x, y = start
    points = []
    for i in range(0, len(packed), 2):
        x, y = x + unzigzag(packed[i]), y + unzigzag(packed[i + 1])
        points.append([x / 1024, y / 1024])
    return points


def unzigzag(character: str) -> int:
    number = ord(character) - 64
    return (number >> 1) ^ -(number & 1)


def provinces(maps: Path) -> list[Feature]:
    return [coded(f, f["properties"]["id"]) for f in decoded(maps / "china.json")]


def prefectures(maps: Path) -> list[Feature]:
    """Of all provinces; Taiwan as one outline, from the map of provinces."""
    found = [f for f in provinces(maps) if f["properties"]["code"] == "710000"]
    drawn_apart = {"460300"}  # in the inset: beside the mainland at its own place it would make everything else small
    for path in sorted((maps / "province").glob("*.json")):
        if path.stem != "taiwan":
            found += [coded(f, code_of(f)) for f in decoded(path) if code_of(f) not in drawn_apart]
    return found


def code_of(feature: Feature) -> str:
    return str(feature.get("id") or feature["properties"].get("id") or UNNUMBERED[feature["properties"]["name"]])


def coded(feature: Feature, code: str) -> Feature:
    code = WHOLE.get(code[:2]) or NEWER.get(code, code)
    shape = feature["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    rings = [[sound(r) for r in rings if len(r) > LEAST_RING] for rings in polygons]
    shape = {"type": "MultiPolygon", "coordinates": [r for r in rings if r]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": shape}


def sound(points: list[list[float]]) -> list[list[float]]:
    """A ring that is closed."""
    return points if points[0] == points[-1] else [*points, points[0]]


def fixed(shapes: Path, name: str) -> list[list[list[float]]]:
    """What ECharts adds to a map of China of its own: the inset with the islands of the South China Sea; Diaoyu Island."""
    text = (shapes / f"{name}.js").read_text(encoding="utf-8")
    found: list[list[list[float]]] = json.loads(re.search(r"points = (\[\[\[.*?\]\]\]);", text)[1])  # type: ignore[index]
    return found


def rounded(one: list[list[float]]) -> list[list[float]]:
    return [[round(x, 3), round(y, 3)] for x, y in one]


def with_islands(features: list[Feature], shapes: Path) -> list[Feature]:
    inset = [[[round(x / 10.5 + 126, 3), round(y / -14 + 25, 3)] for x, y in one] for one in fixed(shapes, "nanhai")]
    taiwan = next(f for f in features if f["properties"]["code"] == "710000")
    if taiwan["geometry"]["type"] == "Polygon":
        taiwan["geometry"] = {"type": "MultiPolygon", "coordinates": [taiwan["geometry"]["coordinates"]]}
    taiwan["geometry"]["coordinates"] += [[rounded(one)] for one in fixed(shapes, "diaoyuIsland")]
    sea = {"type": "MultiPolygon", "coordinates": [[one] for one in inset]}
    return [*features, {"type": "Feature", "properties": {"code": SEA[0]}, "geometry": sea}]


def simplified(features: list[Feature], detail: str, tool: Path) -> list[Feature]:
    """Fewer points, along shared borders the same; outlines of one code joined."""
    with tempfile.TemporaryDirectory() as where:
        source, target = Path(where, "in.json"), Path(where, "out.json")
        source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        steps = ["-dissolve", "code", "-simplify", detail, "weighted", "keep-shapes"]
        last = ["-o", str(target), "format=geojson", "precision=0.01"]
        subprocess.run([tool, str(source), "snap", *steps, *last], check=True)  # noqa: S603 -- our own files
        return list(json.loads(target.read_text(encoding="utf-8"))["features"])


def named(feature: Feature, names: dict[str, tuple[str, str]]) -> Feature:
    """ECharts finds a region by `name`: here the code, which no renaming changes."""
    code = feature["properties"]["code"]
    zh, en = names[code]
    return {**feature, "properties": {"name": code, "zh": zh, "en": en}}


def main(echarts: Path, tool: Path) -> None:
    with REGIONS.open(encoding="utf-8", newline="") as file:
        names = {row["code"]: (row["name_zh"], row["name_en"]) for row in csv.DictReader(file)}
    names[SEA[0]] = SEA[1:]
    OUT.mkdir(parents=True, exist_ok=True)
    maps, shapes = echarts / "map/json", echarts / "lib/coord/geo/fix"
    for what, features in (("provinces", provinces(maps)), ("prefectures", prefectures(maps))):
        drawn = with_islands(simplified(features, DETAIL[what], tool), shapes)  # after, for they are small
        collection = {"type": "FeatureCollection", "features": [named(f, names) for f in drawn]}
        text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
        (OUT / FILES[what]).write_text(text + "\n", encoding="utf-8")
        print(what, len(drawn), "outlines,", len(text.encode()), "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
