"""The rulebook as anyone reads it: a day in the address, both languages, what changed, and the pack that a finding stored."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests.faces.pages import in_chinese, text_of
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.rulebook import queries

RULEBOOK, FINDINGS, CHANGES = (reverse(name) for name in ("rulebook", "rulebook_findings", "rulebook_changes"))
ORDER_39 = reverse("rulebook_regulation", args=["SAMR-39"])


@pytest.fixture
def anyone(client_of: Callable[[Any], Client]) -> Client:
    return client_of(None)


def test_a_day_says_what_was_in_force(anyone: Client) -> None:
    old, new = (text_of(anyone.get(RULEBOOK, {"on": day})) for day in ("2023-06-30", "2026-02-01"))
    assert "RB/T 214-2017" in old and "as issued in 2021" in old and "Order No. 101" not in old
    assert "RB/T 214-2017" not in new and "as revised by Order No. 101 of 2025" in new
    assert "No rule on that day" in text_of(anyone.get(RULEBOOK, {"on": "1990-01-01"}))


def test_everything_is_marked_as_a_paraphrase_and_a_doubtful_day_as_such(
    anyone: Client, settings: LazySettings
) -> None:
    settings.RULE_DATES = {}
    for address in (RULEBOOK, FINDINGS, CHANGES, ORDER_39):
        assert "not the wording of the law" in text_of(anyone.get(address))
        assert "并非法规原文" in text_of(in_chinese(anyone).get(address))
        anyone.cookies.clear()
    said = text_of(anyone.get(ORDER_39, {"on": "2026-02-01"}))
    assert "Version(" not in said and "Zhunsheng 准绳 0." in said, "the footer names the version of the product"
    assert "assumption of this installation" in said and "Its day of effect was not found" in said
    settings.RULE_DATES = {"SAMR-39@2025": date(2025, 9, 1)}
    assert "set by this installation" in text_of(anyone.get(ORDER_39, {"on": "2026-02-01"}))


def test_a_search_finds_in_both_languages_whichever_is_read(anyone: Client) -> None:
    for words in ("subcontract", "分包"):
        assert "Order No. 39, art. 11" in text_of(anyone.get(RULEBOOK, {"on": "2026-02-01", "q": words}))
        assert "总局令第 39 号第十一条" in text_of(in_chinese(anyone).get(RULEBOOK, {"on": "2026-02-01", "q": words}))
        anyone.cookies.clear()
    assert "No article says that" in text_of(anyone.get(RULEBOOK, {"q": "unicorn"}))


def test_what_is_shown_can_be_downloaded(anyone: Client) -> None:
    answer = anyone.get(RULEBOOK, {"on": "2026-02-01", "q": "subcontract", "format": "xlsx"})
    table = read_table(answer.content, filename="rulebook.xlsx")
    assert len(table.rows) == 1 and table.rows[0].texts[3] == "art. 11"


@pytest.mark.parametrize(
    ("on", "cited", "fine"), [("2025-04-30", "13 (1)", "30,000"), ("2025-05-01", "14 (1)", "50,000")]
)
def test_a_finding_has_the_basis_of_the_day(anyone: Client, on: str, cited: str, fine: str) -> None:
    said = text_of(anyone.get(FINDINGS, {"on": on}))
    assert f"Order No. 39, art. {cited} : a fine of at most {fine} CNY" in said
    assert "no basis known on this day" in text_of(anyone.get(FINDINGS, {"on": "2020-01-01"}))


def test_what_changed_between_two_days(anyone: Client) -> None:
    said = text_of(anyone.get(CHANGES, {"from": "2025-04-30", "to": "2025-05-01"}))
    assert "art. 13: the same words" in said and "100,000" in said
    assert said == text_of(anyone.get(CHANGES, {"to": "2025-04-30", "from": "2025-05-01"})), (
        "the order of the days does not matter"
    )
    assert "Nothing changed" in text_of(anyone.get(CHANGES, {"from": "2026-02-01", "to": "2026-02-02"}))
    assert "That was not a day" in text_of(anyone.get(CHANGES, {"from": "soon"}))


def test_a_stored_pack_is_shown_whatever_the_day(anyone: Client, settings: LazySettings) -> None:
    pack = queries.rules_on(date(2025, 4, 30))
    settings.RULE_DATES = {"SAMR-39@2025": date(2021, 7, 1)}
    said = text_of(anyone.get(RULEBOOK, {"pack": pack.id}))
    assert "the very rules that were stored" in said and pack.sha256 in said and "as issued in 2021" in said
    assert "does not know that pack" in text_of(anyone.get(RULEBOOK, {"pack": "SAMR-39@2099.1"}))


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_said(anyone: Client, day: str) -> None:
    assert "That was not a day" in text_of(anyone.get(RULEBOOK, {"on": day}))


def test_a_regulation_that_is_not_there_or_not_yet(anyone: Client) -> None:
    assert anyone.get(reverse("rulebook_regulation", args=["SAMR-1"])).status_code == 404
    assert "Not in force on 2020-01-01" in text_of(anyone.get(ORDER_39, {"on": "2020-01-01"}))
    first = reverse("rulebook_regulation", args=["SAMR-163"])
    assert "Only the title is known" in text_of(anyone.get(first, {"on": "2016-01-01"}))
