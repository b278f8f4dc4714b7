"""The charts in a browser, under the policy that every page is served with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from tests.foundation.typesetting.test_charts import THREE
from zhunsheng.activities.proficiency.chart_data import result_data, z_score_data
from zhunsheng.foundation import typesetting

STATIC = Path(typesetting.__file__).parent / "static"
FILES = {
    "echarts.js": STATIC / "vendor/echarts/echarts.min.js",
    "options.js": STATIC / "charts/options.js",
    "draw.js": STATIC / "charts/draw.js",
}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><link rel="stylesheet" href="page.css">
<link rel="icon" href="data:,"><script src="echarts.js"></script><script src="options.js"></script>
<script src="draw.js"></script></head><body>
<script type="application/json" id="z">{z}</script><script type="application/json" id="r">{r}</script>
<div class="chart" data-chart="zScores" data-source="#z"></div><div id="later"></div></body></html>"""
LATER = '<div class="chart" data-chart="resultBars" data-source="#r" data-lang="en"></div>'


def serve(route: Route) -> None:
    name = route.request.url.rsplit("/", 1)[-1]
    if name in FILES:
        route.fulfill(path=FILES[name], content_type="text/javascript")
    elif name == "page.css":
        route.fulfill(body=".chart { height: 320px }", content_type="text/css")
    else:
        data = {"z": json.dumps(z_score_data(THREE, own="乙")), "r": json.dumps(result_data(THREE))}
        html = PAGE.replace("{z}", data["z"]).replace("{r}", data["r"])
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})


@pytest.fixture(scope="module")
def browser_page() -> Iterator[tuple[Page, list[str]]]:
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 800})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/*", serve)
        page.goto("http://charts.test/")
        yield page, complaints
        browser.close()


def widths(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate("[...document.querySelectorAll('.chart svg')].map(s => s.clientWidth)")
    return found


def test_a_chart_is_drawn_swapped_in_hovered_and_resized_without_complaint(
    browser_page: tuple[Page, list[str]],
) -> None:
    page, complaints = browser_page
    page.wait_for_selector(".chart svg")
    assert "满意" in (page.get_attribute(".chart", "aria-label") or "")
    page.evaluate("html => { document.getElementById('later').innerHTML = html }", LATER)
    page.wait_for_selector("#later svg")
    assert "action signal" in (page.text_content("#later svg") or "")
    page.mouse.move(300, 480)
    page.get_by_text("± 0.5 mg/kg").wait_for(timeout=3000)
    page.set_viewport_size({"width": 500, "height": 800})
    wait_until(page, "document.querySelector('.chart svg').clientWidth < 500")
    assert len(set(widths(page))) == 1
    page.evaluate("document.getElementById('later').innerHTML = ''")
    assert complaints == []


def wait_until(page: Page, expression: str) -> None:
    """Playwright's own waiting evaluates strings in the page, which the policy rightly refuses."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def test_the_tooltip_speaks_of_the_laboratory_under_the_pointer(browser_page: tuple[Page, list[str]]) -> None:
    page, _ = browser_page
    page.goto("http://charts.test/")
    page.evaluate("html => { document.getElementById('later').innerHTML = html }", LATER)
    page.wait_for_selector("#later svg")
    box = page.locator("#later svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.85, box["y"] + 150)
    page.get_by_text("17.25 ± 0.5 mg/kg").wait_for(timeout=3000)
