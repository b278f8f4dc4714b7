"""`zhunsheng backup` and `zhunsheng restore`: one file that holds the site, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhunsheng.faces.cli.speech import Lang, say, spoken
from zhunsheng.faces.cli.speech import in_help as _help
from zhunsheng.foundation.bilingual import Text, t

Language = Annotated[Lang, typer.Option("--lang", help=_help("Language of messages.", "提示的语言。"))]
REFUSED = 1


def backup(
    target: Annotated[
        Path,
        typer.Argument(
            metavar="DIR|FILE",
            help=_help("A directory, where a file with the date is made, or the file.", "目录（自动以日期命名），或文件名。"),
        ),
    ],
    with_keys: Annotated[
        bool,
        typer.Option(
            "--with-keys",
            help=_help("Put the secret keys into it too: guard it like them.", "一并备份私钥：须像私钥一样保管。"),
        ),
    ] = False,
    lang: Language = Lang.BOTH,
) -> None:  # fmt: skip
    """Back up the database and all kept files while the service runs. 在服务运行时备份数据库和全部留存文件。"""
    _setup()
    from django.utils import timezone

    from zhunsheng.faces.backups import CannotBackUp
    from zhunsheng.faces.backups.taking import take

    try:
        path, manifest = take(target, at=timezone.now(), with_keys=with_keys)
    except CannotBackUp as refusal:
        say(refusal.reason, lang, err=True, apart=True)
        raise typer.Exit(REFUSED) from refusal
    except OSError as fault:
        raise typer.BadParameter(f"{target}: {fault.strerror}") from fault
    size = sum(one["size"] for one in manifest["files"])
    say(t("Backed up {n} bytes to {path}.", "已备份 {n} 字节到 {path}。", n=size, path=path), lang, apart=True)
    if with_keys:
        said = t(
            "It holds the secret keys: whoever has the file can sign in this site's name. Keep it locked away.",
            "文件中含有私钥：得到该文件者可以本站名义签名。请锁好保管。",
        )
        say(said, lang, err=True, apart=True)


def restore(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help=_help("The backup.", "备份文件。")),
    ],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help=_help("Replace a database that holds something; you are asked once more.", "替换非空数据库；会再次确认。"),
        ),
    ] = False,
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help=_help("Put its secret keys in place too.", "一并恢复其中的私钥。")),
    ] = False,
    accept_damage: Annotated[
        bool,
        typer.Option("--accept-damage", help=_help("Restore even what does not verify.", "即使未通过核验也恢复。")),
    ] = False,
    revoke_tokens: Annotated[
        bool,
        typer.Option(
            "--revoke-tokens",
            help=_help("Revoke again the tokens that had been revoked since.", "重新吊销备份之后已吊销的令牌。"),
        ),
    ] = False,
    lang: Language = Lang.BOTH,
) -> None:  # fmt: skip
    """Restore a backup: beside the database there is, verified, then switched to in one step. 恢复备份：先在旁边恢复并核验，再一次切换。

    Stop the service first. The database that was there is kept. 请先停止服务。原数据库会保留。
    """
    _setup()
    from django.utils import timezone

    from zhunsheng.faces.backups import CannotBackUp, restoring

    try:
        if restoring.is_in_use():
            say(_loss(restoring.acts_to_be_lost(file)), lang, err=True, apart=True)
            _confirm(restoring.target_name(), replace, lang)
        done = restoring.restore(
            file, at=timezone.now(), with_keys=with_keys, accept_damage=accept_damage, revoke_tokens=revoke_tokens
        )
    except CannotBackUp as refusal:
        say(refusal.reason, lang, err=True, apart=True)
        raise typer.Exit(REFUSED) from refusal
    typer.echo(done.verified)
    if done.keys_from_backup:
        say(_self_vouched(), lang, err=True, apart=True)
    if done.kept:
        say(t("The database that was there is kept: {p}", "原数据库保留为：{p}", p=done.kept), lang, apart=True)
    for name in done.keys:
        say(t("Put in place: {name}", "已放回：{name}", name=name), lang)
    if not done.settled:
        say(_unsettled(), lang, err=True, apart=True)
    say(t("Restored.", "恢复完成。"), lang)


def revoke_tokens(lang: Language = Lang.BOTH) -> None:
    """Revoke the tokens that the last restore brought back; all, where it could not say which. 吊销上次恢复后重新生效的令牌。"""
    _setup()
    from django.utils import timezone

    from zhunsheng.faces.backups.revived import of_last_restore, revoke
    from zhunsheng.faces.backups.settling import last_restore, tokens_revoked

    at = timezone.now()
    found = last_restore()
    if found is None:
        say(t("No backup was ever restored here.", "本站从未恢复过备份。"), lang, err=True)
        raise typer.Exit(REFUSED)
    subject, said = found
    say(tokens_revoked(revoke(of_last_restore(said, at=at), subject=subject, at=at)), lang)


def _unsettled() -> Text:
    return t(
        "The restore is not in the journal yet: that is done when the service is started. Until then the log stands still.",
        "本次恢复尚未记入日志：将在服务启动时补记。在此之前日志停止增长。",
    )


def _confirm(name: str, replace: bool, lang: Lang) -> None:
    """Two deliberate steps before a database that holds something is replaced."""
    if not replace:
        refusal = t(
            "The database {name} holds something. To replace it, add --replace; it will be kept beside.",
            "数据库 {name} 中已有数据。如要替换，请加 --replace；原数据库会保留。",
            name=name,
        )
        say(refusal, lang, err=True, apart=True)
        raise typer.Exit(REFUSED)
    question = t("Type the name of the database to be replaced ({name})", "请输入要替换的数据库名（{name}）", name=name)
    if typer.prompt(spoken(question, lang)) != name:
        say(t("Not replaced.", "未替换。"), lang, err=True)
        raise typer.Exit(REFUSED)


def _loss(acts: int | None) -> Text:
    """What is given up, said ahead of the question."""
    if acts is None:
        return t(
            "The journal of the database there is cannot be read: how many acts will be lost is not known.",
            "现有数据库的日志无法读取：将丢失多少次操作无从得知。",
        )
    return t(
        "The database there is has {n} acts that the backup's checkpoint does not cover: they will be lost.",
        "现有数据库中有 {n} 次操作不在备份的检查点之内：这些操作将会丢失。",
        n=acts,
    )


def _self_vouched() -> Text:
    return t(
        "This machine has no key of its own, so the backup was verified with the keys that came in it: compare their "
        "fingerprints with those that the site published.",
        "本机没有自己的密钥，备份是用其自带的公钥核验的：请与网站公布的公钥指纹核对。",
    )


def _setup() -> None:
    from zhunsheng.faces.cli.serve import setup

    setup()
