"""What the killed processes do with a campaign, and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from django.core.management import call_command
from django.db import transaction

from tests.activities.campaigns.plan.campaigns import plan
from tests.cast import AT, institution
from tests.killing import Killer
from zhunsheng.activities.campaigns.plan.actions import enrolling
from zhunsheng.activities.campaigns.plan.actions.planning import plan_campaign, publish_campaign
from zhunsheng.activities.campaigns.plan.models import Campaign, Participant, Stage
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.actions import enter_institutions
from zhunsheng.registry.institutions.models import Institution

enrolling.STEP = 2  # five laboratories are three steps


def prepare(killer: Killer) -> None:
    """An authority with a draft, and five laboratories of its area."""
    call_command("migrate", verbosity=0)
    authority = institution("authority", "示例市场监督管理局", "Example Authority", level="prefecture")
    several = [
        Institution(kind="laboratory", name_zh=f"示例机构{n}", name_en=f"Example Laboratory {n}", region_code="330106")
        for n in range(5)
    ]
    enter_institutions(several, actor=None, at=AT)
    plan_campaign(authority=authority, plan=plan(), actor=None, at=AT)


def publish(killer: Killer) -> int:
    """As the page does it: the act and its job in one transaction."""
    killer.statements = 0
    campaign = Campaign.objects.get()
    if campaign.state == "draft":
        with transaction.atomic():
            publish_campaign(campaign, actor=None, at=AT)
            jobs.start("enrol_participants", subject=f"campaign:{campaign.pk}", arguments={}, actor=None, at=AT)
    return killer.statements


def enrol(killer: Killer) -> int:
    killer.statements = 0
    enrolling.enrol_participants(Campaign.objects.get().pk, actor=None, at=AT)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    verbs = ("plan_campaign", "publish_campaign", "enrol_participants")
    campaigns = Campaign.objects.all()
    return {
        "state": [one.state for one in campaigns], "rules": [bool(one.rulepack and one.rulepack_sha256) for one in campaigns],
        "enrolled": [one.enrolled_at is not None for one in campaigns],
        "rows": [Stage.objects.count(), Participant.objects.count(), Job.objects.count()],
        "journal": [Entry.objects.filter(verb=verb).count() for verb in verbs],
    }  # fmt: skip
