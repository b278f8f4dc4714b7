"""The first whole walk through the product: a results file becomes a round, scores, evidence, a decision, a report anyone checks."""

import os
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Lang, OpenPage, Product

SignIn = Callable[[Page, str], None]
Shoot = Callable[[Page, str], Path]
Check = Callable[[Page], None]

WORDS = {
    "evaluate": {"en": "Evaluate", "zh": "评定"},
    "release": {"en": "Release…", "zh": "发布……"},
    "confirm": {"en": "Release", "zh": "发布"},
    "upload": {"en": "Upload and preview", "zh": "上传并预览"},
    "create": {"en": "Create the round", "zh": "创建轮次"},
    "ask": {"en": "Ask", "zh": "查询"},
    "yes": {"en": "yes", "zh": "可以"},
    "no": {"en": "no", "zh": "不可以"},
    "unknown": {"en": "unknown", "zh": "无法判定"},
    "valid": {"en": "Valid", "zh": "有效"},
    "altered": {"en": "Altered", "zh": "已被改动"},
}


def results_file(folder: Path, name: str, rows: int) -> Path:
    """A results file of laboratories of the demonstration, one unknown to the register and one result below a limit."""
    lines = ["实验室,结果,不确定度,k,单位"]
    codes = ["L01", "L02", "L03", "L05", "L06", "L07", "L08", "L09", "L10", "L12", "L15", "L16", "L18", "L21", "L23"][
        :rows
    ]
    lines += [f"示范实验室 {code},{0.040 + i * 0.0007:.4f},0.006,2,mg/kg" for i, code in enumerate(codes)]
    lines += ["外来实验室,0.0431,0.005,2,mg/kg", "示范实验室 L24,<0.01,,,mg/kg"]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("zh", 390)])
def test_a_results_file_becomes_a_released_round(
    lang: Lang, width: int, open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check, tmp_path: Path
) -> None:
    page = open_page(lang, width)
    sign_in(page, "coordinator")
    look(page, "coordinator-home", screenshot, axe)
    page.goto("/office/rounds/new/")
    look(page, "round-new", screenshot, axe)
    page.set_input_files("input[type=file]", results_file(tmp_path, "mercury-2.csv", 15))
    page.get_by_role("button", name=WORDS["upload"][lang]).click()
    expect(page.locator("body")).to_contain_text("外来实验室")  # who will leave no evidence
    number = f"WALK-{lang}-{os.getpid()}"
    page.fill("input[name=number]", number)
    page.fill("input[name=title_zh]", "饲料中总汞（第二轮）")
    page.fill("input[name=title_en]", "Total mercury in feed, second round")
    page.fill("input[name=performed_on]", "2026-06-01")
    page.get_by_label("Parameter" if lang == "en" else "参数").select_option(
        label="Total mercury" if lang == "en" else "总汞"
    )
    page.get_by_label("Matrix" if lang == "en" else "基质").select_option(label="Feed" if lang == "en" else "饲料")
    look(page, "round-preview", screenshot, axe)
    page.get_by_role("button", name=WORDS["create"][lang]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("second round" if lang == "en" else "第二轮")
    page.get_by_role("button", name=WORDS["evaluate"][lang], exact=True).click()
    expect(page.locator(".chart svg, .chart canvas").first).to_be_visible(timeout=60_000)
    look(page, "round-evaluated", screenshot, axe)
    page.get_by_role("link", name=WORDS["release"][lang]).click()
    page.locator("dialog input[name=number]").fill(number)
    page.get_by_role("button", name=WORDS["confirm"][lang], exact=True).click()
    expect(page.locator("a[href$='report-both.pdf']")).to_be_visible(timeout=90_000)
    look(page, "round-released", screenshot, axe)


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_a_laboratory_sees_its_own_result_among_codes_and_the_new_evidence(
    lang: Lang, width: int, open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check
) -> None:
    page = open_page(lang, width)
    sign_in(page, "laboratory")
    look(page, "laboratory-home", screenshot, axe)
    page.goto("/workspace/rounds/")
    look(page, "laboratory-rounds", screenshot, axe)
    page.get_by_role("link", name="IMEP-111").first.click()
    expect(page.locator("tr.own")).to_have_count(1)
    expect(page.locator("body")).not_to_contain_text(
        "示范实验室 L04" if lang == "zh" else "Demonstration Laboratory L04"
    )
    look(page, "laboratory-round", screenshot, axe)
    page.goto("/workspace/capability/")
    expect(page.locator("main")).to_contain_text("IMEP-111")
    look(page, "laboratory-capability", screenshot, axe)


@pytest.mark.parametrize(
    ("lang", "width", "laboratory", "answer"),
    [("en", 1280, "L08", "yes"), ("zh", 390, "L04", "no"), ("zh", 1280, "新建", "unknown")],
)
def test_a_regulator_asks_who_may_be_the_subcontractor(
    lang: Lang, width: int, laboratory: str, answer: str,
    open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check,
) -> None:  # fmt: skip
    page = open_page(lang, width)
    sign_in(page, "regulator")
    look(page, "regulator-home", screenshot, axe)
    page.goto("/office/eligibility/")
    page.fill("input[name=institution]", f"示范实验室 {laboratory}")
    page.select_option("select[name=parameter]", label="总汞" if lang == "zh" else "Total mercury")
    page.select_option("select[name=matrix]", label="饲料" if lang == "zh" else "Feed")
    look(page, "eligibility", screenshot, axe)
    page.get_by_role("button", name=WORDS["ask"][lang], exact=True).click()
    expect(page.locator("[data-answer]")).to_have_attribute("data-answer", answer)
    expect(page.locator("main")).to_contain_text(WORDS[answer][lang])
    for rule in ("R1", "R2", "R3", "R4", "R5"):
        expect(page.locator("main")).to_contain_text(rule)
    look(page, f"decision-{answer}", screenshot, axe)


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("zh", 390)])
def test_anyone_checks_a_report_by_its_signature(
    lang: Lang, width: int, open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check, tmp_path: Path
) -> None:
    inside = open_page(lang, width)
    sign_in(inside, "laboratory")
    inside.goto("/workspace/rounds/")
    inside.get_by_role("link", name="IMEP-111").first.click()
    report = tmp_path / "report.pdf"
    with inside.expect_download() as download:
        inside.locator("a[href$='report-both.pdf']").first.click()
    download.value.save_as(report)

    page = open_page(lang, width)  # someone else, who has no account
    page.goto("/check/")
    look(page, "check", screenshot, axe)
    assert check(page, report) == "valid"
    look(page, "check-valid", screenshot, axe)
    altered = tmp_path / "altered.pdf"
    change_visible_text(report, altered)
    assert check(page, altered) == "altered"
    look(page, "check-altered", screenshot, axe)
    assert check(page, picture_of_qr(report, tmp_path)) == "valid"


