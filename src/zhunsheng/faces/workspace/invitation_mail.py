"""The letter that carries an invitation's link, in both languages."""

from datetime import timedelta

from django.core.mail import send_mail
from django.utils import timezone

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.people.models import Invitation
from zhunsheng.registry.people.states import NAMES, Post


def send_invitation(made: Invitation, link: str) -> None:
    """Send it now: an invitation that cannot be sent is a fault that its maker must see."""
    subject, body = letter(made, link)
    send_mail(subject.both(), body.both("\n\n"), None, [made.email])


def letter(made: Invitation, link: str) -> tuple[Text, Text]:
    """Subject and body."""
    subject = t("You are invited to Zhunsheng", "邀请您加入准绳")
    body = t(
        "{i} invites you, {n}, to be its {p}. Open this link and choose a password; it works once, until {d}:\n{link}",
        "{n}，您好！{i}邀请您担任{p}。请打开以下链接并设置密码。链接仅可使用一次，有效期至 {d}：\n{link}",
        n=made.name, i=made.institution.name, p=NAMES[Post(made.kind)], link=link,
        d=timezone.localdate(made.expires_at - timedelta(seconds=1)).isoformat(),
    )  # fmt: skip
    return subject, body
