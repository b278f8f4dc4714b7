"""The part of JSON Schema 2020-12 that our schemas use, checked plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
_KNOWN = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "required", "properties", "additionalProperties",
    "items", "minItems", "minLength", "minimum", "exclusiveMinimum", "pattern", "const", "enum", "oneOf", "not",
}  # fmt: skip


def complaints(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "") -> list[str]:
    """Everything in `value` that the schema does not allow, each with its place; empty where it is valid."""
    return list(_check(value, schema, root or schema, at))


def _check(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    unknown = set(schema) - _KNOWN
    assert not unknown, f"the checker does not know {unknown}"
    if "$ref" in schema:
        yield from _check(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    yield from _check_value(value, schema, at)
    if isinstance(value, dict):
        yield from _check_object(value, schema, root, at)
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{at}: too few"
        for index, item in enumerate(value if "items" in schema else []):
            yield from _check(item, schema["items"], root, f"{at}/{index}")
    if "oneOf" in schema and sum(not complaints(value, s, root) for s in schema["oneOf"]) != 1:
        yield f"{at}: not exactly one of the forms"
    if "not" in schema and not complaints(value, schema["not"], root):
        yield f"{at}: is what it must not be"


def _check_value(value: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
    if "type" in schema and not _is_of(value, schema["type"]):
        yield f"{at}: {value!r} is not {schema['type']}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{at}: is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is not one of {schema['enum']}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{at}: does not match"
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        yield f"{at}: too short"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            yield f"{at}: too small"
        if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
            yield f"{at}: too small"


def _is_of(value: Any, types: str | list[str]) -> bool:
    wanted = [types] if isinstance(types, str) else types
    if isinstance(value, bool):
        return "boolean" in wanted
    return any(isinstance(value, _TYPES[name]) for name in wanted)


def _check_object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at}: lacks {name}"
    for name, item in value.items():
        if name in properties:
            yield from _check(item, properties[name], root, f"{at}/{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{at}: {name} is not known"
