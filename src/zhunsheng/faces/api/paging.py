"""A page at a time, from where the last one ended: nothing is counted and nothing skipped, however deep one reads."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from zhunsheng.faces.api.problems import Misunderstood
from zhunsheng.foundation.bilingual import t

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


def page_after(
    rows: QuerySet[Row], order: Mapping[str, Callable[[str], Any]], cursor: str, limit: int
) -> tuple[list[Row], str]:
    """The rows after a cursor in the order of two columns, the second of which is unique; and the cursor of the next page.

    `order` says of each column how its value is read from a cursor. Raises Misunderstood for a cursor that this API did not give.
    """
    first, second = order
    if cursor:
        value, key = read_cursor(cursor, list(order.values()))
        rows = rows.filter(Q(**{f"{first}__gt": value}) | Q(**{first: value, f"{second}__gt": key}))
    found = list(rows.order_by(first, second)[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], "" if last is None else write_cursor([getattr(last, name) for name in order])


def slice_after(
    items: Iterable[Item], place: Callable[[Item], tuple[str, ...]], cursor: str, limit: int
) -> tuple[list[Item], str]:
    """The same of what is no table: items in the order of their places, each of its own. Raises Misunderstood."""
    keyed = sorted(((place(one), n, one) for n, one in enumerate(items)), key=lambda each: each[:2])
    if cursor and keyed:
        after = tuple(read_cursor(cursor, [str] * len(keyed[0][0])))
        keyed = [each for each in keyed if each[0] > after]
    last = keyed[limit - 1][0] if len(keyed) > limit else None
    return [one for _, _, one in keyed[:limit]], "" if last is None else write_cursor(last)


def instant(text: str) -> datetime:
    """An aware time as a cursor holds it. Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a cursor's time has a zone")
    return found


def write_cursor(place: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([str(one) for one in place], ensure_ascii=False).encode()).decode()


def read_cursor(cursor: str, readers: Sequence[Callable[[str], Any]]) -> list[Any]:
    """The place that a cursor says. Raises Misunderstood."""
    try:
        place = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        if [type(one) for one in place] != [str] * len(readers) or any("\x00" in one for one in place):
            raise ValueError("not the columns of this order")
        return [read(one) for read, one in zip(readers, place, strict=True)]
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise Misunderstood(
            "query.cursor", t("This is no cursor of an earlier page.", "不是有效的分页标记。")
        ) from None
