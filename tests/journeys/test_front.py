"""The front door, as anyone finds it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_anyone_finds_the_door_open(
    lang: str, width: int, open_page: Callable[..., Page], axe: Callable[[Page], None], screenshot: Callable[..., Path]
) -> None:
    page = open_page(lang, width)
    assert ("准绳" if lang == "zh" else "Zhunsheng") in page.title()
    axe(page)
    screenshot(page, "front")


def test_behind_a_wrong_door_there_is_nothing_and_it_says_so(page: Page, missing: Callable[[Page, str], None]) -> None:
    missing(page, "/no-such-room/")
