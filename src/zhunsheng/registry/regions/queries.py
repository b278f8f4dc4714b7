"""The database question for "within a region"."""

from datetime import date

from django.db.models import Q

from zhunsheng.registry.regions.rules import codes_within


def within(code: str, on: date, path: str = "region_code") -> Q:
    """Rows whose region code, whenever it was written, stands for a place within the region on that day.

    An unknown code finds what bears exactly that code.
    """
    beginnings, codes = codes_within(code, on)
    found = Q(**{f"{path}__in": sorted(codes | {code})})
    for start in beginnings:
        found |= Q(**{f"{path}__startswith": start})
    return found
