"""Which part of the reach a page is about: a region chosen in the address, and the regions it can be chosen from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.regions.queries import within
from zhunsheng.registry.regions.rules import children, name_of, provinces, region


@dataclass(frozen=True, slots=True)
class Area:
    """A region of the reach (empty: all of it), and by how many digits of a code it is divided further."""

    code: str
    on: date
    digits: int
    choices: list[tuple[str, Text]]

    def narrowed(self, found: QuerySet[Any]) -> QuerySet[Any]:
        return found.filter(within(self.code, self.on)) if self.code else found

    def name(self, beginning: str) -> Text:
        """The name of a part, from the first digits of its code."""
        return name_of(beginning.ljust(6, "0"), self.on)


def area_of(request: VisitedRequest, name: str = "region") -> Area:
    """The region that the address asks about, if it lies within reach; all of the reach else."""
    reach, on = request.visitor.jurisdiction, request.today
    roots = [one.code for one in provinces(on)] if reach.national else sorted(reach.areas)
    asked = request.GET.get(name, "")
    code = asked if region(asked, on) and reach.covers(asked, on) else ""
    top = code or (roots[0] if len(roots) == 1 else "")
    inside = [one.code for one in children(top, on)] if top else []
    codes = dict.fromkeys([*roots, *([code] if code else []), *inside])
    return Area(code, on, digits_below(top, inside), [(one, name_of(one, on)) for one in codes])


def digits_below(top: str, inside: list[str]) -> int:
    """Provinces by two digits, prefectures by four, counties by six; a municipality has counties only."""
    if not top:
        return 2
    return 4 if inside and all(code.endswith("00") for code in inside) else 6
