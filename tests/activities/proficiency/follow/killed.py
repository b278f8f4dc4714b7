"""What the killed processes do and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from django.conf import settings

from tests.activities.proficiency.follow.cases import LATER, corrected
from tests.cast import AT, institution, user_with_post
from tests.killing import Killer
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.follow.actions.appealing import appeal
from zhunsheng.activities.proficiency.follow.actions.appealing import decide_appeal as decide
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases as open_all
from zhunsheng.activities.proficiency.follow.models import Appeal, AppealDecision, Case, CaseRow, Closing
from zhunsheng.activities.proficiency.models import Identity, Participation, Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.signing import SigningKey

LABORATORIES = 12
VERBS = ("open_cases", "decide_appeal", "begin_correction")


def prepare(killer: Killer) -> None:
    """A released round in which every third laboratory is far off, and an appeal of one of them."""
    provider = institution("provider", "示例提供者", "Example Provider")
    coordinator = user_with_post("coordinator", "coordinator", provider)
    user_with_post("decider", "coordinator", provider)
    laboratory = institution("laboratory", "示例实验室", "Lab 0")
    manager = user_with_post("manager", "quality_manager", laboratory)
    lines = [f"Lab {n},{'0.5' if n % 3 else '9.0'},mg/kg" for n in range(LABORATORIES)]
    content = "\n".join(["laboratory,result,unit", *lines]).encode()
    round_ = actions.create_round(
        attachment=keep(name="results.csv", content=content, actor=coordinator, at=AT), number="KILL", title_zh="断电", title_en="Kill",
        performed_on=AT.date(), assigned="0.5", u_assigned="0.01", sigma="0.1", catalogue={}, commissioned_by=None,
        provider=provider, actor=coordinator, at=AT,
    )  # fmt: skip
    made = actions.evaluate(round_.pk, actor=coordinator, at=AT)
    actions.release(round_.pk, evaluation_id=made.pk, actor=coordinator, at=AT, key=_key())
    part = Participation.objects.get(identity__in=Identity.objects.filter(institution=laboratory))
    appeal(part, None, grounds="x", files={}, actor=manager, at=AT)


def _key() -> SigningKey:
    return SigningKey.load_or_make(settings.SIGNING_KEY)


def open_cases(killer: Killer) -> int:
    killer.statements = 0
    open_all(Round.objects.get(), actor=None, at=AT)
    return killer.statements


def decide_appeal(killer: Killer) -> int:
    killer.statements = 0
    made = Appeal.objects.get()
    if made.state == "open":
        decide(made, upheld=True, reason="x", actor=User.objects.get(username="decider"), at=AT)
    return killer.statements


def correct(killer: Killer) -> None:
    """A corrigendum after which nobody is far off."""
    corrected(Round.objects.get(), sigma="9", by=User.objects.get(username="coordinator"), key=_key(), at=LATER)


def settle_cases(killer: Killer) -> int:
    killer.statements = 0
    open_all(Round.objects.get(), actor=None, at=LATER)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    """Everything that the verbs write."""
    states = list(Case.objects.values_list("state", flat=True))
    return {
        "cases": {state: states.count(state) for state in sorted(set(states))}, "rows": CaseRow.objects.count(),
        "closings": Closing.objects.count(), "appeal": Appeal.objects.get().state, "decisions": AppealDecision.objects.count(),
        "correcting": bool(Round.objects.get().correcting),
        "journal": {verb: Entry.objects.filter(verb=verb).count() for verb in VERBS},
    }  # fmt: skip
