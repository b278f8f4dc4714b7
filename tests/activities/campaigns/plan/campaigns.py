"""A campaign for the tests, made through the verbs: a plan in both languages over ninety days from the moment of the cast."""

from datetime import timedelta

from tests.cast import AT
from zhunsheng.activities.campaigns.plan.actions.enrolling import enrol_participants
from zhunsheng.activities.campaigns.plan.actions.planning import Plan, plan_campaign, publish_campaign
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.rules.planning import Section, proposed_stages
from zhunsheng.activities.campaigns.plan.states import SECTIONS
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.institutions.models import Institution

OPENS, CLOSES = AT.date(), AT.date() + timedelta(days=90)
COMMITMENT = t("We check ourselves truthfully.", "我机构承诺如实开展自查。")


def plan(*, region_code: str = "330100", fields: tuple[str, ...] = (), whole: bool = True) -> Plan:
    sections = [
        Section(key, Text(en=f"{name.en}: as decided", zh=f"{name.zh}：按部署执行")) for key, name in SECTIONS.items()
    ]
    return Plan(
        title=t("Testing work put in order", "检测工作整顿"), opens_on=OPENS, closes_on=CLOSES, region_code=region_code,
        fields=fields, stages=proposed_stages(OPENS, CLOSES), sections=sections if whole else sections[:2],
        commitment=COMMITMENT,
    )  # fmt: skip


def published(authority: Institution, *, region_code: str = "330100", fields: tuple[str, ...] = ()) -> Campaign:
    """Published, and everybody who takes part enrolled."""
    made = plan_campaign(authority=authority, plan=plan(region_code=region_code, fields=fields), actor=None, at=AT)
    publish_campaign(made, actor=None, at=AT)
    enrol_participants(made.pk, actor=None, at=AT)
    made.refresh_from_db()
    return made
