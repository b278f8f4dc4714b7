"""A draw in the browser: promised, revealed, published, and computed again by whoever downloads the file."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.activities.campaigns.draw.network import BEACON, WITNESS_SECRET
from tests.journeys.conftest import Product


@pytest.fixture(scope="module")
def promised(product: Product) -> str:
    """The key of a draw that was promised three days ago."""
    return product.beside("draw_network")


def test_a_draw_from_promise_to_a_stranger_who_computes_it_again(
    promised: str,
    page: Page,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    screenshot: Callable[..., Path],
    missing: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    stranger = open_page("zh", 390)
    stranger.goto(f"/draws/{promised}/")
    assert "事先的承诺" in stranger.inner_text("main") and "抽中机构待检查后公开" in stranger.inner_text("main")
    axe(stranger)
    screenshot(stranger, "draw-promised")
    missing(stranger, f"/draws/{promised}/draw.json")

    sign_in(page, "regulator")
    page.goto(f"/office/draws/{promised}/")
    page.fill("input[name=beacon]", BEACON)
    page.fill("input[name=secret]", "ab" * 32)
    page.get_by_role("button", name="Reveal").click()
    assert "The secret of party 2 is not the one that was promised." in page.inner_text("main")
    page.fill("input[name=secret]", WITNESS_SECRET)
    page.get_by_role("button", name="Reveal").click()
    page.get_by_role("heading", name="Next: inspect, then publish").wait_for()
    assert page.locator("#drawn").count() == 1 and page.locator("table:has(#drawn) tbody tr").count() == 6
    axe(page)
    screenshot(page, "draw-revealed")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published.").wait_for()

    stranger.goto(f"/draws/{promised}/")
    assert stranger.locator("table:has(#drawn) tbody tr").count() == 6
    assert "检查员" not in stranger.inner_text("table:has(#drawn) tbody")
    axe(stranger)
    screenshot(stranger, "draw-published")
    with stranger.expect_download() as kept:
        stranger.get_by_role("link", name="下载抽取文件").click()
    kept.value.save_as(tmp_path / "draw.json")
    stranger.goto("/draws/check/")
    stranger.set_input_files("#draw-file", tmp_path / "draw.json")
    stranger.locator("[data-holds=true]").wait_for()
    assert stranger.locator("[data-check][data-outcome=holds]").count() == 8
    done = subprocess.run(
        [Path(sys.executable).with_name("zhunsheng"), "draw", "verify", tmp_path / "draw.json"], check=False
    )
    assert done.returncode == 0


def test_a_draw_is_planned_with_a_secret_made_by_the_second_party(
    promised: str,
    page: Page,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    screenshot: Callable[..., Path],
) -> None:
    witness = open_page("en", 1280)
    witness.goto("/draws/check/")
    witness.get_by_role("button", name="Make a secret").click()
    promise = witness.locator("[data-promise]").inner_text()
    sign_in(page, "regulator")
    page.goto("/office/draws/new/")
    axe(page)
    screenshot(page, "draw-new")
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    for name, value in {
        "title_zh": "夏季抽查", "title_en": "Summer", "quota_food": "9999", "beacon_zh": "彩票", "beacon_en": "lottery",
        "beacon_on": tomorrow, "witness_zh": "纪检部门", "witness_en": "Discipline office", "promise": promise,
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Freeze the list and promise").click()
    assert "for a quota of 9999. Lower the quota" in page.inner_text("main")
    page.fill("[name=quota_food]", "3")
    page.get_by_role("button", name="Freeze the list and promise").click()
    page.get_by_text("The list is frozen and the promise is public.").wait_for()
    assert promise in page.inner_text("main")
    assert "Until then nothing can be drawn." in page.inner_text("main")
    page.goto("/office/draws/officers/")
    axe(page)
    screenshot(page, "draw-officers")
