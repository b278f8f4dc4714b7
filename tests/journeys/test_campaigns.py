"""A campaign over two provinces and two hundred laboratories, in the browser: from the plan to the bulletin."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.activities.campaigns.draw.network import BEACON, WITNESS_SECRET
from tests.journeys.campaign_network import DEPUTY, DIRECTOR, DRAWN, LEADER, MANAGER, OFFICERS
from tests.journeys.conftest import OpenPage, Product
from tests.journeys.test_inspection_offline import PHOTO

LONG = 120_000
"""Milliseconds to wait for what is done in the background."""
POSSIBLE_BY_CHANCE = {"impossible_mean", "impossible_sd"}
"""Of invented figures some could be true."""


@dataclass
class Story:
    """Who is at which page, and what was planted."""

    product: Product
    pages: dict[str, Page]
    axe: Callable[[Page], None]
    screenshot: Callable[[Page, str], Path]
    folder: Path
    told: dict[str, Any] = field(default_factory=dict)

    def step(self, name: str, *arguments: str) -> dict[str, Any]:
        """What happens beside the browser, through the same verbs."""
        answer: dict[str, Any] = json.loads(self.product.beside("campaign_network", name, *arguments))
        return answer

    def seen(self, page: Page, name: str) -> None:
        self.axe(page)
        self.screenshot(page, name)


def in_days(n: int) -> str:
    return (datetime.now(UTC) + timedelta(days=n)).date().isoformat()


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


SECTIONS = ("background", "guiding_idea", "contents", "stages", "requirements", "commitment")


def plan_it(story: Story) -> None:
    """A draft with proposed stages, its text in both languages, published; everybody is enrolled in the background."""
    page = story.pages[LEADER]
    page.goto("/office/campaigns/new/")
    fill(page, {
        "title_zh": "检测工作整顿", "title_en": "Testing put in order", "opens_on": in_days(-30), "closes_on": in_days(90),
    })  # fmt: skip
    story.seen(page, "campaign-new")
    page.locator("main form button").first.click()
    page.goto(f"{campaign_page(page)}plan/")
    for key in SECTIONS:
        fill(page, {f"{key}_zh": "按方案组织实施，摸清底数、自查自纠、整改到位。", f"{key}_en": "As the plan says."})
    story.seen(page, "campaign-plan")
    page.locator("main form button:not([name=propose])").last.click()
    page.wait_for_load_state()
    story.told["campaign"] = campaign_page(page)
    page.goto(f"{story.told['campaign']}publish/")
    page.check("#sure")
    page.locator("form[action$='/publish/'] button, main form button").last.click()
    page.get_by_text("Where it stands").wait_for(timeout=LONG)
    story.seen(page, "campaign-board")


def campaign_page(page: Page) -> str:
    found = re.search(r"/office/campaigns/[0-9a-f-]{36}/", page.url)
    assert found, page.url
    return found[0]


def check_themselves(story: Story) -> None:
    """Called by the leader; one laboratory answers all fifty items on a phone, its director submits; others go their own ways."""
    page = story.pages[LEADER]
    page.goto(f"{story.told['campaign']}self-check/call/")
    page.fill("[name=due_on]", in_days(15))
    page.check("#sure")
    page.get_by_role("button", name="Call", exact=True).click()
    page.locator("h1").wait_for()
    story.step("wait_for_forms")
    answer_on_the_phone(story)
    theirs = story.pages[DIRECTOR]
    theirs.goto(f"/workspace/campaigns/selfchecks/{story.told['form']}/")
    theirs.check("#sure")
    theirs.get_by_role("button", name="提交自查").click()
    theirs.get_by_text("已提交，下方为提交时的内容").wait_for()
    story.seen(theirs, "campaign-self-check-submitted")
    others = story.step("others_answer")
    page.goto(f"{story.told['campaign']}self-check/")
    assert str(others["submitted"] + 1) in page.inner_text("main")
    story.seen(page, "campaign-self-check")


def answer_on_the_phone(story: Story) -> None:
    """What the registers say is confirmed, each problem is told in words; everything is kept as it is typed."""
    phone = story.pages[MANAGER]
    phone.goto("/workspace/campaigns/selfchecks/")
    phone.locator("main tbody a, main article a").first.click()
    phone.locator("fieldset.item").first.wait_for()
    story.told["form"] = phone.url.rstrip("/").rsplit("/", 1)[1]
    items = phone.locator("fieldset.item").all()
    items[-1].locator("input[type=radio][value=problem]").check()
    for item in items:
        if item.locator("input[name=confirm]").count():
            item.locator("input[name=confirm]").click()  # gone as soon as the answer is kept
        elif not item.locator("input[type=radio]:checked").count():
            item.locator("input[type=radio][value=fine]").check()
        if item.locator("input[value=problem]:checked").count():
            item.locator("textarea[name^=r-]").fill("经核查属实：一台天平的校准已过期。")
    phone.locator("#selfcheck[data-waiting='0'][data-sending=no]").wait_for()
    phone.reload()
    phone.wait_for_function("() => document.getElementById('meter').value === document.getElementById('meter').max")
    story.seen(phone, "campaign-self-check-phone")


def draw(story: Story) -> None:
    """Promised three days ago, revealed with the public value; every drawn laboratory gets its task letter, and is visited."""
    page = story.pages[LEADER]
    page.goto(f"/office/draws/{story.step('promise_draw')['draw']}/")
    page.fill("input[name=beacon]", BEACON)
    page.fill("input[name=secret]", WITNESS_SECRET)
    page.get_by_role("button", name="Reveal").click()
    page.get_by_role("heading", name="Next: inspect, then publish").wait_for()
    story.seen(page, "campaign-draw")
    page.goto("/office/inspections/new/")
    form = page.locator("form:has(input[name=verb][value=drawn])")
    form.locator("[name=drawn-draw]").select_option(index=1)
    form.locator("[name=drawn-on]").fill(in_days(0))
    form.locator("[name=drawn-until]").fill(in_days(3))
    form.locator("[name=drawn-campaign]").select_option(index=1)
    form.get_by_role("button").click()
    page.wait_for_url("**/office/inspections/")
    assert page.locator("main tbody tr").count() == DRAWN
    story.step("drawn_are_visited")


def screen_the_logs(story: Story) -> None:
    """Three logs go in; what was planted is found, and no honest laboratory is accused. Both rates are told."""
    page = story.pages[LEADER]
    page.goto("/office/screens/new/")
    fill(page, {"title_zh": "两省台账筛查", "title_en": "Logs of two provinces"})
    page.get_by_role("button", name="Open", exact=True).click()
    for kind in ("reports", "uses", "people"):
        page.select_option("[name=kind]", kind)
        page.set_input_files("[name=file]", story.folder / f"{kind}.csv")
        page.get_by_role("button", name="Send and read").click()
        page.locator(f"section.panel:has-text('{kind}.csv') .chip.good").wait_for(timeout=LONG)
    page.get_by_role("button", name="Look through the logs").click()
    page.get_by_text("What the rules found").wait_for(timeout=LONG)
    story.seen(page, "campaign-screen")
    rates = story.step("rates", page.url.rstrip("/").rsplit("/", 1)[1])
    print(f"\nscreen over {rates['rows']} rows: {rates['found']}, honest laboratories accused: {rates['accused']}")
    assert rates["accused"] == []
    assert {rule: n for rule, (n, of) in rates["found"].items() if n < of and rule not in POSSIBLE_BY_CHANCE} == {}
    assert all(n >= 0.6 * of for n, of in rates["found"].values())


def visit(story: Story) -> str:
    """Two officers go for a reason; one writes down what was found, both sign, the laboratory signs."""
    page = story.pages[LEADER]
    page.goto("/office/inspections/new/")
    form = page.locator("form:has(input[name=verb][value=one])")
    form.locator("[name=one-laboratory]").fill(story.told["county"])
    for officer in OFFICERS:
        form.get_by_label(officer).check()
    for name, value in {
        "on": in_days(0), "until": in_days(2), "reason_zh": "凭数据筛查发现疑点", "reason_en": "Questions from the logs",
    }.items():  # fmt: skip
        form.locator(f"[name=one-{name}]").fill(value)
    form.locator("[name=one-campaign]").select_option(index=1)
    form.get_by_role("button").click()
    page.wait_for_url(re.compile(r"/office/inspections/[0-9a-f-]{36}/"))
    task = page.url.rstrip("/").rsplit("/", 1)[1]
    for officer in OFFICERS:
        phone = story.pages[officer]
        phone.goto(f"/inspector/{task}/")
        phone.get_by_role("button", name="不存在，可以检查").click()
    write_down(story.pages[OFFICERS[0]], task)
    for officer in OFFICERS:
        phone = story.pages[officer]
        phone.goto(f"/inspector/{task}/")
        if officer == OFFICERS[0]:
            phone.check("#sure")
            phone.click("#close-button")
        phone.get_by_role("button", name="以检查人员身份签字").click()
        phone.wait_for_load_state()
    theirs = story.pages[DIRECTOR]
    theirs.goto(f"/workspace/inspections/{task}/")
    theirs.locator("button[name=manner][value=account]").click()
    story.seen(theirs, "campaign-record")
    return task


def write_down(phone: Page, task: str) -> None:
    phone.goto(f"/inspector/{task}/")
    phone.select_option("#code", "F07")
    phone.fill("#facts", "天平校准过期后仍在使用")
    phone.fill("#place", "天平室")
    phone.set_input_files("#photos", {"name": "balance.png", "mimeType": "image/png", "buffer": PHOTO})
    phone.locator("#new-finding button").click()
    phone.locator("#findings article").wait_for()
    phone.locator("#inspector[data-waiting='0']").wait_for()


def decide(story: Story, task: str) -> None:
    """The leader orders correction by a day; the letter is a PDF."""
    page = story.pages[LEADER]
    page.goto(f"/office/inspections/{task}/")
    page.select_option("[name=kind]", "order")
    fill(page, {"due_on": in_days(20), "reasons": "设备超期使用，事实清楚，责令限期改正。"})
    page.select_option("[name=effect_check]", "re_inspection")
    page.get_by_role("button", name="Decide and deliver").click()
    with page.expect_download() as letter:
        page.locator("a[href$='letter.pdf'][href*=decisions]").first.click()
    assert Path(letter.value.path()).read_bytes().startswith(b"%PDF")
    story.seen(page, "campaign-decision")


def put_right(story: Story) -> str:
    """The laboratory reports; whoever reported cannot accept; another does."""
    theirs = story.pages[MANAGER]
    theirs.goto("/workspace/rectifications/")
    theirs.locator("main tbody a").first.click()
    fill(theirs, {
        "cause": "校准计划未覆盖新购天平，到期无提醒。", "correction": "立即停用该天平并送检，追溯受影响的报告。",
        "corrective_action": "校准计划纳入设备台账，每月核对到期情况。", "like_cases": "逐一核对全部 12 台天平，未发现其他超期。",
    })  # fmt: skip
    theirs.set_input_files("#files", {"name": "证书.txt", "mimeType": "text/plain", "buffer": "校准证书".encode()})
    theirs.get_by_role("button", name="提交整改报告").click()
    theirs.wait_for_load_state()
    one = theirs.url.rstrip("/").rsplit("/", 1)[1]
    page = story.pages[LEADER]
    page.goto(f"/office/rectifications/{one}/")
    page.select_option("[name=outcome]", "accepted")
    page.fill("[name=reason]", "现场核实，整改到位。")
    page.locator("form[action$='/judge/'] button").click()
    page.wait_for_load_state()
    page.get_by_text("accepted, effect not yet known").wait_for()
    story.seen(page, "campaign-accepted")
    return one


def look_back(story: Story, one: str) -> None:
    """A drawn sample of what was accepted is looked at again, by another person; then the effect is seen."""
    page = story.pages[DEPUTY]
    page.goto(f"/office/look-backs/{story.step('promise_look_back')['look_back']}/")
    page.fill("#value", "051118202733")
    page.get_by_role("button", name="Draw").click()
    page.locator("article").first.wait_for()
    page.locator(f"article:has(a[href*='{one}']) [name=reason]").fill("复查属实。")
    page.locator(f"article:has(a[href*='{one}']) button[name=held]").click()
    page.get_by_text("As accepted").first.wait_for()
    story.seen(page, "campaign-look-back")
    page.goto(f"/office/rectifications/{one}/")
    page.select_option("[name=effective]", "yes")
    page.fill("[name=basis]", "复查：三个月内校准全部在有效期内。")
    page.locator("form[action$='/effect/'] button").click()
    page.wait_for_load_state()
    story.seen(page, "campaign-effect")


def tell_the_public(story: Story) -> None:
    """The figures are frozen, a case that names its laboratory is refused, a person releases; a stranger reads it on a phone."""
    page = story.pages[LEADER]
    page.goto("/office/bulletins/new/")
    page.select_option("[name=campaign]", index=1)
    page.get_by_role("button", name="Compute and begin").click()
    page.wait_for_url(re.compile(r"/office/bulletins/[0-9a-f-]{36}/"))
    bulletin = page.url
    page.goto(f"{bulletin}write/case/")
    fill(page, {
        "title_zh": "天平超期未校准", "title_en": "A balance out of calibration", "text_en": "It was used after its day.",
        "text_zh": f"{story.told['county']}的天平校准过期后仍在使用。",
    })  # fmt: skip
    page.select_option("[name=code]", "F07")
    page.get_by_role("button", name="Keep").click()
    assert story.told["county"] in page.inner_text(".notice.error")
    page.fill("[name=text_zh]", "某机构天平校准过期后仍在使用，已责令限期改正。")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url(bulletin)
    story.seen(page, "campaign-bulletin-draft")
    page.goto(f"{bulletin}release/")
    page.locator("main form input[type=checkbox]").check()
    page.get_by_role("button", name="Release", exact=True).click()
    page.wait_for_url(bulletin)
    stranger = story.pages["stranger"]
    stranger.goto("/bulletins/")
    stranger.locator("main a[href^='/bulletins/']").first.click()
    assert "某机构天平校准过期后仍在使用" in stranger.inner_text("main")
    assert story.told["county"] not in stranger.inner_text("main")
    story.seen(stranger, "campaign-bulletin")
    with stranger.expect_download() as paper:
        stranger.locator("a[href$='bulletin.pdf']").first.click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")


@pytest.fixture
def story(
    product: Product,
    open_page: OpenPage,
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], Path],
    tmp_path: Path,
) -> Story:
    told = Story(product, {}, axe, screenshot, tmp_path)
    told.told = told.step("seed", str(tmp_path))
    ways: dict[str, tuple[str, int]] = {
        LEADER: ("en", 1280), DEPUTY: ("en", 1280), MANAGER: ("zh", 390), DIRECTOR: ("zh", 1280),
        **dict.fromkeys(OFFICERS, ("zh", 390)),
    }  # fmt: skip
    for who, (lang, width) in ways.items():
        told.pages[who] = open_page(lang, width)
        sign_in(told.pages[who], who)
    told.pages["stranger"] = open_page("zh", 390)
    return told


def test_a_campaign_from_the_plan_to_the_bulletin(story: Story) -> None:
    plan_it(story)
    check_themselves(story)
    screen_the_logs(story)
    draw(story)
    task = visit(story)
    decide(story, task)
    one = put_right(story)
    look_back(story, one)
    tell_the_public(story)
