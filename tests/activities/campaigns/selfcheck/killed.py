"""What the killed processes do with a self-check, and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from django.db.models import F, Sum

from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, institution, institution_of, user_with_post
from tests.killing import Killer
from zhunsheng.activities.campaigns.selfcheck.actions.answering import (
    freeze_selfchecks,
    return_selfcheck,
    submit_selfcheck,
)
from zhunsheng.activities.campaigns.selfcheck.actions.proving import add_proof, withdraw_proof
from zhunsheng.activities.campaigns.selfcheck.models import (
    Answer,
    Frozen,
    Proof,
    SelfCheck,
    Tally,
    Turnout,
    WithdrawnProof,
)
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry

VERBS = ("add_proof", "withdraw_proof", "submit_selfcheck", "return_selfcheck", "freeze_selfchecks")


def prepare(killer: Killer) -> None:
    """An authority that called a self-check, a laboratory with two who answer for it, a form that nobody has touched."""
    authority = institution("authority", "示例市场监督管理局", "Example Authority", level="prefecture")
    writer = user_with_post("writer", "quality_manager", institution("laboratory", "示例室", "Example Laboratory"))
    user_with_post("boss", "institution_admin", institution_of(writer))
    called(authority)


def one() -> SelfCheck:
    return SelfCheck.objects.get()


def who(name: str) -> User:
    return User.objects.get(username=name)


def answer(killer: Killer) -> int:
    form, writer = one(), who("writer")
    killer.statements = 0
    filled_in(form, writer)
    return killer.statements


def prove(killer: Killer) -> int:
    form, writer = one(), who("writer")
    killer.statements = 0
    add_proof(form, 23, name="proof.pdf", content=b"%PDF-1.7 made-up proof", actor=writer, at=AT)
    return killer.statements


def unprove(killer: Killer) -> int:
    proof, writer = Proof.objects.get(), who("writer")
    killer.statements = 0
    withdraw_proof(proof, actor=writer, at=AT)
    return killer.statements


def submit(killer: Killer) -> int:
    form, boss = one(), who("boss")
    killer.statements = 0
    if form.state == "open":
        submit_selfcheck(form, actor=boss, at=AT)
    return killer.statements


def give_back(killer: Killer) -> int:
    form = one()
    killer.statements = 0
    if form.state == "submitted":
        return_selfcheck(form, reason="请补充", actor=None, at=AT)
    return killer.statements


def freeze(killer: Killer) -> int:
    form = one()
    killer.statements = 0
    freeze_selfchecks([form.participant_id], campaign=form.call.campaign_id, actor=None, at=AT)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    form = one()
    tallied = Tally.objects.filter(field="").aggregate(n=Sum(F("fine") + F("problem") + F("na")))["n"]
    turnout = Turnout.objects.filter(field="").values_list("open", "submitted", "returned", "frozen", "handed_in")
    return {
        "form": [form.state, form.answered == Answer.objects.exclude(answer="").count(), form.revision],
        "answers": Answer.objects.filter(prefilled=False).exclude(answer="").count(),
        "rows": [model.objects.count() for model in (Proof, WithdrawnProof, Frozen)], "tallied": tallied or 0,
        "turnout": [list(row) for row in turnout], "journal": [Entry.objects.filter(verb=verb).count() for verb in VERBS],
    }  # fmt: skip
