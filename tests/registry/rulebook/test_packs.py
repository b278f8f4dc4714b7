"""What a pack answers, how it is cited, and what changed between two of them."""

from datetime import date

import pytest

from zhunsheng.registry.rulebook import queries
from zhunsheng.registry.rulebook.rules.differences import differences
from zhunsheng.registry.rulebook.rules.packs import RulePack
from zhunsheng.registry.rulebook.rules.references import chinese_number, citation

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("key", "value", "unit", "article"),
    [
        ("certificate_validity", 6, "years", "13"), ("renewal_before_expiry", 3, "months", "13"),
        ("application_acceptance", 5, "working_days", "11"), ("technical_assessment", 30, "working_days", "11"),
        ("approval_decision", 10, "working_days", "11"), ("certificate_issue", 7, "working_days", "11"),
        ("rectification", 30, "working_days", "26"), ("rectification_verification", 5, "working_days", "4.5"),
        ("material_review", 5, "working_days", "4.1.2"), ("proficiency_appeal", 15, "working_days", "14"),
        ("records_kept", 6, "years", "13"), ("report_number_upload", 3, "months", "*"), ("ban_after_fraud", 3, "years", "32"),
        ("ban_after_false_application", 1, "years", "33"), ("lease_of_premises", 1, "years", "2.10.1"),
        ("lease_of_equipment", 1, "years", "2.11.1"),
    ],
)  # fmt: skip
def test_the_clocks_of_the_field(key: str, value: int, unit: str, article: str) -> None:
    found = queries.clock(key, on=DAY)
    assert (found.value, found.unit, found.article) == (value, unit, article)


@pytest.mark.parametrize(
    ("code", "follows"),
    [
        ("F10", {"fine_cny": 30_000}), ("F11", {"fine_cap_cny": 10_000}), ("F14", {"fine_cap_cny": 30_000}),
        ("F15", {"fine_cap_cny": 10_000}), ("F18", {"fine_cny": 30_000}), ("F12", {"fine_cap_cny": 30_000}),
        ("F17", {"nonconforming": True}), ("F23", {"self_correct": True}),
    ],
)  # fmt: skip
def test_what_follows_from_a_finding(code: str, follows: dict[str, object]) -> None:
    said = [basis.consequence for basis in queries.consequence(code, on=DAY)]
    assert any(all(getattr(one, name) == value for name, value in follows.items()) for one in said if one)


def test_the_serious_cases_count_two_in_key_fields_and_ten_elsewhere_and_bind_only_if_serious() -> None:
    pack = queries.rules_on(DAY)
    assert (pack.measure("serious_reports_in_key_fields").value, pack.measure("serious_reports_elsewhere").value) == (
        2,
        10,
    )
    assert pack.clock("serious_repetition").value == 2
    with pytest.raises(LookupError, match="not time"):
        pack.clock("serious_reports_elsewhere")
    serious = next(one for one in pack.consequence("F01") if one.regulation.id == "SERIOUS-CASES")
    assert serious.follows.en.startswith("only if serious: qualification cancelled")
    with pytest.raises(LookupError):
        queries.rules_on(date(2025, 12, 31)).measure("serious_reports_elsewhere")


def test_what_no_rule_says_is_no_answer() -> None:
    for ask in (
        lambda: queries.consequence("F01", on=date(2020, 1, 1)), lambda: queries.consequence("F99", on=DAY),
        lambda: queries.clock("patience", on=DAY), lambda: queries.article("SAMR-39", "99", on=DAY),
        lambda: queries.article("SAMR-39", "7", on=date(2014, 1, 1)), lambda: queries.pack("SAMR-39@2025.99"),
    ):  # fmt: skip
        with pytest.raises(LookupError):
            ask()


def test_before_every_rule_there_is_an_empty_pack_with_an_id() -> None:
    none = queries.rules_on(date(1999, 1, 1))
    assert none == RulePack(()) and queries.pack(none.id) == none


def test_a_pack_is_the_same_on_every_day_between_two_changes_and_hashes_what_it_says() -> None:
    days = queries.book().change_days()
    packs = [queries.rules_on(day) for day in days]
    assert len({one.id for one in packs}) == len({one.sha256 for one in packs}) == len(days)
    assert queries.rules_on(DAY) == queries.rules_on(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("n", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (27, "二十七"), (40, "四十")]
)
def test_numbers_as_regulations_write_them(n: int, said: str) -> None:
    assert chinese_number(n) == said


@pytest.mark.parametrize(
    ("no", "zh", "en"),
    [
        ("15(2)", "第十五条第（二）项", "art. 15 (2)"),
        ("26", "第二十六条", "art. 26"),
        ("2.11.1", "第 2.11.1 款", "clause 2.11.1"),
        ("*", "全文", "the whole text"),
    ],
)
def test_how_an_article_is_cited(no: str, zh: str, en: str) -> None:
    assert (citation(no).zh, citation(no).en) == (zh, en)


def test_what_is_no_number_is_not_cited() -> None:
    with pytest.raises(ValueError, match="no number"):
        citation("fifteen")


def test_what_changed_with_the_revision() -> None:
    book = queries.book()
    found = differences(book.on(date(2025, 4, 30)), book.on(date(2025, 5, 1)), book.classes)
    said = {(one.kind, str(one.subject), str(one.before), str(one.after)) for one in found}
    assert (
        "article",
        "Order No. 39",
        "art. 12: Records and reports are kept for at least six years.",
        "art. 13: the same words",
    ) in said
    assert any(kind == "version" and "as revised by Order No. 101" in after for kind, _, _, after in said)
    assert (
        "finding",
        "F06 Handling of samples makes results wrong or impossible to re-check",
        "Order No. 39, art. 13 (1): a fine of at most 30,000 CNY",
        "Order No. 39, art. 14 (1): a fine of at most 50,000 CNY",
    ) in said
    assert not any(kind == "finding" and subject.startswith("F10") for kind, subject, _, _ in said)
    assert differences(book.on(DAY), book.on(DAY), book.classes) == []


def test_what_began_has_no_before() -> None:
    book = queries.book()
    found = differences(book.on(date(2025, 12, 31)), book.on(date(2026, 1, 1)), book.classes)
    assert found and all(one.before is None and one.after is not None for one in found)
