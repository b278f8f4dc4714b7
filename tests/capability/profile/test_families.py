"""Two entries found to be one institution: the line may stand at one and the certificate at the other, either way."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.cast import AT, institution
from tests.registry.scopes import ground
from zhunsheng.capability.profile.coverage import counted
from zhunsheng.capability.profile.near import lines_that_hold
from zhunsheng.registry.institutions.actions import enter_certificate, merge_institutions
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.institutions.queries.searching import certified_on, in_certificate_state
from zhunsheng.registry.stocktaking.actions import open_stocktaking

pytestmark = pytest.mark.django_db
TODAY = AT.date()
Two = tuple[Institution, Institution]


def line_at_the_kept(kept: Institution, merged: Institution) -> Two:
    return kept, merged


def line_at_the_merged(kept: Institution, merged: Institution) -> Two:
    return merged, kept


def line_and_certificate_at_merged_ones(kept: Institution, merged: Institution) -> Two:
    other = ground.laboratory("丙")
    merge_institutions(kept, other, reason="one institution", actor=None, at=AT)
    return merged, other


@pytest.mark.parametrize("where", [line_at_the_kept, line_at_the_merged, line_and_certificate_at_merged_ones])
def test_a_merge_loses_no_capable_laboratory(where: Callable[[Institution, Institution], Two]) -> None:
    kept, merged = ground.laboratory("甲"), ground.laboratory("乙")
    [what], milk, method = ground.parameters("hg"), ground.matrix("milk"), ground.method("GB 1-2020")
    with_line, with_certificate = where(kept, merged)
    days = {"valid_from": date(2023, 1, 1), "valid_to": date(2029, 1, 1)}
    ground.line(with_line, what, milk, method)
    enter_certificate(
        Certificate(institution=with_certificate, scheme="CMA", number="231100000001", **days), actor=None, at=AT
    )
    assert not lines_that_hold([what.pk], [], on=TODAY, known_on=TODAY).exists()
    merge_institutions(kept, merged, reason="one institution", actor=None, at=AT)
    assert lines_that_hold([what.pk], [], on=TODAY, known_on=TODAY).count() == 1
    assert len(counted(TODAY, TODAY)) == 1
    assert [one.pk for one in standing().filter(certified_on(TODAY, known_on=TODAY))] == [kept.pk]
    without = standing().exclude(certified_on(TODAY, known_on=TODAY))
    assert list(without) == list(standing().filter(in_certificate_state("none", TODAY, known_on=TODAY))) == []
    authority = institution("authority", "某省局", "Province", level="provincial", region_code="330000")
    asked = open_stocktaking(
        authority=authority, title_zh="摸底", title_en="Stock-taking", region_code="330000", fields=["food"],
        due_on=TODAY + timedelta(days=9), actor=None, at=AT,
    )  # fmt: skip
    assert [one.institution_id for one in asked.returns.all()] == [kept.pk]
