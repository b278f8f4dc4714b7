"""Puts a called self-check and a colleague into a running demonstration, through the verbs that users' steps go through.

Run in a process of its own (`python -m tests.journeys.selfcheck_network`) with the settings of that product; prints the key of the
self-check of the demonstration's laboratory.
"""

from datetime import date, timedelta

import django

COLLEAGUE = "colleague"


def seed() -> str:
    """A campaign over the area of the demonstration's laboratory, its self-check opened; a technical manager beside the quality manager."""
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from zhunsheng.activities.campaigns.plan.actions.enrolling import enrol_participants
    from zhunsheng.activities.campaigns.plan.actions.planning import Plan, plan_campaign, publish_campaign
    from zhunsheng.activities.campaigns.plan.rules.planning import Section, proposed_stages
    from zhunsheng.activities.campaigns.plan.states import SECTIONS
    from zhunsheng.activities.campaigns.selfcheck.actions.checklists import shipped_checklist
    from zhunsheng.activities.campaigns.selfcheck.actions.opening import call_selfcheck, open_selfchecks
    from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.foundation.bilingual import Text, t
    from zhunsheng.registry.institutions.models import Institution
    from zhunsheng.registry.people.actions import enter_people, enter_posts
    from zhunsheng.registry.people.models import Person, Post

    now = timezone.now()
    today = timezone.localdate(now)
    authority = Institution.objects.get(posts__person__user__username="regulator")
    where = Institution.objects.get(posts__person__user__username="laboratory")
    user = User.objects.create(
        username=COLLEAGUE, email="colleague@demo.invalid", password=make_password(settings.DEMO_PASSWORD)
    )
    person = Person(name="演示技术负责人", user=user)
    enter_people([person], actor=None, at=now)
    post = Post(person=person, institution=where, kind="technical_manager", valid_from=date(2020, 1, 1))
    enter_posts([post], actor=None, at=now)
    plan = Plan(
        title=t("Testing work put in order", "检测工作整顿"), opens_on=today, closes_on=today + timedelta(days=90),
        region_code=where.region_code, fields=(), stages=proposed_stages(today, today + timedelta(days=90)),
        sections=[Section(key, Text(en=f"{one.en}: as decided", zh=f"{one.zh}：按部署执行")) for key, one in SECTIONS.items()],
        commitment=t("We check ourselves truthfully.", "我机构承诺如实开展自查。"),
    )  # fmt: skip
    campaign = plan_campaign(authority=authority, plan=plan, actor=None, at=now)
    publish_campaign(campaign, actor=None, at=now)
    enrol_participants(campaign.pk, actor=None, at=now)
    campaign.refresh_from_db()
    checklist = shipped_checklist(at=now)
    call = call_selfcheck(campaign, checklist=checklist, due_on=today + timedelta(days=30), actor=None, at=now)
    open_selfchecks(call, actor=None, at=now)
    return str(SelfCheck.objects.get(call=call, participant__institution=where).pk)


if __name__ == "__main__":
    django.setup()
    print(seed())
