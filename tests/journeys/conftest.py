"""The real product, started as a user starts it, and a real browser that complains about everything a person would.

Any error on the console, any violation of the content security policy, any uncaught exception fails the test that met it.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route, sync_playwright

from tests import ground

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
LOCALES = {"zh": "zh-CN", "en": "en-US"}
HEIGHTS = {1280: 900, 390: 844}

Lang = Literal["zh", "en"]


@dataclass
class Product:
    """A running product with the demonstration in it; `settings` are those beside the usual ones."""

    address: str
    var: Path
    process: subprocess.Popen[bytes]
    settings: dict[str, str]

    @property
    def log(self) -> str:
        return (self.var / "serve.log").read_text(encoding="utf-8", errors="replace")

    @property
    def password(self) -> str:
        """What `serve --demo` prints for whoever wants to sign in."""
        found = re.search(r"password (\S+)", self.log)
        assert found, f"serve did not say who may sign in:\n{self.log}"
        return found[1]

    def beside(self, module: str, *arguments: str) -> str:
        """What a module of the journeys prints last, run beside the product with its data and settings."""
        told = subprocess.run(
            [sys.executable, "-m", f"tests.journeys.{module}", *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
            env=os.environ | {
                "ZHUNSHENG_VAR": str(self.var), "ZHUNSHENG_DEMO": "1", "DJANGO_SETTINGS_MODULE": "zhunsheng.settings",
                "ZHUNSHENG_DEMO_PASSWORD": self.password, **self.settings,
            },
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        return told.stdout.splitlines()[-1]


@pytest.fixture(scope="session")
def site_settings() -> Iterator[dict[str, str]]:
    """As one machine has it, which is nothing; with `TESTS_SETUP=scaled`, as a site of several has it: PostgreSQL, procrastinate, Dask."""
    if os.environ.get("TESTS_SETUP") != "scaled":
        yield {}
        return
    from distributed import LocalCluster

    # Processes of their own with nothing of the site's settings in them, as on another machine.
    database = f"postgresql://{ground.SUPERUSER}@/postgres?host={ground.start_postgresql()}"
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        yield {
            "ZHUNSHENG_DATABASE_URL": database, "ZHUNSHENG_QUEUE": "procrastinate",
            "ZHUNSHENG_SCATTER": cluster.scheduler_address,
        }  # fmt: skip


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, site_settings: dict[str, str]) -> Iterator[Product]:
    var, port = tmp_path_factory.mktemp("product"), free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ZHUNSHENG_", "DJANGO_"))}
    with (var / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("zhunsheng"), "serve", "--demo", "--port", str(port)],
            env=environment | {"ZHUNSHENG_VAR": str(var), "PYTHONUNBUFFERED": "1"} | site_settings,
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    running = Product(f"http://127.0.0.1:{port}", var, process, site_settings)
    try:
        wait_for(running)
        yield running
    finally:
        stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(product: Product, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert product.process.poll() is None, f"the product ended while starting:\n{product.log}"
        try:
            with urllib.request.urlopen(product.address, timeout=5):
                if product.address in product.log:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the product did not answer within {seconds:.0f} s:\n{product.log}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a file. It is closed at the file's end because Django refuses to work in a thread that drives one."""
    assert CHROMIUM.exists(), "Journeys need a browser: apt-get install --no-install-recommends chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Watch:
    """What went wrong on a page."""

    troubles: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.troubles.append(f"uncaught: {error}"))
        page.on("response", self.see)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")

    def see(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} {response.url}")

    def forget_the_missing(self, url: str) -> None:
        """A browser calls a 404 that a journey looked for an error too."""
        self.troubles = [one for one in self.troubles if not ("404" in one and url in one)]


SENT = re.compile(r"/(save/|sync/|status\.json)$")


@contextmanager
def without_network(page: Page) -> Iterator[None]:
    """The network is off. While a page loads again, the browser's emulation lets requests through: those that send are stopped, too."""

    def stop(route: Route) -> None:
        route.abort("internetdisconnected")

    page.context.route(SENT, stop)
    page.context.set_offline(True)
    yield
    page.context.unroute(SENT, stop)
    page.context.set_offline(False)


OpenPage = Callable[..., Page]


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert watching.troubles == []


@pytest.fixture
def open_page(product: Product, browser: Browser, watch: Watch) -> Iterator[OpenPage]:
    """`open_page("zh", 390)`: a new visitor with that language and width, at the front door, signed in nowhere."""
    contexts = []

    def new(lang: Lang = "en", width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=product.address,
            locale=LOCALES[lang],
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            timezone_id="Asia/Shanghai",  # a phone is where the product is: at 02:00 there it is yesterday elsewhere
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        watch.follow(page)
        page.goto("/")
        return page

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A visitor who reads English at a desk."""
    return open_page("en", 1280)


@pytest.fixture
def sign_in(product: Product) -> Callable[[Page, str], None]:
    """`sign_in(page, "coordinator")`: through the form, with the password that `serve --demo` printed."""

    def through_the_form(page: Page, who: str) -> None:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", who)
        page.fill("input[name=password]", product.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/home/")

    return through_the_form


@pytest.fixture
def missing(watch: Watch) -> Callable[[Page, str], None]:
    """`missing(page, "/office/")`: for this visitor there is nothing at that address."""

    def is_missing(page: Page, path: str) -> None:
        answer = page.goto(path)
        assert answer is not None and answer.status == 404, f"{path} answers {answer and answer.status}"
        page.wait_for_load_state("load")
        watch.forget_the_missing(path)

    return is_missing


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: no serious or critical fault that a person with a disability would meet."""

    def is_clean(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        grave = [
            f"{one['impact']}: {one['help']} ({one['id']}) at {', '.join(node['target'][0] for node in one['nodes'][:5])}"
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        assert grave == []

    return is_clean


@pytest.fixture
def screenshot() -> Callable[[Page, str], Path]:
    """`screenshot(page, "round")`: the whole page as var/screenshots/round-en-1280.png; it must not scroll sideways."""

    def take(page: Page, name: str) -> Path:
        lang = (page.locator("html").get_attribute("lang") or "")[:2]
        width = page.viewport_size["width"] if page.viewport_size else 0
        path = SCREENSHOTS / f"{name}-{lang}-{width}.png"
        page.screenshot(path=path, full_page=True, animations="disabled")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} pixels wider than its window of {width}"
        return path

    return take
