"""What every list page does with its address: page numbers that cannot be wrong, words to search for, an order."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PAGE_SIZE = 25
LONGEST_SEARCH = 100
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
"""Between which days a page answers; beyond them a date is a slip of the hand."""


def page_of(request: HttpRequest, things: Any, *, size: int = PAGE_SIZE) -> Page[Any]:
    """The page that the address asks for; the nearest there is for a number that there is not."""
    return Paginator(things, size).get_page(request.GET.get("page"))


def words_of(request: HttpRequest) -> str:
    """What is searched for; PostgreSQL refuses a NUL and nobody types one."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def order_of(request: HttpRequest, allowed: Mapping[str, Any], default: str) -> str:
    """The sort key of the address, with a minus for descending; the default for one that there is not."""
    asked = request.GET.get("sort", default)
    return asked if asked.removeprefix("-") in allowed else default


def day_of(request: HttpRequest, name: str = "on") -> date | None:
    """The day that the address asks about, if it is one."""
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def days_of(request: Any) -> tuple[date, date]:
    """The two days of a question: of which day it is (`on`), and by the end of which day it was known (`known`); else today."""
    return day_of(request) or request.today, day_of(request, "known") or request.today
