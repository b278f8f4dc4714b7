"""A round from its plan to a corrigendum, in a browser.

Planned, enrolled, items sent and received, results of three laboratories entered by hand, approved, evaluated, released; one appeals
and wins, and its capability shows it.
"""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage, Product, Watch, without_network
from tests.journeys.proficiency_network import RESULTS

SignIn = Callable[[Page, str], None]
Shoot = Callable[[Page, str], Path]
Check = Callable[[Page], None]
NUMBER = "JOURNEY-PT"


def look(page: Page, name: str, screenshot: Shoot, axe: Check) -> None:
    page.wait_for_load_state("load")
    axe(page)
    screenshot(page, name)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def follow(page: Page, words: str) -> None:
    page.get_by_role("link", name=words).first.click()


def test_from_the_plan_to_a_report(
    product: Product, open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check, watch: Watch, tmp_path: Path
) -> None:  # fmt: skip
    office = open_page("en", 1280)
    sign_in(office, "coordinator")
    plan(office, screenshot, axe)
    lab = open_page("zh", 390)
    sign_in(lab, "laboratory")
    enrol(lab, screenshot, axe)
    newcomer, failing = open_page("zh", 1280), open_page("zh", 390)
    sign_in(newcomer, "laboratory-unknown")
    enrol_at_once(newcomer)
    end_the_enrolment(office, tmp_path, screenshot, axe)
    send_the_items(office, screenshot, axe)
    receive_the_items(lab, screenshot, axe)
    enter(lab, screenshot, axe)
    type_in(newcomer, "0.0435")
    sign_in(failing, "laboratory-no")
    type_in(failing, "0.013")
    second = open_page("zh", 1280)
    sign_in(second, "laboratory-technical")
    approve(second)
    assert product.beside("proficiency_network", NUMBER) == str(len(RESULTS) - 1)
    evaluate_and_release(office, screenshot, axe)
    read_the_report(lab, screenshot, axe)
    appeal(failing, screenshot, axe)
    decider = open_page("en", 1280)
    sign_in(decider, "second-coordinator")
    uphold(decider, screenshot, axe)
    correct(office, screenshot, axe)
    read_that_it_was_right(failing, screenshot, axe)
    watch.troubles = [one for one in watch.troubles if "ERR_INTERNET_DISCONNECTED" not in one]


