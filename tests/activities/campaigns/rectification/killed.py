"""What the killed processes do with a rectification, and what is asked of them afterwards; each runs in a process of its own."""

from datetime import timedelta
from typing import Any

from tests.activities.campaigns.rectification.cases import FILES, REPORT, Case
from tests.cast import AT
from tests.killing import Killer
from zhunsheng.activities.campaigns.rectification import actions
from zhunsheng.activities.campaigns.rectification.models import (
    Judgement,
    LookBack,
    LookedBack,
    Rectification,
    SecondLook,
    Submission,
    SubmittedFile,
)
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Parameter

LATER = AT + timedelta(days=3)
VERBS = ("submit_rectification", "judge_rectification", "promise_look_back", "draw_look_back", "judge_look_back")


def prepare(killer: Killer) -> None:
    """A rectification that is open, and an item that it concerns."""
    enter_parameters([Parameter(code="mercury", name_zh="总汞", name_en="Total mercury")], actor=None, at=AT)
    enter_matrices([Matrix(code="feed", name_zh="饲料", name_en="Feed", field="feed")], actor=None, at=AT)
    Case().opened()


def submit(killer: Killer) -> int:
    one, manager = Rectification.objects.get(), User.objects.get(username="manager")
    killer.statements = 0
    if one.state == "open":
        actions.submit(one, REPORT, FILES, actor=manager, at=AT)
    return killer.statements


def accept(killer: Killer) -> int:
    made, verifier = Submission.objects.get(), User.objects.get(username="verifier")
    item = (Parameter.objects.get().pk, Matrix.objects.get().pk)
    killer.statements = 0
    if made.rectification.state == "submitted":
        actions.judge(made, outcome="accepted", reason="属实", actor=verifier, at=AT, items=[item])
    return killer.statements


def promise(killer: Killer) -> int:
    authority = Rectification.objects.get().authority
    killer.statements = 0
    if not LookBack.objects.exists():
        actions.promise_look_back(
            authority, share=(1, 1), beacon=t("a lottery", "某彩票"), beacon_on=AT.date() + timedelta(days=2), actor=None, at=AT
        )  # fmt: skip
    return killer.statements


def draw(killer: Killer) -> int:
    made = LookBack.objects.get()
    killer.statements = 0
    if made.state == "promised":
        actions.draw_look_back(made, value="051118", actor=None, at=LATER)
    return killer.statements


def overturn(killer: Killer) -> int:
    one, verifier = LookedBack.objects.get(), User.objects.get(username="decider")
    killer.statements = 0
    if one.rectification.state == "look_back":
        actions.judge_look_back(
            one, held=False, reason="不实", actor=verifier, at=LATER, due_on=LATER.date() + timedelta(days=9)
        )
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    tables = (Submission, SubmittedFile, Judgement, LookBack, LookedBack, SecondLook, Evidence)
    return {
        "state": Rectification.objects.get().state,
        "rows": [one.objects.count() for one in tables],
        "journal": [Entry.objects.filter(verb=verb).count() for verb in VERBS],
    }
