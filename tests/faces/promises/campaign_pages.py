"""Campaigns in public and at those who are asked: a published plan is everyone's; what a laboratory signs and reads is its own.

Tasks that are set to authorities are read and acknowledged by those below the one that runs the campaign, each for itself.
"""

from tests.activities.campaigns.plan.campaigns import CLOSES, COMMITMENT, plan, published
from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, EVERYONE, GONE, LABORATORIES, OWN, ROLES, Promises, Verbs, only
from zhunsheng.activities.campaigns.plan.actions.answering import text_sha256
from zhunsheng.activities.campaigns.plan.actions.leading import TaskGiven, set_task
from zhunsheng.activities.campaigns.plan.actions.planning import plan_campaign
from zhunsheng.activities.campaigns.plan.models import Participant
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t

GET: Promises = {
    "campaigns": [((), EVERYONE)],
    "campaign": [(("open_campaign",), EVERYONE), (("hidden_plan",), dict.fromkeys(ROLES, GONE))],
    "workspace_campaigns": [((), only(*LABORATORIES)), (("?format=xlsx",), only(*LABORATORIES))],
    "workspace_campaign": [(("our_part",), only(*OWN))],
    "workspace_campaign_received": [((), only(*AUTHORITIES))],
}
POST_ONLY = {"workspace_campaign_sign", "workspace_campaign_task", "workspace_campaign_received_task"}
SIGNED = {"responsible": "示例", "sure": "on", "text": text_sha256(COMMITMENT)}

VERBS: Verbs = [
    ("workspace_campaign_sign", ("our_part",), SIGNED, OWN),
    ("workspace_campaign_task", ("our_part", "our_task"), {"kind": "read"}, OWN),
    ("workspace_campaign_task", ("our_part", "task_from_above"), {"kind": "read"}, ()),
    ("workspace_campaign_received_task", ("task_from_above",), {"kind": "read"}, ("county",)),
    ("workspace_campaign_received_task", ("our_task",), {"kind": "read"}, ()),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    authority = institution_of(people["regulator"])
    campaign = published(authority)
    draft = plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)
    part = Participant.objects.get(campaign=campaign, institution=institution_of(people["laboratory"]))
    words = t("Name a contact.", "确定联络人。")
    ours, below = (
        set_task(campaign, TaskGiven(words, role, CLOSES), actor=None, at=AT)
        for role in ("quality_manager", "regulator")
    )
    return {
        "open_campaign": str(campaign.pk), "hidden_plan": str(draft.pk), "our_part": str(part.pk), "our_task": str(ours.pk),
        "task_from_above": str(below.pk),
    }  # fmt: skip
