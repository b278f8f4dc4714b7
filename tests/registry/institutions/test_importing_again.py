"""Files that come again: after a renewal, after a merge, with the name written another way."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import AT, institution
from tests.foundation.imports.sent import reasons, send, send_and_apply, workbook_of
from tests.registry.institutions.test_importing import HEAD, REGISTER, code, row
from zhunsheng.registry.institutions.actions import correct_certificate, enter_certificate, merge_institutions
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.rules.refusals import CannotEnter

pytestmark = pytest.mark.django_db
OLD, NEW = {"first": "2020-05-04", "last": "2026-05-03"}, {"first": "2026-02-01", "last": "2032-01-31"}
NAMED = ["机构名称", "行政区划代码"]


def standing() -> list[tuple[str, str]]:
    rows = Certificate.objects.filter(superseded_at=None).order_by("valid_from")
    return [(one.valid_from.isoformat(), one.valid_to.isoformat()) for one in rows]


def test_a_renewal_under_the_same_number_leaves_the_period_before_it() -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row(1, **OLD)]))
    send_and_apply(REGISTER, workbook_of([HEAD, row(1, **NEW)]))
    assert standing() == [("2020-05-04", "2026-01-31"), ("2026-02-01", "2032-01-31")]
    assert Certificate.objects.filter(valid_to=date(2026, 5, 3)).exclude(superseded_at=None).count() == 1
    one = Institution.objects.get()
    rows = one.certificates.filter(superseded_at=None)
    for day in (date(2024, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2030, 1, 1)):
        assert rows.filter(valid_from__lte=day, valid_to__gte=day).count() == 1


def test_the_file_from_before_a_renewal_changes_nothing() -> None:
    old = workbook_of([HEAD, row(1, **OLD)])
    send_and_apply(REGISTER, old)
    send_and_apply(REGISTER, workbook_of([HEAD, row(1, **NEW)]))
    assert (send_and_apply(REGISTER, old).unchanged, len(standing())) == (1, 2)


def test_the_same_first_day_is_a_correction() -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row(1, **OLD)]))
    send_and_apply(REGISTER, workbook_of([HEAD, row(1, first="2020-05-04", last="2026-05-04")]))
    assert standing() == [("2020-05-04", "2026-05-04")]


def period(where: Institution, first: date, last: date) -> Certificate:
    made = Certificate(institution=where, scheme="CMA", number="231100000001", valid_from=first, valid_to=last)
    return enter_certificate(made, actor=None, at=AT)


def test_a_renewal_is_entered_on_the_page_too() -> None:
    mine, other = institution("laboratory", "甲", "A"), institution("laboratory", "乙", "B")
    period(mine, date(2020, 5, 4), date(2026, 5, 3))
    new = period(mine, date(2026, 2, 1), date(2032, 1, 31))
    assert standing() == [("2020-05-04", "2026-01-31"), ("2026-02-01", "2032-01-31")]
    with pytest.raises(CannotEnter):
        period(mine, date(2026, 2, 1), date(2032, 1, 31))
    with pytest.raises(CannotEnter):
        period(other, date(2032, 2, 1), date(2038, 1, 31))
    with pytest.raises(CannotEnter):
        correct_certificate(new, {"valid_from": date(2026, 1, 1)}, reason="x", actor=None, at=AT)


def test_the_source_file_goes_in_after_a_merge() -> None:
    content = workbook_of([HEAD, row(1), row(2)])
    send_and_apply(REGISTER, content)
    kept, merged = Institution.objects.order_by("uscc")
    merge_institutions(kept, merged, reason="same", actor=None, at=AT)
    assert (send_and_apply(REGISTER, content).state, Institution.objects.count()) == ("done", 2)
    send_and_apply(REGISTER, workbook_of([HEAD, row(2, name="另一名称"), row(3)]))
    kept.refresh_from_db()
    assert (kept.uscc, kept.name_zh, Institution.objects.count()) == (code(1), "示例检测中心1", 3)


def test_an_entry_without_a_code_is_not_made_again_after_a_merge() -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row(1)]))
    content = workbook_of([NAMED, ["某重复中心", "330106"]])
    send_and_apply(REGISTER, content)
    kept, merged = Institution.objects.get(uscc=code(1)), Institution.objects.get(name_zh="某重复中心")
    merge_institutions(kept, merged, reason="same", actor=None, at=AT)
    send_and_apply(REGISTER, content)
    kept.refresh_from_db()
    assert (Institution.objects.count(), kept.name_zh) == (2, "示例检测中心1")


def test_brackets_of_either_width_are_one_name() -> None:
    send_and_apply(REGISTER, workbook_of([NAMED, ["示范检测\uff08杭州\uff09有限公司", "330106"]]))
    send_and_apply(REGISTER, workbook_of([NAMED, ["示范检测(杭州)有限公司", "330106"]]))
    assert Institution.objects.count() == 1


def test_a_name_of_two_entries_is_a_fault_that_gives_both_codes() -> None:
    for number in (1, 2):
        send_and_apply(REGISTER, workbook_of([[*NAMED, HEAD[0]], ["同名中心", "330106", code(number)]]))
    assert Institution.objects.count() == 2
    refused = reasons(send(REGISTER, workbook_of([NAMED, ["同名中心", "330106"]])))
    assert code(1) in refused[2][0] and code(2) in refused[2][0]


def test_a_name_written_with_dots_hyphens_or_in_capitals_is_the_same() -> None:
    send_and_apply(REGISTER, workbook_of([NAMED, ["中检-Ａbc·检测中心", "330106"]]))
    for way in ("中检ABC检测中心", "中检 abc•检测中心", "中检-abc-检测中心"):
        assert send_and_apply(REGISTER, workbook_of([NAMED, [way, "330106"]])).new == 0
    assert Institution.objects.count() == 1
