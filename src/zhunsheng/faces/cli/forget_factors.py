"""`zhunsheng forget-factors`: second factors whose key is lost make room for new ones."""

from __future__ import annotations

from typing import Annotated

import typer

from zhunsheng.faces.cli.speech import Lang, say
from zhunsheng.faces.cli.speech import in_help as _help
from zhunsheng.foundation.bilingual import t

Language = Annotated[Lang, typer.Option("--lang", help=_help("Language of messages.", "提示的语言。"))]


def forget_factors(lang: Language = Lang.BOTH) -> None:
    """Remove the second factors that this machine's key cannot open. 删除本机密钥无法打开的第二验证因素。"""
    from zhunsheng.faces.cli.serve import setup

    setup()
    from django.utils import timezone

    from zhunsheng.faces.factors import forget_unopenable

    users = forget_unopenable(at=timezone.now())
    said = t(
        "Removed the second factors of {n} users; they set up new ones when they sign in.",
        "已删除 {n} 名用户的第二验证因素；用户登录时重新设置。",
        n=users,
    )
    say(said, lang)
