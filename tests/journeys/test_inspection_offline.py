"""The officer's phone with the network off: a photograph taken, the page loaded again, then connected and sent twice: all there, once."""

import base64
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.conftest import Product, Watch
from tests.journeys.inspection_network import OFFICER

ROOT = Path(__file__).parents[2]
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def visit(product: Product) -> str:
    """The key of a visit that began today."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.journeys.inspection_network"], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {
            "ZHUNSHENG_VAR": str(product.var), "ZHUNSHENG_DEMO": "1", "DJANGO_SETTINGS_MODULE": "zhunsheng.settings",
            "ZHUNSHENG_DEMO_PASSWORD": product.password,
        },
    )  # fmt: skip
    return told.stdout.split()[-1]


def rows(product: Product, table: str) -> int:
    database = next(product.var.glob("*.sqlite3"))
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        n: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return n


def everything(product: Product) -> dict[str, int]:
    names = (
        "inspections_finding",
        "inspections_exhibit",
        "inspections_look",
        "attachments_attachment",
        "journal_entry",
    )
    return {name: rows(product, name) for name in names}


def write_down(page: Page) -> None:
    page.select_option("#code", "F07")
    page.fill("#facts", "天平校准过期后仍在使用")
    page.fill("#place", "天平室")
    page.set_input_files("#photos", {"name": "balance.png", "mimeType": "image/png", "buffer": PHOTO})
    page.locator("#new-finding button").click()
    page.locator("[data-exhibit] img").wait_for()
    page.locator("[data-point=F08] > summary").click()
    page.select_option("#outcome-F08", "in_order")
    page.locator("[data-point=F08] form button").click()


@pytest.mark.parametrize("lang", ["zh"])
def test_a_visit_without_a_network(
    lang: str,
    product: Product,
    visit: str,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    screenshot: Callable[..., Path],
    watch: Watch,
) -> None:
    page = open_page(lang, 390)
    sign_in(page, OFFICER)
    page.goto(f"/inspector/{visit}/")
    page.locator("#offline-state[data-state=ready]").wait_for()
    before = everything(product)

    page.context.set_offline(True)
    write_down(page)
    page.locator("#inspector[data-waiting='3']").wait_for()
    page.reload()
    page.locator("#inspector[data-waiting='3']").wait_for()
    assert page.locator("[data-exhibit] img").count() == 1, "the photograph is on the phone after loading again"
    assert "天平校准过期后仍在使用" in page.inner_text("#findings")
    axe(page)
    screenshot(page, "inspector-offline")
    assert everything(product) == before

    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        """The server takes it in; the phone never hears so."""
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("/sync/$"), lose_the_answer)
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_function("() => document.getElementById('told')?.className === 'errorlist'")
    assert lost == [200]
    assert page.locator("#inspector").get_attribute("data-waiting") == "3", (
        "nothing leaves the phone before it is answered"
    )
    page.click("#send")
    page.locator("#inspector[data-waiting='0']").wait_for()
    page.locator("#inspector[data-sending=no]").wait_for()
    page.click("#send")
    page.wait_for_timeout(300)
    after = everything(product)
    told = {name: after[name] - before[name] for name in after}
    assert told == {
        "inspections_finding": 1, "inspections_exhibit": 1, "inspections_look": 1, "attachments_attachment": 1,
        "journal_entry": 3,
    }  # fmt: skip
    page.reload()
    page.locator("#findings li .chip.good", has_text="balance.png").wait_for()
    assert page.locator("#findings article").count() == 1
    axe(page)
    screenshot(page, "inspector-sent")
    watch.troubles = [
        one for one in watch.troubles if "ERR_INTERNET_DISCONNECTED" not in one and "ERR_FAILED" not in one
    ]
