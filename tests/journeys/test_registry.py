"""How a county office lives: damaged files, mended ones, a stock-taking confirmed on a phone, one laboratory entered twice, and a
stranger who asks who can test melamine in milk near by."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Lang, OpenPage
from zhunsheng.registry.institutions.rules import organisation_check_character, uscc_check_character

SignIn = Callable[[Page, str], None]
Shoot = Callable[[Page, str], Path]
Check = Callable[[Page], None]

SAY = {
    "check": {"en": "Send and check", "zh": "提交并检查"},
    "apply": {"en": "Let", "zh": "确认导入"},
    "open": {"en": "Open", "zh": "开展"},
    "keep": {"en": "Keep these numbers", "zh": "保存报告数量"},
    "confirm": {"en": "Confirm our entry", "zh": "确认登记信息"},
    "accept": {"en": "Accept", "zh": "通过"},
    "merge": {"en": "Merge", "zh": "合并"},
    "search": {"en": "Search now", "zh": "立即查找"},
    "ask": {"en": "Ask", "zh": "查询"},
    "same": {"en": "the very same bytes", "zh": "逐字节一致"},
}


def code(n: int) -> str:
    """A sound unified social credit code of Xi'an."""
    first8 = f"MJ{n:06d}"
    first17 = "91610100" + first8 + organisation_check_character(first8)
    return first17 + uscc_check_character(first17)


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def look(page: Page, name: str, screenshot: Shoot, axe: Check) -> None:
    screenshot(page, f"registry-{name}")
    axe(page)


@pytest.fixture(params=[("zh", 1280), ("en", 1280)], ids=["zh", "en"])
def office(request: pytest.FixtureRequest, open_page: OpenPage, sign_in: SignIn) -> tuple[Page, Lang]:
    lang, width = request.param
    page = open_page(lang, width)
    sign_in(page, "province")
    return page, lang


def send(page: Page, register: str, file: Path, lang: Lang, mode: str) -> None:
    page.goto(f"/imports/{register}/send/")
    page.set_input_files("input[type=file]", file)
    page.check(f"input[name=mode][value={mode}]")
    page.get_by_role("button", name=SAY["check"][lang]).click()
    page.wait_for_url("**/imports/*-*/")
    expect(page.locator("dl.figures")).to_be_visible()
    expect(page.locator("form[action$='/apply/'], .notice.error")).to_be_visible(timeout=60_000)


