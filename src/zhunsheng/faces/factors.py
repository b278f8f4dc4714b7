"""What follows when somebody sets up a second factor, and when the key that their secrets were sealed with is lost."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.db import transaction
from django.http import HttpRequest

from zhunsheng.foundation.accounts.factors import CannotOpen, opened
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal


def on_factor_added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """End the other sessions, which know the password alone; this one has just shown the code that sets the factor up."""
    end_other_sessions(request, user)
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def unopenable() -> Iterator[Authenticator]:
    """The second factors whose secrets this installation cannot open: they were sealed with another key."""
    for one in Authenticator.objects.order_by("pk").iterator():
        try:
            for kept in _secrets_of(one):
                opened(kept)
        except CannotOpen:
            yield one


def _secrets_of(one: Authenticator) -> list[str]:
    kept = [one.data[name] for name in ("secret", "seed") if name in one.data]
    return kept + list(one.data.get("migrated_codes") or [])


def unopenable_factors() -> list[Text]:
    """What to do about them, for whoever restored a backup without its key; nothing where all can be opened."""
    lost = len({one.user_id for one in unopenable()})
    if not lost:
        return []
    said = t(
        "The second factors of {n} users were sealed with another key than this machine has. Put the file factor-key of the site that "
        "was backed up into this one's VAR (or restore with --with-keys from a backup that holds it). If it is lost: `zhunsheng "
        "forget-factors` removes them, and each sets up a new one when signing in.",
        "有 {n} 名用户的第二验证因素由另一把密钥加密，本机无法打开。请将原站点的 factor-key 文件放入本站的 VAR 目录"
        "（或用含密钥的备份加 --with-keys 恢复）。如该密钥已丢失：执行 `zhunsheng forget-factors` 删除这些验证因素，"
        "用户下次登录时重新设置。",
        n=lost,
    )
    return [said]


@transaction.atomic
def forget_unopenable(*, at: datetime) -> int:
    """Remove the second factors that nobody can use any more; returns of how many users."""
    doomed = list(unopenable())
    rows = [{"user": one.user_id, "factor": str(one.type)} for one in doomed]
    if doomed:
        Authenticator.objects.filter(pk__in=[one.pk for one in doomed]).delete()
        journal.record("forget_factors", actor=None, at=at, subject="factors:", rows=rows, after={"removed": len(rows)})
    return len({one.user_id for one in doomed})
