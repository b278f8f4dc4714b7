"""The picture of the READMEs: a coordinator looks at an evaluated round. `make docs` puts it in its place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page


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
    screenshot(page, "readme-round")
