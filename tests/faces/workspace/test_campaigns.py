"""A campaign as a laboratory lives it: what is next, the commitment, the tasks with their receipts; and as a lower authority does."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.activities.campaigns.plan.campaigns import COMMITMENT, plan
from tests.cast import BINJIANG, HANGZHOU, XIHU, institution, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.campaigns.plan.actions.answering import text_sha256
from zhunsheng.activities.campaigns.plan.actions.enrolling import enrol_participants
from zhunsheng.activities.campaigns.plan.actions.leading import TaskGiven, set_regional_days, set_task
from zhunsheng.activities.campaigns.plan.actions.planning import close_campaign, plan_campaign, publish_campaign
from zhunsheng.activities.campaigns.plan.models import Campaign, Commitment, Participant, Receipt, Task
from zhunsheng.activities.campaigns.plan.queries.receipts import asked_by
from zhunsheng.activities.campaigns.plan.queries.received import received_by
from zhunsheng.activities.campaigns.plan.rules.planning import proposed_stages
from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.clocks.who import who
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.messages.actions import remind
from zhunsheng.registry.institutions.models import Institution

Clients = Callable[[User | None], Client]
HOME = reverse("home")
LIST = reverse("workspace_campaigns")
RECEIVED = reverse("workspace_campaign_received")


def running(authority: Institution, *, region_code: str = HANGZHOU, title: str = "整顿") -> Campaign:
    """A campaign that is under way today."""
    opens = timezone.localdate()
    closes = opens + timedelta(days=90)
    said = plan(region_code=region_code)
    said = type(said)(
        title=Text(en=f"Order {title}", zh=title), opens_on=opens, closes_on=closes, region_code=region_code,
        stages=proposed_stages(opens, closes), sections=said.sections, commitment=said.commitment,
    )  # fmt: skip
    made = plan_campaign(authority=authority, plan=said, actor=None, at=timezone.now())
    publish_campaign(made, actor=None, at=timezone.now())
    enrol_participants(made.pk, actor=None, at=timezone.now())
    made.refresh_from_db()
    return made


def task_of(campaign: Campaign, role: str = "quality_manager", *, days: int = 20, region_code: str = "") -> Task:
    given = TaskGiven(
        t("Name a contact ({r}).", "确定联络人（{r}）。", r=role),
        role,
        timezone.localdate() + timedelta(days),
        region_code,
    )
    return set_task(campaign, given, actor=None, at=timezone.now())


@pytest.fixture
def campaign(authority: Institution, laboratory: User) -> Campaign:
    return running(authority)


@pytest.fixture
def part(campaign: Campaign) -> Participant:
    return Participant.objects.get(campaign=campaign)


def at(part: Participant) -> str:
    return reverse("workspace_campaign", args=[part.pk])


def sign(client: Client, part: Participant, **said: str) -> str:
    text = {"responsible": "Example Person", "position": "Director", "sure": "on", "text": text_sha256(COMMITMENT)}
    return text_of(client.post(reverse("workspace_campaign_sign", args=[part.pk]), text | said, follow=True))


def test_the_list_says_what_to_expect_when_empty_and_leads_on(
    client_of: Clients, laboratory: User, authority: Institution
) -> None:
    client = client_of(laboratory)
    assert "We take part in no campaign yet" in text_of(client.get(LIST))
    made = running(authority)
    said = text_of(client.get(LIST))
    assert "Order 整顿" in said and "not signed" in said and "not called yet" in said
    assert "No campaign matches" in text_of(client.get(LIST, {"q": "nothing of this name"}))
    assert "No campaign matches" in text_of(client.get(LIST, {"state": "closed"}))
    close_campaign(made, actor=None, at=timezone.now())
    assert "Order 整顿" in text_of(client.get(LIST, {"state": "closed"}))
    book = load_workbook(BytesIO(client.get(LIST, {"format": "xlsx"}).content))
    assert [row[0] for row in book.worksheets[0].values] == ["Campaign", "Order 整顿"]


def test_the_list_asks_as_much_of_many_campaigns_as_of_few(
    client_of: Clients, laboratory: User, authority: Institution
) -> None:
    client = client_of(laboratory)
    for n in range(3):
        running(authority, title=f"整顿{n}")
    few = queries_of(lambda: client.get(LIST))
    for n in range(3, 12):
        running(authority, title=f"整顿{n}")
    assert queries_of(lambda: client.get(LIST)) == few


def test_what_is_next_comes_first_until_nothing_is(client_of: Clients, laboratory: User, part: Participant) -> None:
    client, task = client_of(laboratory), task_of(part.campaign)
    said = text_of(client.get(at(part)))
    assert (
        said.index("What to do next") < said.index("Confirm that you read: Name a contact") < said.index("Commitment")
    )
    assert "Sign the commitment: Order" in said and "Then one more" in said
    sign(client, part)
    post = reverse("workspace_campaign_task", args=[part.pk, task.pk])
    client.post(post, {"kind": "read"})
    assert "Do and report: Name a contact" in text_of(client.get(at(part)))
    client.post(post, {"kind": "done", "words": "Named."})
    said = text_of(client.get(at(part)))
    assert "Nothing waits for us here" in said and "Named." in said


def test_a_signature_says_who_when_and_which_text(client_of: Clients, laboratory: User, part: Participant) -> None:
    client = client_of(laboratory)
    assert "The commitment is signed." in sign(client, part)
    (made,) = Commitment.objects.all()
    assert (made.responsible, made.position, made.signed_by) == ("Example Person", "Director", laboratory)
    assert Entry.objects.filter(verb="sign_commitment", actor=laboratory).count() == 1
    said = text_of(in_chinese(client).get(at(part)))
    assert "Example Person" in said and made.text_sha256[:12] in said and "变更责任人并重新签署" in said


def test_a_refused_signature_keeps_what_was_typed(client_of: Clients, laboratory: User, part: Participant) -> None:
    client = client_of(laboratory)
    assert "The text has changed since you read it" in sign(client, part, text="0" * 64)
    kept = client.post(reverse("workspace_campaign_sign", args=[part.pk]), {"responsible": "Typed Name", "text": "x"})
    assert b'value="Typed Name"' in kept.content and "Nothing was done" in text_of(kept)
    sign(client, part)
    assert "signed this already" in sign(client, part)
    assert Commitment.objects.count() == 1


def test_reading_is_confirmed_by_a_button_and_never_by_looking(
    client_of: Clients, laboratory: User, part: Participant
) -> None:
    client, task = client_of(laboratory), task_of(part.campaign)
    client.get(at(part))
    assert not Receipt.objects.exists()
    post = reverse("workspace_campaign_task", args=[part.pk, task.pk])
    for _ in range(2):
        client.post(post, {"kind": "read"})
    (made,) = Receipt.objects.all()
    assert (made.kind, made.by, made.institution_id) == ("read", laboratory, part.institution_id)
    assert Entry.objects.filter(verb="acknowledge_task").count() == 1


def test_a_task_of_another_region_or_of_authorities_is_not_ours(
    client_of: Clients, laboratory: User, part: Participant
) -> None:
    client = client_of(laboratory)
    for task in (task_of(part.campaign, region_code=BINJIANG), task_of(part.campaign, "regulator")):
        assert "Name a contact" not in text_of(client.get(at(part)))
        address = reverse("workspace_campaign_task", args=[part.pk, task.pk])
        assert client.post(address, {"kind": "read"}).status_code == 404
    assert not Receipt.objects.exists()


def test_who_does_not_answer_for_the_laboratory_reads_and_changes_nothing(
    client_of: Clients, part: Participant
) -> None:
    client = client_of(user_with_post("analyst", "analyst", part.institution))
    task = task_of(part.campaign)
    said = text_of(client.get(at(part)))
    assert "Name a contact" in said and "I have read it" not in said and "Responsible person" not in said
    assert client.post(reverse("workspace_campaign_task", args=[part.pk, task.pk]), {}).status_code == 404
    assert client.post(reverse("workspace_campaign_sign", args=[part.pk]), {}).status_code == 404


def test_the_days_are_those_of_our_region(client_of: Clients, laboratory: User, part: Participant) -> None:
    stage = part.campaign.stages.get(key="selfcheck")
    ours = stage.ends_on + timedelta(days=3)
    set_regional_days(stage, region_code=XIHU, starts_on=stage.starts_on, ends_on=ours, actor=None, at=timezone.now())
    said = text_of(client_of(laboratory).get(at(part)))
    assert f"days of the region {stage.starts_on} {ours}" in said


def test_a_closed_campaign_stays_readable_and_takes_nothing(
    client_of: Clients, laboratory: User, part: Participant
) -> None:
    client, task = client_of(laboratory), task_of(part.campaign)
    close_campaign(part.campaign, actor=None, at=timezone.now())
    said = text_of(client.get(at(part)))
    assert "Closed on" in said and "I have read it" not in said
    assert "The campaign is over." in sign(client, part)
    answer = client.post(reverse("workspace_campaign_task", args=[part.pk, task.pk]), {"kind": "read"}, follow=True)
    assert "The campaign is over." in text_of(answer) and not Receipt.objects.exists()


def test_a_page_asks_as_much_of_many_tasks_as_of_few(client_of: Clients, laboratory: User, part: Participant) -> None:
    client = client_of(laboratory)
    for _ in range(3):
        task_of(part.campaign)
    few = queries_of(lambda: client.get(at(part)))
    for _ in range(27):
        task_of(part.campaign)
    assert queries_of(lambda: client.get(at(part))) == few


# Authorities below


def test_a_lower_authority_reads_what_a_campaign_above_sets_to_it(
    client_of: Clients, province: User, county: User, laboratory: User
) -> None:
    client = client_of(county)
    assert "No task from above" in text_of(client.get(RECEIVED))
    task = task_of(running(institution_of(province), region_code="330000"), "regulator")
    said = text_of(client.get(RECEIVED))
    assert "Name a contact" in said and "Example Province: Order" in said and "I have read it" in said
    post = reverse("workspace_campaign_received_task", args=[task.pk])
    assert "Receipt kept." in text_of(client.post(post, {"kind": "read"}, follow=True))
    assert "Reported as done." in text_of(client.post(post, {"kind": "done", "words": "All told."}, follow=True))
    kinds = Receipt.objects.filter(institution=institution_of(county)).values_list("kind", flat=True)
    assert sorted(kinds) == ["done", "read"]
    assert "No task matches" in text_of(client.get(RECEIVED, {"standing": "unread"}))
    assert "All told." in text_of(client.get(RECEIVED, {"standing": "done", "q": "contact"}))


def test_who_is_asked_and_who_reads_that_he_is_asked_are_the_same(
    province: User, other_province: User, national: User, county: User, authority: Institution, laboratory: User
) -> None:
    """The list of a task at the authority that set it, and the lists of all authorities that receive it."""
    over_country, over_province = (
        running(institution_of(national), region_code=""),
        running(institution_of(province), region_code="330000"),
    )
    institution("authority", "示例滨江区局", "Example Binjiang", level="county", region_code=BINJIANG)
    institution("authority", "示例无级别", "Without a Level", region_code=XIHU)
    tasks = [
        task_of(one, "regulator", region_code=code)
        for one in (over_country, over_province)
        for code in ("", "330000", HANGZHOU, XIHU)
    ]
    for task in tasks:
        asked = set(asked_by(task).values_list("pk", flat=True))
        reads = {one.pk for one in Institution.objects.filter(kind="authority") if task in received_by(one)}
        assert asked == reads and asked


def test_a_task_that_is_not_ours_is_not_there(
    client_of: Clients, province: User, other_province: User, laboratory: User
) -> None:
    task = task_of(running(institution_of(province), region_code="330000"), "regulator")
    address = reverse("workspace_campaign_received_task", args=[task.pk])
    assert client_of(other_province).post(address, {"kind": "read"}).status_code == 404
    assert client_of(province).post(address, {"kind": "read"}).status_code == 404, "nobody sets a task to himself"


def test_a_list_of_received_tasks_asks_as_much_of_many_as_of_few(
    client_of: Clients, province: User, county: User, laboratory: User
) -> None:
    client, above = client_of(county), running(institution_of(province), region_code="330000")
    for _ in range(3):
        task_of(above, "regulator")
    few = queries_of(lambda: client.get(RECEIVED))
    for _ in range(27):
        task_of(above, "regulator")
    assert queries_of(lambda: client.get(RECEIVED)) == few


def test_received_tasks_are_sorted_and_downloaded_as_shown_by_the_days_of_our_region(
    client_of: Clients, province: User, county: User, laboratory: User
) -> None:
    client, above = client_of(county), running(institution_of(province), region_code="330000")
    near, far = (task_of(above, "regulator", days=days) for days in (10, 20))
    Task.objects.filter(pk=near.pk).update(text_en="Near one")
    Task.objects.filter(pk=far.pk).update(text_en="Far one")
    said = text_of(client.get(RECEIVED))
    assert said.index("Near one") < said.index("Far one")
    said = text_of(client.get(RECEIVED, {"sort": "-due"}))
    assert said.index("Far one") < said.index("Near one")
    stage = above.stages.get(key="summary")
    Task.objects.filter(pk=near.pk).update(stage=stage)
    set_regional_days(
        stage, region_code=XIHU, starts_on=stage.starts_on, ends_on=stage.ends_on, actor=None, at=timezone.now()
    )
    assert stage.ends_on > far.due_on
    file = client.get(RECEIVED, {"format": "xlsx", "q": "one"}).content
    rows = list(load_workbook(BytesIO(file)).active.iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[4]) for row in rows] == [
        ("Far one", far.due_on.isoformat()), ("Near one", stage.ends_on.isoformat()),
    ]  # fmt: skip
    assert b"Far one" in client.get(RECEIVED, {"format": "csv"}).content


def test_a_task_of_a_stage_is_overdue_by_the_days_of_the_region_on_both_sides(
    client_of: Clients, regulator: User, authority: Institution, laboratory: User, other_laboratory: User
) -> None:
    campaign, today = running(authority), timezone.localdate()
    task, stage = task_of(campaign), campaign.stages.get(key="summary")
    Task.objects.filter(pk=task.pk).update(stage=stage, due_on=today - timedelta(1))
    parts = {one.institution_id: one for one in Participant.objects.filter(campaign=campaign)}
    office = client_of(regulator)
    at_task = reverse("office_campaign_task", args=[campaign.pk, task.pk])
    listed = reverse("office_campaign_tasks", args=[campaign.pk])
    assert "2 overdue" in text_of(office.get(listed)) and "2 overdue" in text_of(office.get(at_task))
    set_regional_days(
        stage, region_code=XIHU, starts_on=today, ends_on=today + timedelta(9), actor=None, at=timezone.now()
    )
    assert "1 overdue" in text_of(office.get(listed)) and "1 overdue" in text_of(office.get(at_task))
    for user, late in ((laboratory, False), (other_laboratory, True)):
        said = text_of(client_of(user).get(at(parts[institution_of(user).pk])))
        assert ("overdue" in said.partition("Our tasks")[2].partition("Self-check")[0]) is late
    few = queries_of(lambda: office.get(listed))
    for _ in range(20):
        Task.objects.filter(pk=task_of(campaign).pk).update(stage=stage)
    assert queries_of(lambda: office.get(listed)) == few


def test_two_laboratories_see_their_own_part_only(
    client_of: Clients, laboratory: User, other_laboratory: User, authority: Institution
) -> None:
    made = running(authority)
    mine, other = (
        Participant.objects.get(campaign=made, institution=institution_of(one))
        for one in (laboratory, other_laboratory)
    )
    assert client_of(laboratory).get(at(mine)).status_code == 200
    assert client_of(laboratory).get(at(other)).status_code == 404


# The home pages


def test_the_home_page_of_each_says_what_the_campaign_asks(
    client_of: Clients, province: User, county: User, laboratory: User
) -> None:
    made = running(institution_of(province), region_code="330000")
    task_of(made), task_of(made, "regulator")
    ours = text_of(client_of(laboratory).get(HOME))
    assert "Sign the commitment: Order" in ours and "Confirm that you read: Name a contact (quality_manager)" in ours
    assert "Finish the stage" not in ours and "Campaigns under way 1" in ours
    below = text_of(client_of(county).get(HOME))
    assert (
        "Confirm that you read: Name a contact (regulator)" in below and "Finish the stage “Deployment”: Order" in below
    )
    above = text_of(client_of(province).get(HOME))
    assert "Finish the stage “Deployment”: Order" in above and "Name a contact" not in above


def test_a_plan_that_is_not_published_waits_at_its_authority_alone(
    client_of: Clients, authority: Institution, regulator: User, province: User
) -> None:
    plan_campaign(authority=authority, plan=plan(), actor=None, at=timezone.now())
    assert "Finish the plan: Testing work put in order" in text_of(client_of(regulator).get(HOME))
    assert "Finish the plan" not in text_of(client_of(province).get(HOME))


def test_what_the_clock_names_already_is_not_named_again_by_its_message(
    client_of: Clients, province: User, county: User, laboratory: User
) -> None:
    task_of(running(institution_of(province), region_code="330000"), "regulator")
    remind(CLOCKS.values(), who=who, at=timezone.now())
    assert county.messages.filter(kind="campaign_task_read").count() == 1
    assert text_of(client_of(county).get(HOME)).count("Name a contact") == 2, "once as the task, once for its link"
