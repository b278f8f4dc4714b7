"""The page that checks a draw, against the command: two programs that share no code must say the same of every vector."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from tests.journeys.conftest import Product, Watch
from zhunsheng.faces.cli import app

VECTORS = Path(__file__).parents[2] / "docs/reference/draw-vectors"
NAMES = sorted(path.stem for path in VECTORS.glob("*.json") if path.stem != "expected")


def by_command(name: str) -> dict[str, list[str | None]]:
    done = CliRunner().invoke(app, ["draw", "verify", str(VECTORS / f"{name}.json"), "--json"])
    return {one["name"]: [one["outcome"], one["place"]] for one in json.loads(done.output)["checks"]}


def by_page(page: Page, name: str) -> dict[str, list[str | None]]:
    page.set_input_files("#draw-file", VECTORS / f"{name}.json")
    page.locator("#draw-answer p.small", has_text=f"{name}.json").wait_for()
    told = page.locator("[data-check]").evaluate_all(
        "rows => rows.map(row => [row.dataset.check, row.dataset.outcome, row.dataset.place])"
    )
    return {check: [outcome, None if place == "-" else place] for check, outcome, place in told}


def test_page_command_and_shipped_answers_agree_on_every_vector(page: Page) -> None:
    page.goto("/draws/check/")
    assert len(NAMES) >= 12
    told = {name: by_page(page, name) for name in NAMES}
    assert {name: found for name, found in told.items() if found != by_command(name)} == {}
    assert told == json.loads((VECTORS / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def kept(product: Product, browser: Browser, watch: Watch, tmp_path: Path) -> Iterator[Page]:
    """The page as it was downloaded, opened from a folder, with no network."""
    packed = tmp_path / "draw-check.zip"
    with urlopen(f"{product.address}/draws/check/draw-check.zip") as answer:
        packed.write_bytes(answer.read())
    zipfile.ZipFile(packed).extractall(tmp_path)
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch.follow(page)
    page.goto((tmp_path / "draw-check/index.html").as_uri())
    yield page
    context.close()


def test_the_page_works_from_a_folder_without_a_network(kept: Page, screenshot: Callable[[Page, str], Path]) -> None:
    assert by_page(kept, "accept-weights-recusals") == by_command("accept-weights-recusals")
    assert "抽取结果核验无误" in kept.inner_text("#draw-answer")
    kept.click("[data-speak=en]")
    assert "The draw holds" in kept.inner_text("#draw-answer")
    assert by_page(kept, "reject-flipped-ticket") == by_command("reject-flipped-ticket")
    assert "computed again it is 1" in kept.inner_text("[data-check=tickets]")
    screenshot(kept, "draw-check-alone")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_read_by_everyone(
    lang: str, width: int, open_page: Callable[..., Page], axe: Callable[[Page], None], screenshot: Callable[..., Path]
) -> None:
    page = open_page(lang, width)
    page.goto("/draws/check/")
    axe(page)
    by_page(page, "reject-flipped-ticket")
    axe(page)
    screenshot(page, "draw-check-differs")
    by_page(page, "accept-weights-recusals")
    screenshot(page, "draw-check-holds")


def test_a_secret_made_here_fits_its_promise(page: Page) -> None:
    page.goto("/draws/check/")
    page.get_by_role("button", name="Make a secret").click()
    made = page.locator("[data-secret]").inner_text()
    assert page.locator("[data-promise]").inner_text() == hashlib.sha256(bytes.fromhex(made)).hexdigest()
