"""What the sweeper of every worker begins now and then: the clocks each hour, duplicates each night, e-mail when some waits."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from zhunsheng.faces.jobs.actions import start
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.work import DUPLICATES
from zhunsheng.foundation.messages.actions import take_turn
from zhunsheng.foundation.messages.mailing import lose_sight, next_mails
from zhunsheng.foundation.messages.queries import to_be_mailed
from zhunsheng.registry.institutions.queries.searches import to_be_searched

log = logging.getLogger(__name__)
HOUR = timedelta(hours=1)
NIGHT = range(1, 5)
"""Hours of the site's clock at which long searches disturb nobody."""


def begin_what_is_due(*, at: datetime) -> None:
    """Queue the periodic jobs whose turn it is; the site has one turn, however many workers it has."""
    if take_turn("remind", every=HOUR, at=at):
        start("remind", subject="clocks", arguments={}, actor=None, at=at)
    if take_turn("search_duplicates", every=between_searches(at), at=at) and to_be_searched():
        start("search_duplicates", subject=DUPLICATES, arguments={}, actor=None, at=at)
    lose_sight(at=at)
    if settings.MAIL_IS_SENT and mail_waits(at=at) and not under_way("send_mail"):
        start("send_mail", subject="mail", arguments={}, actor=None, at=at)


def between_searches(at: datetime) -> timedelta:
    """Each night; by day only where the last night was missed, because the machine was off."""
    return 20 * HOUR if timezone.localtime(at).hour in NIGHT else 44 * HOUR


def mail_waits(*, at: datetime) -> bool:
    """Is there news to be mailed, or an e-mail whose turn it is?"""
    return to_be_mailed(at=at).exists() or bool(next_mails(at=at))


def under_way(kind: str) -> bool:
    return Job.objects.filter(kind=kind, state__in=["queued", "running"]).exists()
