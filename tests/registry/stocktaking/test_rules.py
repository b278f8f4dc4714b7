"""Complete and consistent, point by point, as a truth table."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.stocktaking.rules import (
    CHECKS,
    Facts,
    check_open,
    check_reports,
    points,
    quarters_before,
    score,
)

QUARTERS = quarters_before(date(2026, 4, 15))
WHOLE = Facts(
    uscc="91330100MA2X7K3B2M", address="示范路 1 号", legal_representative="示范", contacts=1, certificates=1,
    posts={"quality_manager": 1, "technical_manager": 1}, people=2, instruments=3, lines=10, fields=("food",),
    quarters=dict.fromkeys(QUARTERS, 12),
)  # fmt: skip


def test_the_last_four_quarters_that_have_ended() -> None:
    assert QUARTERS == ["2025Q2", "2025Q3", "2025Q4", "2026Q1"]
    assert quarters_before(date(2026, 1, 1), 1) == ["2025Q4"]
    assert quarters_before(date(2026, 12, 31), 2) == ["2026Q2", "2026Q3"]


def test_a_whole_entry_has_every_point() -> None:
    found = points(WHOLE, QUARTERS)
    assert [one.code for one in found if not one.holds] == []
    assert (score(found, "completeness"), score(found, "consistency")) == ((10, 10), (9, 9))


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"uscc": ""}, "C1", "code"),
        ({"address": ""}, "C2", "address"),
        ({"legal_representative": ""}, "C3", "legal representative"),
        ({"contacts": 0}, "C4", "contact"),
        ({"certificates": 0}, "C5", "certificate"),
        ({"posts": {"technical_manager": 1}}, "C6", "quality manager"),
        ({"posts": {"quality_manager": 1}}, "C7", "technical manager"),
        ({"instruments": 0}, "C8", "instrument"),
        ({"lines": 0}, "C9", "scope line"),
        ({"quarters": dict.fromkeys(QUARTERS[:3], 1)}, "C10", "2026Q1"),
        ({"uscc_faults": (t("Character 18 is 1.", "第 18 位为 1。"),)}, "K1", "Character 18"),
        ({"region_known": False}, "K2", "GB/T 2260"),
        ({"region_ended": t("Xiacheng District", "下城区")}, "K2", "Xiacheng"),
        ({"certificate_notes": (t("Another province.", "在其他省份。"),)}, "K3", "province"),
        ({"people_elsewhere": ("甲",)}, "K4", "甲"),
        ({"serials_elsewhere": ("SN-1", "SN-2")}, "K5", "SN-1, SN-2"),
        ({"instruments_out_of_date": 2}, "K6", "2 of 3"),
        ({"lines_without_instrument": 4}, "K7", "4 of 10"),
        ({"lines_by_ended_standards": ("GB 1-2000",)}, "K8", "expert"),
        ({"fields_without_signatory": ("food",)}, "K9", "food"),
    ],
)
def test_each_point_alone(change: dict[str, Any], code: str, said: str) -> None:
    failing = [one for one in points(replace(WHOLE, **change), QUARTERS) if one.applies and not one.holds]
    assert [one.code for one in failing] == [code]
    assert said in failing[0].reason.en and failing[0].reason.zh and failing[0].mend


def test_a_code_that_is_kept_with_a_reason_is_consistent() -> None:
    odd = replace(WHOLE, uscc_faults=(t("x.", "x。"),), uscc_reason="厦门试点早期代码")
    assert all(one.holds for one in points(odd, QUARTERS))


def test_no_report_at_all_is_a_number_too() -> None:
    assert all(one.holds for one in points(replace(WHOLE, quarters=dict.fromkeys(QUARTERS, 0)), QUARTERS))


def test_long_lists_are_cut_and_say_so() -> None:
    many = replace(WHOLE, serials_elsewhere=tuple(f"SN-{n}" for n in range(9)))
    reason = next(one.reason for one in points(many, QUARTERS) if not one.holds)
    assert "SN-4 and 4 more" in reason.en and "等 9 项" in reason.zh and "SN-5" not in reason.en


def test_codes_are_unique_and_every_point_says_where_it_is_mended() -> None:
    assert len({one.code for one in CHECKS}) == len(CHECKS)
    assert {one.mend for one in CHECKS} == {
        "facts",
        "contacts",
        "certificates",
        "people",
        "equipment",
        "scope",
        "reports",
    }


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    day = date(2026, 4, 15)
    for due, zh, en in ((day, "摸底", "Stock"), (date(2026, 5, 1), " ", "Stock"), (date(2026, 5, 1), "摸底", "")):
        with pytest.raises(NotAllowedNow):
            check_open(due_on=due, today=day, title_zh=zh, title_en=en)
    check_open(due_on=date(2026, 4, 16), today=day, title_zh="摸底", title_en="Stock-taking")
    for numbers in ({"2020Q1": 1}, {QUARTERS[0]: -1}, {QUARTERS[0]: 10**9}):
        with pytest.raises(NotAllowedNow):
            check_reports(numbers, QUARTERS)
    check_reports({QUARTERS[0]: 0}, QUARTERS)


def test_an_empty_entry_is_not_consistent_but_has_nothing_to_look_at() -> None:
    found = {one.code: one for one in points(Facts(), QUARTERS)}
    assert (score(found.values(), "completeness"), score(found.values(), "consistency")) == ((0, 10), (1, 1))
    assert [code for code, one in found.items() if not one.applies] == ["K1", "K3", "K4", "K5", "K6", "K7", "K8", "K9"]
    assert not found["K5"].holds and found["K5"].reason is None
