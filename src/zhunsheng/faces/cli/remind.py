"""`zhunsheng remind`: look at every clock now; the worker does so each hour by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from zhunsheng.faces.cli.serve import setup
from zhunsheng.faces.cli.speech import Lang, in_help, say
from zhunsheng.foundation.bilingual import t


def remind(
    lang: Annotated[
        Lang, typer.Option(help=in_help("Language of what is said.", "输出语言。"), case_sensitive=False)
    ] = Lang.BOTH,
) -> None:
    """Tell people what is due; nobody is told the same thing twice. 提醒到期事项；同一事项不重复提醒。"""
    setup()
    from django.utils import timezone

    from zhunsheng.faces.clocks import CLOCKS
    from zhunsheng.faces.clocks.who import who
    from zhunsheng.foundation.messages import actions, mailing

    now = timezone.now()
    new = actions.remind(CLOCKS.values(), who=who, at=now)
    mails = mailing.gather(at=now)
    said = t(
        "{n} new messages; {m} e-mails wait for the worker.", "新增消息 {n} 条；待后台发送邮件 {m} 封。", n=new, m=mails
    )
    say(said, lang)
