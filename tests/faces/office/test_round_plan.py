"""The pages on which a round is planned."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.activities.proficiency.planned import planned_round
from tests.cast import institution_of
from tests.faces.pages import in_chinese, text_of
from zhunsheng.activities.proficiency.models import Round, Scheme
from zhunsheng.activities.proficiency.plan.models import Item, Plan
from zhunsheng.activities.proficiency.plan.queries import measurands_of
from zhunsheng.faces.days import instant, told_in
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db

SAID = {
    "number": "PT-7", "title_zh": "饲料中汞", "title_en": "Mercury in feed", "zone": "Asia/Shanghai", "scheme": "",
    "enrol_until": "2099-04-30T23:59", "ship_on": "2099-05-06", "results_until": "2099-05-29T17:00", "late": "no",
    "assigned_method": "algorithm-a", "sigma_method": "given", "sigma_value": "0.1", "expected": "17",
    "promise_zh": "不提供身份。", "promise_en": "No identities.", "commissioned_by": "",
}  # fmt: skip


@pytest.fixture
def desk(coordinator: User, client: Client) -> Client:
    client.force_login(coordinator)
    return client


@pytest.fixture
def round_(coordinator: User) -> Round:
    return planned_round(institution_of(coordinator), coordinator)


def test_from_an_empty_form_to_an_announced_round(desk: Client, provider: Institution) -> None:
    answer = desk.post(reverse("office_round_plan_new"), SAID, follow=True)
    made = Round.objects.get()
    assert made.state == "planned" and made.sigma == "0.1"
    assert made.plan.results_until == datetime(2099, 5, 29, 9, tzinfo=UTC)  # 17:00 in Shanghai
    assertContains(answer, "At least one item.")
    from tests.activities.proficiency.planned import feed, metal

    feed(), metal("hg-t", "汞", "mercury")
    item = {"code": "A", "name_zh": "饲料", "name_en": "Feed", "matrix": "feed", "variants": "1"}
    desk.post(reverse("office_round_item_new", args=[made.pk]), item)
    new = reverse("office_round_measurand_new", args=[made.pk, Item.objects.get().pk])
    answer = desk.post(new, {"parameter": "mercury", "unit": "mg/kg", "step": "0.01"}, follow=True)
    assertContains(answer, "z′ will be used")  # 1.25/√17 ≥ 0.3
    answer = desk.post(reverse("office_round_announce", args=[made.pk]), follow=True)
    assertContains(answer, "Enrolment is open.")
    assert Round.objects.get().state == "enrolling"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(desk: Client, provider: Institution) -> None:
    answer = desk.post(reverse("office_round_plan_new"), {**SAID, "ship_on": "2099-04-01"})
    assert "Items leave before the enrolment ends" in text_of(answer)
    assert not Round.objects.exists()
    for wrong, said in (
        ({"zone": "Mars/Olympus"}, "There is no time zone"),
        ({"results_until": "tomorrow"}, "Give a day and a time"),
        ({"late": "until"}, "Say how many hours"),
        ({"enrol_until": ""}, "This field is required"),
        ({"sigma_value": "-1"}, "more than 0"),
    ):
        answer = desk.post(reverse("office_round_plan_new"), {**SAID, **wrong})
        assertContains(answer, said)
    assert not Round.objects.exists()


def test_a_moment_that_clocks_skip_is_refused() -> None:
    """In Berlin clocks go from 02:00 to 03:00 on 29 March 2026."""
    from zoneinfo import ZoneInfo

    from django.core.exceptions import ValidationError

    berlin = ZoneInfo("Europe/Berlin")
    with pytest.raises(ValidationError):
        instant(datetime(2026, 3, 29, 2, 30), berlin)  # noqa: DTZ001 -- as it is written
    assert instant(datetime(2026, 3, 29, 3, 0), berlin) == datetime(2026, 3, 29, 1, tzinfo=UTC)  # noqa: DTZ001
    assert told_in(datetime(2026, 3, 29, 1, tzinfo=UTC), "Europe/Berlin") == "2026-03-29 03:00 (Europe/Berlin)"


def test_an_announced_plan_has_no_buttons_that_change_it(desk: Client, coordinator: User) -> None:
    made = planned_round(institution_of(coordinator), coordinator, announced=True)
    answer = desk.get(reverse("office_round_plan", args=[made.pk]))
    assertNotContains(answer, reverse("office_round_plan_edit", args=[made.pk]))
    assertContains(answer, reverse("office_round_put_off", args=[made.pk]))
    assert desk.get(reverse("office_round_plan_edit", args=[made.pk])).status_code == 302


def test_editing_says_what_somebody_else_changed_meanwhile(desk: Client, round_: Round) -> None:
    address = reverse("office_round_plan_edit", args=[round_.pk])
    page = desk.get(address).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    from html import unescape

    Plan.objects.filter(round=round_).update(expected=99)
    answer = desk.post(address, {**SAID, "expected": "20", "seen": unescape(seen[1])})
    assertContains(answer, "99")
    assert Plan.objects.get().expected == 99
    assert Round.objects.get().number == "PT-2026-01"


def test_putting_off_and_cancelling(desk: Client, round_: Round) -> None:
    desk.post(reverse("office_round_cancel", args=[round_.pk]), {"reason": ""})
    assert Round.objects.get().state == "planned"
    answer = desk.post(reverse("office_round_cancel", args=[round_.pk]), {"reason": "no item"}, follow=True)
    assertContains(answer, "no item")


def test_cloning_from_the_page(desk: Client, round_: Round) -> None:
    days = {key: SAID[key] for key in ("zone", "enrol_until", "ship_on", "results_until")}
    desk.post(reverse("office_round_clone", args=[round_.pk]), {"number": "PT-8", **days})
    made = Round.objects.get(number="PT-8")
    assert len(measurands_of(made)) == 2 and made.plan.previous == round_


def test_schemes_are_listed_searched_and_exported(desk: Client, provider: Institution) -> None:
    assertContains(desk.get(reverse("office_schemes")), "No scheme yet")
    for code in ("FEED", "MILK"):
        desk.post(reverse("office_scheme_new"), {"code": code, "title_zh": code, "title_en": code})
    assert Scheme.objects.count() == 2
    assertNotContains(desk.get(reverse("office_schemes"), {"q": "milk"}), "FEED")
    assertContains(desk.get(reverse("office_schemes"), {"format": "csv"}), "FEED")
    chosen = Scheme.objects.get(code="FEED")
    desk.post(reverse("office_round_plan_new"), {**SAID, "scheme": str(chosen.pk)})
    assert Round.objects.get().scheme == chosen


def test_the_pages_are_written_in_chinese_too(desk: Client, round_: Round) -> None:
    in_chinese(desk)
    assertContains(desk.get(reverse("office_round_plan", args=[round_.pk])), "样品与被测量")
    assertContains(desk.get(reverse("office_round_announce", args=[round_.pk])), "开放报名")


@pytest.mark.parametrize("many", [3, 30])
def test_the_plan_asks_as_many_questions_for_many_measurands(
    desk: Client, round_: Round, many: int, django_assert_max_num_queries: object
) -> None:
    from tests.activities.proficiency.planned import metal
    from tests.cast import AT
    from zhunsheng.activities.proficiency.plan.actions import arranging
    from zhunsheng.activities.proficiency.plan.actions.arranging import MeasurandSaid

    item = Item.objects.get()
    for n in range(many):
        said = MeasurandSaid(item, metal(f"x{n}", f"项目{n}", f"analyte {n}"), "mg/kg")
        arranging.set_measurand(round_, said, actor=None, at=AT)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        desk.get(reverse("office_round_plan", args=[round_.pk]))
    assert timezone.is_aware(AT)


def test_today_tells_the_next_step_of_a_planned_round_and_no_other(desk: Client, coordinator: User) -> None:
    made = planned_round(institution_of(coordinator), coordinator)

    def told() -> str:
        return text_of(desk.get(reverse("home")))

    assert "Finish the plan: Metals in feed" in told() and "Evaluate PT-2026-01" not in told()
    Round.objects.filter(pk=made.pk).update(state="enrolling")  # its moments lie in the past of whoever runs this
    assert "End the enrolment: Metals in feed" in told()
    Round.objects.filter(pk=made.pk).update(state="running")
    assert "Close the collection: Metals in feed" in told() and "Evaluate PT-2026-01" not in told()
    Round.objects.filter(pk=made.pk).update(state="cancelled")
    assert "Metals in feed" not in told()
