"""The officer's phone with the network off: a photograph taken, the page loaded again, then connected and sent twice: all there, once."""

import base64
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route

from tests.journeys.conftest import Product, Watch, without_network
from tests.journeys.inspection_network import OFFICER

PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def visit(product: Product) -> str:
    """The key of a visit that began today."""
    return product.beside("inspection_network")


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


def text_of(product: Product, query: str) -> str:
    with sqlite3.connect(f"file:{next(product.var.glob('*.sqlite3'))}?mode=ro", uri=True) as connection:
        return str(connection.execute(query).fetchone()[0])


def on_the_phone(page: Page) -> dict[str, int]:
    """Kept pages of the officer, what the server had of tasks, and what was written down."""
    told: dict[str, int] = page.evaluate(
        """async () => ({
          pages: (await caches.has("1 /inspector/"))
            ? (await (await caches.open("1 /inspector/")).keys())
              .filter((one) => new URL(one.url).pathname.startsWith("/inspector/")).length : 0,
          kept: (await inspectorStore.keptTasks()).length, records: (await inspectorStore.all()).length,
        })"""
    )
    return told


def write_down(page: Page) -> None:
    page.select_option("#code", "F07")
    page.fill("#facts", "天平校准过期后仍在使用")
    page.fill("#place", "天平室")
    page.check("#position")
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
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 30.2741, "longitude": 120.1551, "accuracy": 12})
    sign_in(page, OFFICER)
    page.goto(f"/inspector/{visit}/")
    page.locator("#offline-state[data-state=ready]").wait_for()
    before = everything(product)

    with without_network(page):
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
    assert text_of(product, "SELECT position FROM inspections_exhibit") == "geo:30.2741,120.1551;u=12"
    axe(page)
    screenshot(page, "inspector-sent")
    assert on_the_phone(page) == {"pages": 2, "kept": 1, "records": 0}
    page.locator(".site-tools form[action*=logout] button").first.evaluate("one => one.form.requestSubmit(one)")
    page.wait_for_url(lambda url: "/inspector/" not in url)
    page.wait_for_function("async () => !(await caches.has('1 /inspector/'))")
    assert on_the_phone(page) == {"pages": 0, "kept": 0, "records": 0}, "what the server gave leaves with the officer"
    page.context.set_offline(True)
    with pytest.raises(Error):
        page.goto(f"/inspector/{visit}/")
    watch.troubles = [
        one for one in watch.troubles if "ERR_INTERNET_DISCONNECTED" not in one and "ERR_FAILED" not in one
    ]
