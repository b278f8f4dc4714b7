"""A merge of entries in two provinces is the nation's, and undone by it alone."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.institutions.models import Merge


def test_a_province_does_not_undo_a_merge_that_reaches_beyond_it(
    client_of: Callable[[User], Client], national: User, province: User
) -> None:
    kept = institution("laboratory", "甲一", "K", region_code="330106")
    merges: dict[str, Merge] = {}
    for region in ("320102", "330108"):
        other = institution("laboratory", f"甲{region}", f"M {region}", region_code=region)
        merges[region] = merge_institutions(kept, other, take=[], reason="the same", actor=national, at=AT)
    client = client_of(province)
    listed = client.get(reverse("office_duplicates")).content.decode()
    statuses = {}
    for region, merge in merges.items():
        address = reverse("office_merge_undo", args=[merge.pk])
        assert (address in listed) == (region == "330108")
        statuses[region] = client.get(address).status_code
        client.post(address, {"reason": "no"})
        merge.refresh_from_db()
    assert statuses == {"320102": 404, "330108": 200}
    assert merges["320102"].undone_at is None and merges["330108"].undone_at is not None
