"""The Jinja2 environment of our own pages."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import json_script
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from zhunsheng import __version__
from zhunsheng.activities.proficiency.states import ROUND, SIGNALS
from zhunsheng.decisions.eligibility.rules import ANSWERS, OUTCOMES
from zhunsheng.faces.jobs.states import JOB
from zhunsheng.faces.navigation import door_of, elsewhere, groups, posts_in_words
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.foundation.imports.states import IMPORT
from zhunsheng.foundation.messages.queries import unread_count
from zhunsheng.registry import regions


def day(value: date | None) -> str:
    """A date as people of both languages read it."""
    return value.isoformat() if value else "—"


def moment(value: datetime | None) -> str:
    """An instant in the site's zone, with the zone's name: a deadline without a zone is no deadline."""
    if value is None:
        return "—"
    local = timezone.localtime(value)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def score(value: float | None) -> str:
    """A score with the two decimals that mean something; a minus sign that is one."""
    return "—" if value is None else f"{value:.2f}".replace("-", "−")


def figure(value: float | None, u: float | None = None) -> str:
    """A computed figure, with as many digits as its uncertainty (two significant) lets mean something, else four."""
    if value is None:
        return "—"
    if u:
        from math import floor, log10

        decimals = max(0, 1 - floor(log10(abs(u))))
        return f"{value:.{decimals}f}".replace("-", "−")
    return f"{value:.4g}".replace("-", "−")


_DATES = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")


def unbroken(text: object) -> Markup:
    """A sentence whose dates stay on one line: browsers break a line after any hyphen."""
    return Markup(_DATES.sub(r'<span class="date">\g<0></span>', str(escape(text))))  # noqa: S704 -- escaped just here


_SYMBOLS = re.compile(r"([xσ])_(pt)|(E)_(n)\b|\b(s|MS|u\*|ν)_(s|w|bb|b)(?![A-Za-z])")


def symbols(text: object) -> Markup:
    """A sentence whose quantities look as they do in the tables: an italic letter with its index below."""
    return Markup(  # noqa: S704 -- escaped just here
        _SYMBOLS.sub(lambda m: "<i>{}</i><sub>{}</sub>".format(*filter(None, m.groups())), str(escape(text)))
    )


def with_query(request: HttpRequest, **changes: Any) -> str:
    """This page's address with some of its question changed; None takes a part out."""
    query = request.GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@cache
def _place(name: str) -> str:
    return reverse(name)


def address(name: str, args: Sequence[object] | None = None) -> str:
    """`reverse`; a name without arguments is looked up once: the header alone asks for thirty on each page."""
    return reverse(name, args=args) if args else _place(name)


def region_name(code: str) -> Text:
    """The name that a region bears today."""
    return regions.name_of(code, timezone.localdate())


def outlines() -> str:
    """The address of the region outlines: a site in China serves the map that its authority has reviewed."""
    return settings.OUTLINES or static("maps/china.json")


def is_demo() -> bool:
    return bool(settings.DEMO)


def environment(**options: Any) -> Environment:
    """Strict: a name that a template does not get is an error, not an empty place."""
    options.update(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env = Environment(**options)  # noqa: S701 -- autoescape is on, two lines above
    env.globals.update(
        t=t, Text=Text, lang=language, url=address, static=static, get_messages=get_messages, version=__version__
    )
    env.globals.update(
        groups=groups, door_of=door_of, posts_in_words=posts_in_words, elsewhere=elsewhere, unread_count=unread_count,
        with_query=with_query, is_demo=is_demo, region_name=region_name, outlines=outlines,
        ROUND=ROUND, JOB=JOB, IMPORT=IMPORT, SIGNALS=SIGNALS, E_N=Markup("<i>E</i><sub>n</sub>"), ANSWERS=ANSWERS, OUTCOMES=OUTCOMES,
    )  # fmt: skip
    env.filters.update(
        json_script=json_script, day=day, moment=moment, score=score, figure=figure, unbroken=unbroken, symbols=symbols
    )
    return env
