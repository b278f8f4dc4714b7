"""What the killed process does with the forms of a self-check, and what is asked of it afterwards; each runs in a process of its own."""

from typing import Any

from django.db.models import Sum

from tests.activities.campaigns.plan.campaigns import published
from tests.activities.campaigns.selfcheck.forms import DUE
from tests.cast import AT, institution
from tests.killing import Killer
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.selfcheck.actions import opening
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.models import Answer, Call, SelfCheck, Turnout
from zhunsheng.foundation.journal.models import Entry

INSTITUTIONS, STEP = 5, 2


def prepare(killer: Killer) -> None:
    """A published campaign and who takes part in it."""
    authority = institution("authority", "示例市场监督管理局", "Example Authority", level="prefecture")
    for n in range(INSTITUTIONS):
        institution("laboratory", f"示例室{n}", f"Example {n}", region_code="330106")
    published(authority)
    shipped_checklist(at=AT)


def call(killer: Killer) -> int:
    campaign = Campaign.objects.get()
    killer.statements = 0
    if not Call.objects.exists():
        opening.call_selfcheck(campaign, checklist=shipped_checklist(at=AT), due_on=DUE, actor=None, at=AT)
    return killer.statements


def open_all(killer: Killer) -> int:
    found = Call.objects.select_related("checklist").get()
    opening.STEP = STEP
    killer.statements = 0
    opening.open_selfchecks(found, actor=None, at=AT)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    return {
        "calls": list(Call.objects.values_list("complete", flat=True)),
        "forms": SelfCheck.objects.count(),
        "answers": Answer.objects.count(),
        "counted": Turnout.objects.aggregate(n=Sum("open"))["n"],
        "journal": [Entry.objects.filter(verb=verb).count() for verb in ("call_selfcheck", "open_selfchecks")],
    }
