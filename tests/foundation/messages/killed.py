"""What the killed processes do with messages and e-mail, and what is asked of them afterwards."""

from collections.abc import Collection, Hashable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from tests.cast import AT
from tests.killing import Killer
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.messages import mailing
from zhunsheng.foundation.messages.actions import remind
from zhunsheng.foundation.messages.models import Mail, Message
from zhunsheng.foundation.messages.rules import Clock, Due

THINGS = [
    Due(
        f"thing:{i}", date(2026, 4, 20), t("Mend it", "整改"), t("Because.", "理由。"), "/", t("Go", "前往"), "everybody",
        t("Example", "示例"),
    )
    for i in range(3)
]  # fmt: skip
CLOCK = Clock("mending", t("Rectification", "整改"), t("Rules", "规定"), (10, 3), None, lambda **_: THINGS)
LATER = AT + timedelta(hours=2)


def everybody(wanted: Collection[Hashable], *, on: date) -> Mapping[Hashable, Mapping[int, UUID]]:
    users = list(User.objects.order_by("pk").values_list("pk", flat=True))
    return dict.fromkeys(wanted, dict.fromkeys(users, UUID(int=7)))


def prepare(killer: Killer) -> None:
    User.objects.bulk_create(User(username=f"u{i}", email=f"u{i}@example.invalid") for i in range(2))


def look_at_clocks(killer: Killer) -> int:
    killer.statements = 0
    remind([CLOCK], who=everybody, at=AT)
    return killer.statements


def told(killer: Killer) -> list[int]:
    """Messages, and journal rows that speak of them."""
    return [Message.objects.count(), Entry.objects.filter(verb="tell").count()]


def post(killer: Killer) -> int:
    """What the worker does with e-mail, at the moment of the messages."""
    killer.statements = 0
    send(AT)
    return killer.statements


def post_later(killer: Killer) -> list[str]:
    """The same, when whatever was left lying has been found; returns where the e-mails stand."""
    mailing.lose_sight(at=LATER)
    send(LATER)
    return sorted(mail.state for mail in Mail.objects.all())


def send(at: datetime) -> None:
    mailing.gather(at=at)
    for key in mailing.next_mails(at=at):
        mailing.deliver(key, at=at)