def check(page: Page, file: Path) -> str:
    page.goto("/check/")
    page.set_input_files("input[type=file]", file)
    page.locator("form:has(input[type=file]) button").first.click()
    answer = page.locator("[data-outcome]").get_attribute("data-outcome")
    return answer or ""


def change_visible_text(report: Path, altered: Path) -> None:
    """Paint over the first page and save, with the attachments as they were."""
    import pikepdf

    with pikepdf.open(report) as pdf:
        pdf.pages[0].contents_add(b"1 1 1 rg 60 600 200 40 re f", prepend=False)
        pdf.save(altered)


def picture_of_qr(report: Path, folder: Path) -> Path:
    """The page with the QR code as a camera would take it."""
    from zhunsheng.foundation.signing import read_qr

    subprocess.run(["pdftoppm", "-r", "110", "-png", report, folder / "page"], check=True)
    for picture in sorted(folder.glob("page*.png")):
        if read_qr(picture.read_bytes()):
            return picture
    raise AssertionError("no page of the report has a QR code that can be read")


def test_a_wrong_role_finds_nothing(open_page: OpenPage, sign_in: SignIn, missing: Callable[[Page, str], None]) -> None:
    page = open_page("en", 1280)
    sign_in(page, "laboratory")
    for address in ("/office/rounds/", "/office/eligibility/", "/office/rounds/00000000-0000-0000-0000-000000000000/"):
        missing(page, address)
    page = open_page("zh", 1280)
    sign_in(page, "administrator")
    for address in ("/office/rounds/", "/office/eligibility/", "/workspace/rounds/"):
        missing(page, address)


def test_a_worker_killed_at_work_is_noticed_and_the_job_goes_on(
    product: Product, open_page: OpenPage, sign_in: SignIn, tmp_path: Path
) -> None:
    """Kill −9 the job worker while it evaluates a big round: another takes the job over and ends it, once."""
    path = tmp_path / "big.csv"
    rows = [f"Laboratory {n},{m},{10 + m + n % 17 / 10:.1f}" for m in range(60) for n in range(400)]
    path.write_text("laboratory,measurand,result\n" + "\n".join(rows) + "\n", encoding="utf-8")
    page = open_page("en", 1280)
    sign_in(page, "coordinator")
    page.goto("/office/rounds/new/")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name=WORDS["upload"]["en"]).click()
    number = f"BIG-{os.getpid()}"
    page.fill("input[name=number]", number)
    page.fill("input[name=title_zh]", "大轮次")
    page.fill("input[name=title_en]", "A big round")
    page.fill("input[name=performed_on]", "2026-06-01")
    page.get_by_role("button", name=WORDS["create"]["en"]).click()
    page.wait_for_url(re.compile(r"/office/rounds/[0-9a-f-]{36}/$"), timeout=60_000)
    page.get_by_role("button", name=WORDS["evaluate"]["en"], exact=True).click()
    kill_the_worker(product)
    expect(page.locator("body")).to_contain_text("Evaluated.", timeout=120_000)
    assert state_of_newest_job(product) == ("done", 2)  # begun twice, done once


def kill_the_worker(product: Product) -> None:
    """Kill −9 the worker the moment the job is seen running."""
    worker = next(pid for pid in children_of(product.process.pid) if command_of(pid).endswith(b"work"))
    deadline = time.monotonic() + 60
    while state_of_newest_job(product)[0] != "running":
        assert time.monotonic() < deadline, "the job never ran"
        time.sleep(0.005)
    os.kill(worker, signal.SIGKILL)


def state_of_newest_job(product: Product) -> tuple[str, int]:
    database = sqlite3.connect(f"file:{product.var / 'zhunsheng.sqlite3'}?mode=ro", uri=True)
    with closing(database):
        found: tuple[str, int] = database.execute(
            "SELECT state, attempts FROM jobs_job ORDER BY created_at DESC"
        ).fetchone()
        return found


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0")


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def look(page: Page, name: str, screenshot: Shoot, axe: Check) -> None:
    """Take the picture and check accessibility."""
    page.wait_for_load_state("networkidle")
    screenshot(page, name)
    axe(page)
