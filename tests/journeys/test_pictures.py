"""The picture of the READMEs: a coordinator looks at an evaluated round. `make docs` puts it in its place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Page

SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_of_a_round(
    lang: str,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    screenshot: Callable[..., Path],
) -> None:
    page = open_page(lang, 1280)
    sign_in(page, "coordinator")
    page.goto("/office/rounds/")
    page.get_by_role("link", name="IMEP-111").first.click()
    page.wait_for_selector("[data-chart] svg, [data-chart] canvas")
    axe(page)
    screenshot(page, "round")
    charts = page.locator("[data-chart]").last.bounding_box()
    assert charts is not None
    down_to_the_charts: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": charts["y"] + charts["height"] + 24}
    page.screenshot(path=SCREENSHOTS / f"readme-round-{lang}.png", full_page=True, clip=down_to_the_charts)
