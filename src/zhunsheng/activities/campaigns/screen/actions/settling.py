"""Settling suspicions: put them to laboratories, take the answer, find them explained or take them up."""

from datetime import datetime

from django.db import transaction

from zhunsheng.activities.campaigns.screen.models import Statement, Suspicion
from zhunsheng.activities.campaigns.screen.rules.settling import check_said
from zhunsheng.activities.campaigns.screen.states import SUSPICION
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move


def ask(suspicion: Suspicion, *, question: str, actor: User | None, at: datetime) -> None:
    """Put a suspicion to the laboratory, with a question in words; from now on it sees the rows."""
    _say(suspicion, "ask", "ask_about", question, actor, at, asked_at=at)


def answer(suspicion: Suspicion, *, text: str, actor: User | None, at: datetime) -> None:
    """The laboratory answers what it was asked."""
    _say(suspicion, "answer", "answer_suspicion", text, actor, at)


def explain(suspicion: Suspicion, *, reason: str, actor: User | None, at: datetime) -> None:
    """A person finds the rows explained, and says by what."""
    _say(suspicion, "explain", "explain_suspicion", reason, actor, at, settled_at=at)


def take_up(suspicion: Suspicion, *, reason: str, actor: User | None, at: datetime) -> None:
    """A person takes the rows up, to be looked into on the spot, and says why; what they come to is not said here."""
    _say(suspicion, "take_up", "take_up_suspicion", reason, actor, at, settled_at=at)


@transaction.atomic
def _say(
    suspicion: Suspicion, verb: str, act: str, text: str, actor: User | None, at: datetime, **also: datetime
) -> None:
    """Move a suspicion with the words for it. Raises ScreenRefused without words, NotAllowedNow where it has moved on."""
    said = check_said(text)
    before = suspicion.state
    SUSPICION.check(verb, before)
    move(SUSPICION, verb, Suspicion.objects.filter(pk=suspicion.pk, state=before), **also)
    statement = Statement.objects.create(suspicion=suspicion, verb=verb, text=said, by=actor, at=at)
    suspicion.refresh_from_db()
    journal.record(
        act, actor=actor, at=at, subject=f"suspicion:{suspicion.pk}", covers=[statement], before={"state": before},
        after={"state": suspicion.state},
    )  # fmt: skip
