"""What the killed processes do and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from tests.activities.proficiency.ship.shipped import parcel, ready_round, sent
from tests.cast import AT, institution, user_with_post
from tests.killing import Killer
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.ship import actions
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.activities.proficiency.ship.queries import without_parcel
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry

VERBS = ("pack_items", "send_items", "lose_items", "replace_items")


def prepare(killer: Killer) -> None:
    provider = institution("provider", "示例提供者", "Example Provider")
    ready_round(provider, user_with_post("coordinator", "coordinator", provider), laboratories=[None] * 200)


def who() -> User:
    return User.objects.get(username="coordinator")


def pack(killer: Killer) -> int:
    round_ = Round.objects.get()
    killer.statements = 0
    if without_parcel(round_).exists():
        actions.pack(round_, actor=who(), at=AT)
    return killer.statements


def send(killer: Killer) -> int:
    round_ = Round.objects.get()
    killer.statements = 0
    if Parcel.objects.filter(state="packed").exists():
        sent(round_, who())
    return killer.statements


def lose(killer: Killer) -> int:
    actions.lose(parcel(Round.objects.get(), "K01"), reason="x", actor=who(), at=AT)
    return 0


def replace(killer: Killer) -> int:
    lost = parcel(Round.objects.get(), "K01")
    killer.statements = 0
    if not Parcel.objects.filter(replacement=1).exists():
        actions.replace(lost, reason="x", actor=who(), at=AT)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    """Everything that the verbs write."""
    counted = {state: Parcel.objects.filter(state=state).count() for state in ("packed", "sent", "lost")}
    return counted | {verb: Entry.objects.filter(verb=verb).count() for verb in VERBS}
