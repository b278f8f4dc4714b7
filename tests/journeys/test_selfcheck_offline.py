"""A self-check with the network off: two items answered, the page loaded again, then connected: all there, once; a quarrel shows both."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Product, Watch, without_network
from tests.journeys.selfcheck_network import COLLEAGUE


@pytest.fixture(scope="module")
def form(product: Product) -> str:
    """The key of the self-check of the demonstration's laboratory."""
    return product.beside("selfcheck_network")


def stands(product: Product, form: str) -> tuple[int, dict[int, tuple[str, str]]]:
    """How often answers of the form changed, and what items 18 and 19 say."""
    database = next(product.var.glob("*.sqlite3"))
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        key = form.replace("-", "")
        revision = connection.execute("SELECT revision FROM selfcheck_selfcheck WHERE id = ?", (key,)).fetchone()[0]
        rows = connection.execute(
            "SELECT i.no, a.answer, a.remark FROM selfcheck_answer a JOIN selfcheck_checklistitem i ON i.id = a.item_id"
            " WHERE a.selfcheck_id = ? AND i.no IN (18, 19)",
            (key,),
        )
        return revision, {no: (answer, remark) for no, answer, remark in rows}


def waiting(page: Page, n: int) -> None:
    page.locator(f"#selfcheck[data-waiting='{n}'][data-sending=no]").wait_for()


def test_answers_survive_without_a_network(
    product: Product,
    form: str,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    screenshot: Callable[..., Path],
    watch: Watch,
) -> None:
    page, address = open_page("zh", 390), f"/workspace/campaigns/selfchecks/{form}/"
    sign_in(page, "laboratory")
    page.goto(address)
    page.locator("#offline-state[data-state=ready]").wait_for()

    with without_network(page):
        page.check("#a-18-problem")
        page.fill("#r-18", "雨季漏雨，影响称量室")
        page.check("#a-19-fine")
        page.reload()
        assert page.is_checked("#a-18-problem") and page.input_value("#r-18") == "雨季漏雨，影响称量室"
        assert page.is_checked("#a-19-fine") and "2 项作答暂存本设备" in page.inner_text("#told")
        axe(page)
        screenshot(page, "selfcheck-offline")
        assert stands(product, form) == (0, {18: ("", ""), 19: ("", "")})

    page.evaluate("window.dispatchEvent(new Event('online'))")
    waiting(page, 0)
    kept = (2, {18: ("problem", "雨季漏雨，影响称量室"), 19: ("fine", "")})
    assert stands(product, form) == kept and page.inner_text("#progress") == "2 / 50"
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.reload()
    waiting(page, 0)
    assert stands(product, form) == kept, "sent twice, kept once"

    other = open_page("en", 1280)
    sign_in(other, COLLEAGUE)
    other.goto(address)
    other.check("#a-19-na")
    waiting(other, 0)
    page.check("#a-19-problem")
    page.locator("#item-19 [data-quarrel]").wait_for()
    assert "期间由" in page.inner_text("#item-19 [data-quarrel]") and page.is_checked("#a-19-problem")
    screenshot(page, "selfcheck-quarrel")
    page.click("#item-19 [data-quarrel] button:first-child")
    waiting(page, 0)
    assert stands(product, form)[1][19] == ("problem", "")
    axe(other)
    screenshot(other, "selfcheck")
    watch.troubles = [one for one in watch.troubles if "ERR_INTERNET_DISCONNECTED" not in one and "409" not in one]