def apply(page: Page, lang: Lang) -> None:
    page.locator("form[action$='/apply/'] button").click()
    expect(page.locator("form[action$='/apply/']")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Applied" if lang == "en" else "导入。", timeout=60_000)


def test_a_damaged_file_is_mended_and_sent_again(
    office: tuple[Page, Lang], screenshot: Shoot, axe: Check, tmp_path: Path
) -> None:
    page, lang = office
    n = 100 if lang == "zh" else 200
    look(page, "home", screenshot, axe)
    page.goto("/imports/")
    look(page, "imports", screenshot, axe)
    head = ["机构名称", "统一社会信用代码", "行政区划代码", "CMA 证书编号", "CMA 有效期起", "CMA 有效期止"]
    good = [f"示范导入检测公司甲{n}", code(n), "610102", f"23270011{n:04d}", date(2024, 1, 1), date(2029, 12, 31)]
    wide = [
        f"示范导入检测公司乙{n}",
        "\u200b" + code(n + 1).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        610103,
        "",
        "",
        "",
    ]
    lost = [f"示范导入检测公司丙{n}", 9.16101e17, "610104", "", "", ""]  # what a spreadsheet makes of a code of digits
    short = [f"示范导入检测公司丁{n}", code(n + 3), "61010", "", "", ""]
    file = workbook(tmp_path / f"institutions-{lang}.xlsx", [head, good, wide, lost, short])
    send(page, "institutions", file, lang, "rows")
    look(page, "import-checked", screenshot, axe)
    expect(page.locator("main")).to_contain_text("丙" if False else "4")
    apply(page, lang)
    look(page, "import-applied", screenshot, axe)

    with page.expect_download() as download:
        page.locator("a[href$='errors.xlsx']").click()
    errors = tmp_path / "errors.xlsx"
    download.value.save_as(errors)
    book = openpyxl.load_workbook(errors)
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    titles = next(
        i
        for i, row in enumerate(rows)
        if any(value in ("统一社会信用代码", "Unified social credit code") for value in row)
    )
    names = [str(value) for value in rows[titles]]
    name = next(i for i, value in enumerate(names) if value in ("机构名称", "Name in Chinese"))
    uscc = next(i for i, value in enumerate(names) if value in ("统一社会信用代码", "Unified social credit code"))
    region = next(i for i, value in enumerate(names) if value in ("行政区划代码", "Region code"))
    failed = [row for row in sheet.iter_rows(min_row=titles + 2) if row[name].value]
    assert len(failed) == 2
    for row in failed:
        if "丙" in str(row[name].value):
            row[uscc].value = code(n + 2)
        else:
            row[region].value = "610111"
    book.save(errors)
    send(page, "institutions", errors, lang, "all")
    apply(page, lang)
    page.goto(f"/office/institutions/?q=示范导入检测公司丙{n}")
    expect(page.locator("tbody")).to_contain_text(f"示范导入检测公司丙{n}")
    look(page, "institutions", screenshot, axe)

    scope = workbook(
        tmp_path / f"scope-{lang}.xlsx",
        [
            ["机构名称", "统一社会信用代码", "检测项目", "检测对象", "检测方法", "有效期起"],
            [f"示范导入检测公司甲{n}", code(n), "三聚氰胺", "乳及乳制品", "GB/T 22388－2008", date(2024, 1, 1)],
        ],
    )
    send(page, "scopes", scope, lang, "all")
    apply(page, lang)
    page.goto("/scopes/?what=三聚氰胺&place=西安市")
    expect(page.locator("main")).to_contain_text(f"示范导入检测公司甲{n}" if lang == "zh" else "Melamine")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_stock_taking_from_the_call_to_the_totals(
    lang: Lang, open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check
) -> None:
    page = open_page(lang, 1280)
    sign_in(page, "province")
    page.goto("/office/stock-taking/new/")
    title = {"zh": "示范摸底（中文界面）", "en": "Sample stock-taking (English)"}[lang]
    page.fill("input[name=title_zh]", title)
    page.fill("input[name=title_en]", title)
    page.select_option("select[name=region_code]", "610000")
    page.fill("input[name=due_on]", (datetime.now(UTC).date() + timedelta(days=30)).isoformat())
    look(page, "stocktaking-new", screenshot, axe)
    page.get_by_role("button", name=SAY["open"][lang], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    stocktaking = page.url

    phone = open_page(lang, 390)
    sign_in(phone, "laboratory")
    expect(phone.locator("main")).to_contain_text(title)  # today's list says so
    phone.goto("/workspace/stock-taking/")
    phone.get_by_role("link", name=title).click()
    phone.locator("input[name^='20']").first.fill("1200")
    phone.get_by_role("button", name=SAY["keep"][lang]).click()
    expect(phone.locator("input[name^='20']").first).to_have_value("1200")
    look(phone, "return-phone", screenshot, axe)
    phone.get_by_role("button", name=SAY["confirm"][lang], exact=True).click()
    expect(phone.locator(".notice.success")).to_be_visible()

    page.goto(f"{stocktaking}?state=confirmed")
    page.locator("input[name=returns]").first.check()
    page.locator("button[name=verb][value=accept]").click()
    look(page, "stocktaking-decide", screenshot, axe)
    page.get_by_role("button", name=SAY["accept"][lang], exact=True).click()
    expect(page.locator("table").first).to_be_visible()
    look(page, "stocktaking", screenshot, axe)


@pytest.mark.parametrize("lang", ["zh"])
def test_a_laboratory_entered_twice_is_merged_and_nothing_is_lost(
    lang: Lang, open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check
) -> None:
    page = open_page(lang, 1280)
    sign_in(page, "regulator")
    page.goto("/office/institutions/duplicates/")
    look(page, "duplicates", screenshot, axe)
    page.locator("tr", has_text="示范实验室（L10）").get_by_role("link").first.click()
    look(page, "duplicate", screenshot, axe)
    kept = page.locator("thead a", has_text="示范实验室 L10").first
    address = kept.get_attribute("href")
    column = (
        0
        if "L10" in (page.locator("thead th").nth(1).inner_text())
        and "（" not in page.locator("thead th").nth(1).inner_text()
        else 1
    )
    page.locator("input[name=keep]").nth(column).check()
    page.fill("textarea[name=reason], input[name=reason]", "同一地址、同一负责人")
    page.fill("input[name=confirmation]", "示范实验室（L10）")
    page.locator("button[value=merge]").click()
    page.goto(str(address))
    expect(page.locator("main")).to_contain_text("CNAS L00010")  # the certificate of the merged entry
    look(page, "institution-merged", screenshot, axe)


@pytest.mark.parametrize(("lang", "width"), [("zh", 390), ("en", 1280)])
def test_a_stranger_finds_who_can_test_melamine_in_milk(
    lang: Lang, width: int, open_page: OpenPage, screenshot: Shoot, axe: Check
) -> None:
    page = open_page(lang, width)
    page.goto("/find/")
    look(page, "find", screenshot, axe)
    page.fill("input[name=what]", "三聚氰胺" if lang == "zh" else "melamine")
    page.fill("input[name=matrix]", "乳及乳制品" if lang == "zh" else "Milk and milk products")
    page.fill("input[name=place]", "西安" if lang == "zh" else "Xi'an")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("示范实验室" if lang == "zh" else "Demonstration Laboratory")
    look(page, "found", screenshot, axe)
    page.goto("/substances/")
    page.goto("/substances/?q=三聚氰胺")
    expect(page.locator("main")).to_contain_text("108-78-1")
    look(page, "substances", screenshot, axe)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_answer_is_read_and_computed_again(
    lang: Lang, open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check
) -> None:
    page = open_page(lang, 1280)
    sign_in(page, "regulator")
    page.goto("/office/eligibility/")
    page.fill("input[name=institution]", "示范实验室 L04")
    page.select_option("select[name=parameter]", label="总汞" if lang == "zh" else "Total mercury")
    page.select_option("select[name=matrix]", label="饲料" if lang == "zh" else "Feed")
    page.get_by_role("button", name=SAY["ask"][lang], exact=True).click()
    expect(page.locator("[data-answer]")).to_have_attribute("data-answer", "no")
    for rule in ("R6", "R7"):
        expect(page.locator("main")).to_contain_text(rule)
    expect(page.locator("main")).to_contain_text(SAY["same"][lang])
    look(page, "decision-suspended", screenshot, axe)


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_where_nobody_can_test_stands_on_a_map(
    lang: Lang, width: int, open_page: OpenPage, sign_in: SignIn, screenshot: Shoot, axe: Check
) -> None:
    page = open_page(lang, width)
    sign_in(page, "province")
    page.goto("/office/coverage/?field=food&province=610000&km=200")
    look(page, "coverage", screenshot, axe)
    page.locator("tbody a").first.click()
    expect(page.locator(".chart.map svg")).to_be_visible(timeout=20_000)
    look(page, "coverage-map", screenshot, axe)
