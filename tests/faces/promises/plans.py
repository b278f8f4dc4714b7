"""Plans of campaigns: a draft is its authority's alone; once published, of every authority in whose area institutions take part."""

from tests.activities.campaigns.plan.campaigns import CLOSES, OPENS, plan, published
from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, REACHING, Promises, Verbs, only
from zhunsheng.activities.campaigns.plan.actions.leading import TaskGiven, record_meeting, set_task
from zhunsheng.activities.campaigns.plan.actions.planning import clone_campaign, plan_campaign
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t

GET: Promises = {
    "office_campaigns": [((), only(*AUTHORITIES)), (("?format=xlsx",), only(*AUTHORITIES))],
    "office_campaign_new": [((), only(*AUTHORITIES))],
    "office_campaign": [
        (("campaign",), only(*REACHING)),
        (("campaign", "?region=330106"), only(*REACHING)),
        (("plan",), only("regulator")),
    ],
    "office_campaign_edit": [(("plan",), only("regulator"))],
    "office_campaign_changes": [(("next_plan",), only("regulator"))],
    "office_campaign_clone": [(("campaign",), only("regulator")), (("plan",), only())],
    "office_campaign_publish": [(("plan",), only("regulator"))],
    "office_campaign_stages": [
        (("campaign",), only(*REACHING)),
        (("campaign", "?region=330106"), only(*REACHING)),
        (("plan",), only("regulator")),
    ],
    "office_campaign_participants": [
        (("campaign",), only(*REACHING)),
        (("campaign", "?format=xlsx"), only(*REACHING)),
        (("plan",), only("regulator")),
    ],
    "office_campaign_tasks": [(("campaign",), only(*REACHING)), (("plan",), only("regulator"))],
    "office_campaign_task": [
        (("campaign", "campaign_task"), only(*REACHING)),
        (("campaign", "campaign_task", "?format=xlsx"), only(*REACHING)),
        (("plan", "campaign_task"), only()),
    ],
    "office_campaign_task_new": [(("campaign",), only("regulator"))],
    "office_campaign_meetings": [(("campaign",), only("regulator"))],
    "office_campaign_meeting": [(("campaign", "campaign_meeting"), only("regulator"))],
    "office_campaign_meeting_new": [(("campaign",), only("regulator"))],
}
POST_ONLY = {"office_campaign_enrol", "office_campaign_close", "office_campaign_gate", "office_campaign_days"}
SHOWS_REGISTER = {"office_campaign_participants", "office_campaign_task"}
DAYS = {"opens_on": OPENS.isoformat(), "closes_on": CLOSES.isoformat()}

HERE = {"region": "330106", "stage": "deployment"}
"""The district of the laboratory: its own regulator leads there, and whoever reaches it, inside the campaign."""

VERBS: Verbs = [
    ("office_campaign_gate", ("campaign",), {**HERE, "side": "entry"}, REACHING),
    ("office_campaign_days", ("campaign",), {**HERE, "starts_on": "2026-04-16", "ends_on": "2026-04-20"}, REACHING),
    ("office_campaign_gate", ("campaign",), {"stage": "deployment", "side": "entry"}, ("regulator",)),
    ("office_campaign_task_new", ("campaign",), {}, ("regulator",)),
    ("office_campaign_meeting_new", ("campaign",), {}, ("regulator",)),
    ("office_campaign_new", (), {"title_zh": "整顿", "title_en": "Order", **DAYS}, AUTHORITIES),
    ("office_campaign_edit", ("plan",), {}, ("regulator",)),
    ("office_campaign_clone", ("campaign",), {}, ("regulator",)),
    ("office_campaign_enrol", ("campaign",), {}, ("regulator",)),
    ("office_campaign_publish", ("plan",), {}, ("regulator",)),
    ("office_campaign_close", ("campaign",), {}, ("regulator",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    authority = institution_of(people["regulator"])
    campaign = published(authority)
    draft = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    following = clone_campaign(campaign, title=t("Again", "再次整顿"), opens_on=CLOSES, actor=None, at=AT)
    meeting = record_meeting(
        campaign, title="视频会议", held_on=OPENS, attended="", points=[("进度", "逾期的约谈")], actor=None, at=AT
    )  # fmt: skip
    given = TaskGiven(t("Report what is late", "报告逾期情况"), "quality_manager", CLOSES, point=meeting.points.first())
    task = set_task(campaign, given, actor=None, at=AT)
    return {
        "campaign": str(campaign.pk), "plan": str(draft.pk), "next_plan": str(following.pk), "campaign_task": str(task.pk),
        "campaign_meeting": str(meeting.pk),
    }  # fmt: skip
