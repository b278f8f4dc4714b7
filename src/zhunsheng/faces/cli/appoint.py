"""`zhunsheng appoint`: the first administrator of an institution, from whom all other posts come."""

from typing import Annotated

import typer

from zhunsheng.faces.cli.serve import setup


def appoint(
    institution: Annotated[str, typer.Argument(help="Its unified social credit code. 统一社会信用代码。")],
    name: Annotated[str, typer.Argument(help="Who shall administer it. 管理员姓名。")],
    email: Annotated[str, typer.Option(help="The address of the new account. 新账号的电子邮箱。")] = "",
) -> None:
    """Print a link with which a person becomes the first administrator of an institution. 生成首位机构管理员的邀请链接。"""
    setup()
    from django.conf import settings
    from django.urls import reverse
    from django.utils import timezone

    from zhunsheng.registry.institutions.queries import standing
    from zhunsheng.registry.people.posts.actions import appoint as appoint_
    from zhunsheng.registry.people.posts.rules import CannotDo

    found = standing().filter(uscc=institution.strip().upper()).first()
    if found is None:
        typer.echo("No institution has this code. 没有使用该代码的机构。", err=True)
        raise typer.Exit(1)
    try:
        made, secret = appoint_(institution=found, name=name, email=email, at=timezone.now())
    except CannotDo as refusal:
        typer.echo(refusal.reason.both(" "), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{settings.SITE_URL}{reverse('join', args=[secret])}")
    typer.echo(f"Works once, until {made.expires_at:%Y-%m-%d %H:%M} UTC. 仅可使用一次。", err=True)