def plan(page: Page, screenshot: Shoot, axe: Check) -> None:
    page.goto("/office/rounds/")
    follow(page, "Plan a round")
    for name, said in {
        "number": NUMBER, "title_zh": "饲料中总汞（演示）", "title_en": "Total mercury in feed, from the plan on", "expected": "8",
        "enrol_until": "2098-04-30T23:59", "ship_on": "2098-05-06", "results_until": "2098-05-29T17:00",
        "promise_zh": "代码每轮更新，身份不提供给任何一方。", "promise_en": "Codes are new in every round; identities go to nobody.",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", said)
    look(page, "round-plan-form", screenshot, axe)
    press(page, "Save the plan")
    expect(page.locator("body")).to_contain_text("At least one item.")
    follow(page, "Add an item")
    for name, said in {"code": "A", "name_zh": "饲料", "name_en": "Feed", "matrix": "Feed"}.items():
        page.fill(f"[name={name}]", said)
    press(page, "Save")
    follow(page, "Add a measurand")
    for name, said in {
        "parameter": "Total mercury", "unit": "mg/kg", "step": "0.001", "assigned": "0.044", "u_assigned": "0.0015", "sigma": "0.0066",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", said)
    press(page, "Save")
    look(page, "round-plan", screenshot, axe)
    follow(page, "Open the enrolment…")
    press(page, "Open the enrolment")
    expect(page.locator("body")).to_contain_text("Enrolment is open.")


def enrol(page: Page, screenshot: Shoot, axe: Check) -> None:
    page.goto("/workspace/enrolments/")
    look(page, "enrolments", screenshot, axe)
    follow(page, "饲料中总汞（演示）")
    for name, said in {"contact": "收样员", "phone": "0571-0000", "address": "示范地址 1 号"}.items():
        page.fill(f"[name={name}]", said)
    page.check("[name=accepted]")
    look(page, "enrol", screenshot, axe)
    press(page, "报名")
    expect(page.locator("body")).to_contain_text("本机构已报名。")


def enrol_at_once(page: Page) -> None:
    page.goto("/workspace/enrolments/")
    follow(page, "饲料中总汞（演示）")
    for name, said in {"contact": "收样员", "phone": "0571-0001", "address": "示范地址 2 号"}.items():
        page.fill(f"[name={name}]", said)
    page.check("[name=accepted]")
    press(page, "报名")
    expect(page.locator("body")).to_contain_text("本机构已报名。")


def end_the_enrolment(page: Page, folder: Path, screenshot: Shoot, axe: Check) -> None:
    """The others registered on paper; one of them is written wrong at first, and then nobody of the file goes in."""
    follow(page, "Enrolment")
    follow(page, "Enrol from a file")
    page.set_input_files("[name=file]", paper(folder / "paper.xlsx", wrong=True))
    press(page, "Send and check")
    expect(page.locator("body")).to_contain_text("“示范实验室 Z99” is not in the register", timeout=60_000)
    look(page, "enrolments-refused", screenshot, axe)
    follow(page, "Send the mended file")
    page.set_input_files("[name=file]", paper(folder / "paper.xlsx", wrong=False))
    press(page, "Send and check")
    go_in = page.get_by_role("button", name=f"Let {len(RESULTS)} rows go in")
    expect(go_in).to_be_visible(timeout=60_000)
    go_in.click()
    expect(page.get_by_role("link", name="See who is enrolled")).to_be_visible(timeout=60_000)
    follow(page, "See who is enrolled")
    follow(page, "End the enrolment…")
    page.fill("[name=number]", NUMBER)
    press(page, "Draw the codes")
    look(page, "round-enrolled", screenshot, axe)


def send_the_items(page: Page, screenshot: Shoot, axe: Check) -> None:
    """Nothing leaves before a person has answered for homogeneity and stability."""
    follow(page, "Shipping")
    expect(page.locator("body")).to_contain_text("Nothing may leave yet")
    follow(page, "To the items")
    for kind in ("homogeneity", "stability"):
        page.locator(f"table a[href$='/{kind}/']").first.click()
        page.fill("[name=reason]", "The item is a certified reference material.")
        press(page, "Waive")
        follow(page, "Back")
    follow(page, "Shipping")
    press(page, f"Pack for {len(RESULTS) + 2} laboratories")
    look(page, "round-packed", screenshot, axe)
    follow(page, f"Hand {len(RESULTS) + 2} parcels to the carrier…")
    page.fill("[name=carrier]", "EMS")
    press(page, "Hand over")
    expect(page.locator("body")).to_contain_text(f"{len(RESULTS) + 2} parcels are on their way.")


def receive_the_items(page: Page, screenshot: Shoot, axe: Check) -> None:
    page.goto("/workspace/items/")
    page.locator("table a").first.click()
    page.fill("[name=temperature]", "4.5")
    look(page, "parcel", screenshot, axe)
    press(page, "确认接收")
    expect(page.locator("body")).to_contain_text("4.5 ℃")


def type_in(page: Page, result: str) -> None:
    page.goto("/workspace/rounds/due/")
    follow(page, NUMBER)
    page.locator("input.result").first.fill(result)
    page.locator("input.uncertainty").first.fill("0.004")
    page.locator("input.k").first.fill("2")
    expect(page.locator("#told")).to_contain_text("已保存", timeout=20_000)
    follow(page, "核对并提交")
    page.check("[name=sure]")
    press(page, "提交")
    expect(page.locator("body")).to_contain_text("回执")


def paper(path: Path, *, wrong: bool) -> Path:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["实验室", "联系人"])
    for code in [*RESULTS, *(["Z99"] if wrong else [])]:
        book.active.append([f"示范实验室 {code}", "联系人"])
    book.save(buffer)
    path.write_bytes(buffer.getvalue())
    return path


def enter(page: Page, screenshot: Shoot, axe: Check) -> None:
    """On a phone, with the network lost while typing: nothing is lost, and it is sent once when the network is back."""
    page.goto("/workspace/rounds/due/")
    follow(page, NUMBER)
    expect(page.locator("#offline-state")).to_contain_text("已可离线使用", timeout=20_000)
    first = page.locator("input.result").first
    with without_network(page):
        first.fill("0.046")
        page.locator("input.uncertainty").first.fill("0.004")
        page.locator("input.k").first.fill("2")
        page.wait_for_timeout(1500)
        page.reload()
        expect(first).to_have_value("0.046")
    expect(page.locator("#told")).to_contain_text("已保存", timeout=20_000)
    page.reload()
    expect(page.locator("input.result").first).to_have_value("0.046")
    look(page, "results-entry", screenshot, axe)
    follow(page, "核对并提交")
    page.check("[name=sure]")
    press(page, "提交")
    expect(page.locator("body")).to_contain_text("回执")


def approve(page: Page) -> None:
    page.goto("/workspace/rounds/due/")
    follow(page, NUMBER)
    press(page, "审核通过")
    expect(page.locator("body")).to_contain_text("审核")


def evaluate_and_release(page: Page, screenshot: Shoot, axe: Check) -> None:
    page.goto("/office/rounds/")
    follow(page, NUMBER)
    page.goto(page.url + "collect/")
    look(page, "round-collect", screenshot, axe)
    follow(page, "Close the collection")
    if page.locator("[name=with_submitted]").count():
        page.check("#with-yes")
    page.fill("[name=number]", NUMBER)
    press(page, "Close the collection")
    expect(page.get_by_role("link", name="Evaluate the round next")).to_be_visible(timeout=60_000)
    follow(page, "Evaluate the round next")
    press(page, "Evaluate")
    expect(page.locator(".chart svg, .chart canvas").first).to_be_visible(timeout=60_000)
    look(page, "round-planned-evaluated", screenshot, axe)
    follow(page, "Release…")
    page.locator("dialog input[name=number]").fill(NUMBER)
    press(page, "Release")
    expect(page.locator("a[href$='report-both.pdf']")).to_be_visible(timeout=90_000)


def read_the_report(page: Page, screenshot: Shoot, axe: Check) -> None:
    page.goto("/workspace/rounds/")
    follow(page, NUMBER)
    expect(page.locator("body")).to_contain_text("满意")
    look(page, "own-round", screenshot, axe)
    with page.expect_download() as download:
        follow(page, "本室报告，中文（PDF）")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.goto("/workspace/capability/")
    expect(page.locator("body")).to_contain_text(NUMBER)


def appeal(page: Page, screenshot: Shoot, axe: Check) -> None:
    page.goto("/workspace/follow-up/")
    follow(page, NUMBER)
    expect(page.locator("body")).to_contain_text("本室可在")
    page.locator("summary", has_text="对结果提出申诉").click()
    page.fill("[name=grounds]", "能力评定标准差与方案不符。")
    look(page, "appeal", screenshot, axe)
    press(page, "提交申诉")
    expect(page.locator("body")).to_contain_text("第 1 号申诉")


def uphold(page: Page, screenshot: Shoot, axe: Check) -> None:
    """By a coordinator who has neither evaluated nor released the round."""
    page.goto("/office/rounds/")
    follow(page, NUMBER)
    follow(page, "Follow-up")
    follow(page, "Appeals")
    page.locator("table a", has_text="1").first.click()
    page.select_option("[name=outcome]", label="upheld")
    page.fill("[name=reason]", "The standard deviation was mistyped.")
    look(page, "appeal-decision", screenshot, axe)
    press(page, "Decide")
    expect(page.locator("body")).to_contain_text("upheld")


def correct(page: Page, screenshot: Shoot, axe: Check) -> None:
    page.goto("/office/rounds/")
    follow(page, NUMBER)
    follow(page, "What the evaluation rests on")
    page.locator("summary", has_text="Change for this measurand alone").click()
    page.fill("#sigma", "0.02")
    press(page, "Save the settings")
    press(page, "Evaluate")
    expect(page.locator("body")).not_to_contain_text("Something has changed since", timeout=60_000)
    follow(page, "Correction")
    expect(page.get_by_role("button", name="Issue the corrigendum")).to_be_visible(timeout=60_000)
    look(page, "round-correction", screenshot, axe)
    press(page, "Issue the corrigendum")
    expect(page.locator("body")).to_contain_text("Corrigendum 1", timeout=60_000)


def read_that_it_was_right(page: Page, screenshot: Shoot, axe: Check) -> None:
    page.goto("/workspace/rounds/")
    follow(page, NUMBER)
    expect(page.locator("body")).to_contain_text("更正")
    page.goto("/workspace/capability/")
    expect(page.locator("body")).to_contain_text(NUMBER)
    look(page, "capability-after-appeal", screenshot, axe)
