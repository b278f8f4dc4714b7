"""What the killed processes do with a bulletin, and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from tests.activities.campaigns.plan.campaigns import published
from tests.activities.campaigns.summary.bulletins import CASE, FOREWORD, LATER, drafted, released
from tests.cast import institution, user_with_post
from tests.killing import Killer
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.summary.actions import draft_bulletin
from zhunsheng.activities.campaigns.summary.models import Bulletin, Figures, Passage, Release
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry

WHY = t("A visit had been counted twice.", "有一次检查被重复计数。")


def prepare(killer: Killer) -> None:
    """A campaign in which one takes part, with a draft that has two texts."""
    authority = institution("authority", "示例检查部门", "Example Inspecting Authority", level="prefecture")
    institution("laboratory", "受检机构1", "Inspected Laboratory 1")
    user_with_post("head", "regulator", authority)
    drafted(published(authority), (FOREWORD, CASE))


def release(killer: Killer) -> int:
    killer.statements = 0
    draft = Bulletin.objects.select_related("campaign__authority").filter(state="draft", corrects=None).first()
    if draft:
        released(draft, User.objects.get(username="head"))
    return killer.statements


def correct(killer: Killer) -> int:
    killer.statements = 0
    if Bulletin.objects.filter(corrects=None, state="released").exists() and Bulletin.objects.count() == 1:
        draft_bulletin(Campaign.objects.get(), actor=None, at=LATER, reason=WHY)
    return killer.statements


def replace(killer: Killer) -> int:
    killer.statements = 0
    draft = Bulletin.objects.select_related("campaign__authority", "corrects").filter(state="draft").first()
    if draft:
        released(draft, User.objects.get(username="head"))
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    told = sorted((one.number or 0, one.state) for one in Bulletin.objects.all())
    return {
        "bulletins": [list(one) for one in told], "rows": [one.objects.count() for one in (Figures, Passage, Release)],
        "journal": [Entry.objects.filter(verb=verb).count() for verb in ("draft_bulletin", "release_bulletin")],
    }  # fmt: skip
