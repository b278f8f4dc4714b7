"""Canonical JSON of plain data by the standard library's encoder, more than twice as fast as the careful way.

The encoder's output differs from RFC 8785 in the form of some numbers (5.0, 1e-05), which are put right beforehand, and
in its silence on odd types, large integers and keys that are not ASCII, which are left to the careful way.
"""

from __future__ import annotations

import json
from typing import Any

import rfc8785

_MARK = "\ue000"  # stands around a number that the encoder would write in another form
_MOST = 2**53 - 1


class _NotPlain(Exception):
    """Something that takes a closer look."""


def canonical_if_plain(obj: dict[str, Any] | list[Any]) -> bytes | None:
    """The RFC 8785 form of `obj`, or None where that takes a closer look: odd types or keys, large integers, NaN."""
    if type(obj) not in (dict, list):
        return None
    marked = [0]
    try:
        ready = _ready(obj, marked)
        text = json.dumps(ready, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        if text.count(_MARK) != 2 * marked[0]:
            return None
        return text.replace(f'"{_MARK}', "").replace(f'{_MARK}"', "").encode("utf-8")
    except (_NotPlain, ValueError, RecursionError):  # ValueError: NaN, infinity, lone surrogates
        return None


def _ready(value: Any, marked: list[int]) -> Any:
    """The value with every number in a form that the encoder writes canonically; itself where nothing had to change."""
    if type(value) is dict:
        if not all(type(key) is str and key.isascii() for key in value):
            raise _NotPlain
        changed = {key: new for key, item in value.items() if (new := _item(item, marked)) is not item}
        return value | changed if changed else value
    if type(value) is list or type(value) is tuple:
        items = [_item(item, marked) for item in value]
        return items if any(map(_is_other, items, value)) else value
    raise _NotPlain


def _is_other(one: Any, other: Any) -> bool:
    return one is not other


def _item(item: Any, marked: list[int]) -> Any:
    kind = type(item)
    if kind is str or item is None or kind is bool:
        return item
    if kind is float:
        return item if 1e-4 <= abs(item) < 1e16 and not item.is_integer() else _number(item, marked)
    if kind is int:
        if -_MOST <= item <= _MOST:
            return item
        raise _NotPlain
    return _ready(item, marked)


def _number(number: float, marked: list[int]) -> Any:
    if number != number or number in (float("inf"), float("-inf")):
        raise _NotPlain
    if number.is_integer() and abs(number) <= _MOST:
        return int(number)
    marked[0] += 1
    return f"{_MARK}{rfc8785.dumps(number).decode('ascii')}{_MARK}"
