"""The verbs of e-mail: gather what is new into e-mails, hand each over once, try again where it certainly did not arrive.

An e-mail is claimed in a transaction of its own before a byte leaves, so it is sent at most once: what dies between the claim and
the answer of the mail server is "perhaps sent", shown to the administrator, and sent again only by a person. The message
itself waits in the inbox all the same. Never called from a web request.
"""

import contextlib
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.messages.letters import letter
from zhunsheng.foundation.messages.models import LastRun, Mail, Message
from zhunsheng.foundation.messages.queries import to_be_mailed, waiting
from zhunsheng.foundation.messages.states import MAIL
from zhunsheng.foundation.statechart import NotAllowedNow, move

PER_MINUTE = 60
"""How many e-mails leave the site in a minute at most, whoever sends them."""
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 240, 720, 1440))
"""How long after each failed attempt the next one waits; after the last the e-mail is given up."""
LOST_AFTER = timedelta(minutes=10)


@transaction.atomic
def gather(*, at: datetime) -> int:
    """Make one e-mail for each person of all that is new for him; returns how many. Nothing where the site sends no mail."""
    if not settings.MAIL_IS_SENT or not to_be_mailed(at=at).exists():
        return 0
    LastRun.objects.bulk_create([LastRun(what="gather", at=at)], ignore_conflicts=True)
    LastRun.objects.select_for_update().get(what="gather")  # one at a time: a message belongs to one e-mail
    new = to_be_mailed(at=at)
    people = new.order_by().values_list("recipient", flat=True).distinct()
    mails = Mail.objects.bulk_create([Mail(recipient_id=one, made_at=at, next_at=at) for one in people], batch_size=500)
    if mails:
        of_recipient = Mail.objects.filter(recipient=OuterRef("recipient"), made_at=at, state="waiting")
        new.update(mail=Subquery(of_recipient.values("pk")[:1]))
    return len(mails)


def budget(*, at: datetime) -> int:
    """How many e-mails may still leave in this minute."""
    return max(0, PER_MINUTE - Mail.objects.filter(claimed_at__gt=at - timedelta(minutes=1)).count())


def next_mails(*, at: datetime) -> list[UUID]:
    """The e-mails to be handed over now, within the budget."""
    return list(waiting(at=at).values_list("pk", flat=True)[: budget(at=at)])


def deliver(key: UUID, *, at: datetime) -> str | None:
    """Claim one e-mail and hand it over; returns the state it is left in, None when another worker has it."""
    try:
        with transaction.atomic(durable=True):
            move(MAIL, "claim", Mail.objects.filter(pk=key), claimed_at=at, attempts=F("attempts") + 1)
    except NotAllowedNow:
        return None
    mail = Mail.objects.select_related("recipient").get(pk=key)
    written = write(mail)
    if written is None:
        return _end(mail, "drop")
    answer = hand_over(written)
    if answer.kind == "sent":
        return _end(mail, "finish", sent_at=at)
    if answer.kind == "later" and mail.attempts <= len(PAUSES):
        return _end(mail, "retry", fault=answer.fault, next_at=at + PAUSES[mail.attempts - 1])
    return _end(mail, "lose" if answer.kind == "unknown" else "fail", fault=answer.fault)


def _end(mail: Mail, verb: str, *, fault: Text | None = None, **also: datetime) -> str:
    """Note how an attempt ended, unless a person was quicker to decide what became of it."""
    said = {"fault_en": fault.en if fault else "", "fault_zh": fault.zh if fault else ""}
    mine = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts)
    try:
        move(MAIL, verb, mine, **said, **also)
    except NotAllowedNow:
        return Mail.objects.get(pk=mail.pk).state
    return MAIL.transitions[verb].target


def write(mail: Mail) -> EmailMessage | None:
    """The e-mail's text, of what is still unread; None when nothing is, or the person has gone."""
    site = settings.SITE_URL.rstrip("/")
    messages = Message.objects.filter(mail=mail, read_at=None).order_by("due_on", "pk")
    lines = [(one.due_on, f"{site}/messages/{one.pk}/") for one in messages]
    user = mail.recipient
    if not lines or not user.is_active or not user.email:
        return None
    text = letter(lines, language=user.language, settings_address=f"{site}/messages/preferences/")
    host = urlsplit(site).hostname or "localhost"
    headers = {"Message-ID": f"<{mail.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(text.subject, text.body, settings.DEFAULT_FROM_EMAIL, [user.email], headers=headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an attempt: sent; certainly not, try later; certainly not, never; nobody knows."""

    kind: Literal["sent", "later", "never", "unknown"]
    fault: Text | None = None


def hand_over(message: EmailMessage) -> Answer:
    """One SMTP exchange. Whatever goes wrong before the e-mail is offered, or by the server's own word, is certain."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as fault:
        _close(connection)
        return Answer("later", _no_server(fault))
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as fault:
        code, _ = next(iter(fault.recipients.values()))
        return _refused(code)
    except smtplib.SMTPResponseException as fault:
        return _refused(fault.smtp_code)
    except (OSError, smtplib.SMTPException) as fault:
        return Answer("unknown", _cut_off(fault))
    finally:
        _close(connection)
    return Answer("sent")


def _close(connection: object) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):  # what was answered before a clumsy goodbye stands
        connection.close()  # type: ignore[attr-defined]


def _refused(code: int) -> Answer:
    fault = t("The mail server refused it with code {c}.", "邮件服务器拒收，代码 {c}。", c=code)
    return Answer("never" if code >= 500 else "later", fault)


def _no_server(fault: Exception) -> Text:
    return t("No mail server could be spoken to ({k}).", "无法与邮件服务器建立会话（{k}）。", k=type(fault).__name__)


def _cut_off(fault: Exception) -> Text:
    return t(
        "The connection broke while the e-mail was handed over ({k}): it may have arrived.",
        "发送过程中连接中断（{k}），邮件可能已送达。",
        k=type(fault).__name__,
    )


def lose_sight(*, at: datetime) -> int:
    """Name "perhaps sent" what a worker claimed and never came back from; returns how many."""
    old = Mail.objects.filter(state="sending", claimed_at__lt=at - LOST_AFTER)
    if not old.exists():
        return 0
    fault = t(
        "The worker ended while it handed the e-mail over: it may have arrived.", "发送时后台进程终止，邮件可能已送达。"
    )
    return old.update(state=MAIL.transitions["lose"].target, fault_en=fault.en, fault_zh=fault.zh)


@transaction.atomic
def send_again(key: UUID, *, actor: User, at: datetime) -> None:
    """Let an e-mail that was refused or perhaps sent go out again. Raises NotAllowedNow for any other."""
    move(MAIL, "send_again", Mail.objects.filter(pk=key), next_at=at, fault_en="", fault_zh="")
    journal.record("send_mail_again", actor=actor, at=at, subject=f"mail:{key}", rows=[{"mail": str(key)}])
