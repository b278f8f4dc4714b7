"""Plans of campaigns: a draft is its authority's alone; once published, of every authority in whose area institutions take part."""

from tests.activities.campaigns.plan.campaigns import CLOSES, OPENS, plan, published
from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, REACHING, Promises, Verbs, only
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
}
POST_ONLY = {"office_campaign_enrol", "office_campaign_close"}
DAYS = {"opens_on": OPENS.isoformat(), "closes_on": CLOSES.isoformat()}

VERBS: Verbs = [
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
    return {"campaign": str(campaign.pk), "plan": str(draft.pk), "next_plan": str(following.pk)}
