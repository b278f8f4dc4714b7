"""`zhunsheng journal`: is everything still what was written? Print what the log says, prove that an act is in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhunsheng.faces.cli.key_files import default_key_path
from zhunsheng.faces.cli.speech import Lang, say, spoken, steps
from zhunsheng.faces.cli.speech import in_help as _help
from zhunsheng.foundation.bilingual import Text, t

if TYPE_CHECKING:
    from zhunsheng.foundation.journal.rules.checkpoints import Statement
    from zhunsheng.foundation.journal.verification import Found
    from zhunsheng.foundation.signing import PublicKey

DAMAGED, CANNOT_TELL = 1, 3

journal = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="The journal: verify it, print its newest checkpoint, prove acts. 日志：核验、打印最新检查点、出具收录证明。",
)  # fmt: skip

Language = Annotated[Lang, typer.Option("--lang", help=_help("Language of messages.", "提示的语言。"))]
Trust = Annotated[
    list[Path] | None,
    typer.Option(
        "--trust", metavar="KEYFILE", exists=True, dir_okay=False,
        help=_help(
            "Key whose checkpoints you trust (PEM, public or not); may be repeated; then no other key counts.",
            "信任其检查点的密钥，可重复；指定后只认这些密钥。",
        ),
    ),
]  # fmt: skip


@journal.command("verify")
def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint", metavar="FILE", exists=True, dir_okay=False,
            help=_help(
                "A checkpoint that was kept outside; may be repeated. Finds a database that was set back and went on.",
                "外部保存的检查点，可重复；可发现数据库曾被恢复到旧状态后继续使用。",
            ),
        ),
    ] = None,
    trust: Trust = None,
    lang: Language = Lang.BOTH,
) -> None:  # fmt: skip
    """Read the whole journal and every row that its acts vouch for. 核验整个日志及其作证的每一行。

    Names the first damaged row and column, and the others. Exit code 0: sound; 1: damaged; 2: wrong usage.

    指出第一处受损的行和列及其余各处。退出码：0 完好；1 受损；2 用法有误。
    """
    _setup()
    from zhunsheng.foundation.journal.verification import verify as read_all

    trusted = _trusted_here(trust, lang)
    outside = [_opened(path, trusted, lang) for path in checkpoint or []]
    what = t("Verifying the journal", "正在核验日志")
    with steps(lang) as tell:
        found = read_all(trusted=trusted, outside=outside, progress=lambda done, total: tell(what, done, total))
    _tell(found, lang)
    raise typer.Exit(0 if found.sound else DAMAGED)


@journal.command("checkpoint")
def checkpoint(lang: Language = Lang.BOTH) -> None:
    """Print the newest signed checkpoint: keep it outside this machine. 打印最新的已签名检查点，请保存到本机之外。"""
    _setup()
    from zhunsheng.foundation.journal.sequencing import newest_checkpoint

    newest = newest_checkpoint()
    if newest is None:
        say(t("The log has no checkpoint yet.", "日志尚无检查点。"), lang, err=True)
        raise typer.Exit(CANNOT_TELL)
    typer.echo(newest.note, nl=False)


@journal.command("prove")
def prove(
    entry: Annotated[int, typer.Argument(metavar="ENTRY", help=_help("Number of the act.", "操作的编号。"))],
    lang: Language = Lang.BOTH,
) -> None:
    """Print the proof that an act is in the log, as JSON. 以 JSON 输出某次操作已收录的证明。"""
    _setup()
    from zhunsheng.foundation.journal.models import Entry
    from zhunsheng.foundation.journal.queries import receipt_of

    act = Entry.objects.filter(pk=entry).first()
    if act is None:
        raise typer.BadParameter(spoken(t("There is no act {n}.", "没有第 {n} 号操作。", n=entry), lang))
    given = receipt_of(act)
    if given is None:
        say(t("Act {n} waits to be put into the log.", "第 {n} 号操作尚待收录。", n=entry), lang, err=True)
        raise typer.Exit(CANNOT_TELL)
    typer.echo(json.dumps(given, ensure_ascii=False, indent=2))


@journal.command("check")
def check(
    proof: Annotated[
        Path,
        typer.Argument(
            metavar="PROOF", exists=True, dir_okay=False, help=_help("What `prove` printed.", "prove 命令的输出。")
        ),
    ],
    trust: Trust = None,
    lang: Language = Lang.BOTH,
) -> None:
    """Check such a proof, without the database. 核验收录证明，不需要数据库。

    Exit code 0: the act is in the log; 1: it is not proved; 2: wrong usage. 退出码：0 已收录；1 不能证明；2 用法有误。
    """
    from zhunsheng.foundation.journal.rules.receipts import BadReceipt, checked
    from zhunsheng.foundation.signing import JsonError, parse_strict

    try:
        given = parse_strict(proof.read_bytes())
        statement = checked(given, _keys(trust or _own_keys(), lang))
    except (BadReceipt, JsonError) as refusal:
        say(refusal.reason if isinstance(refusal, BadReceipt) else refusal.message, lang)
        raise typer.Exit(DAMAGED) from refusal
    act = json.loads(given["entry"])
    say(
        t(
            "Proved: {verb} of {subject} at {at} is act {n} of {size} in the log of {origin}, signed {signed}.",
            "证明成立：{at} 对 {subject} 执行的 {verb} 位于 {origin} 的日志第 {n} 位（共 {size} 位），签名时间 {signed}。",
            verb=act["verb"], subject=act["subject"], at=act["at"], n=given["index"], size=statement.size,
            origin=statement.origin, signed=statement.at.isoformat(),
        ),
        lang, apart=True,
    )  # fmt: skip


def _setup() -> None:
    from zhunsheng.faces.cli.serve import setup

    setup()


def _trusted_here(trust: list[Path] | None, lang: Lang) -> list[PublicKey]:
    """The keys given, else those that the site vouches for."""
    from zhunsheng.faces.public.checking import trusted_keys

    return _keys(trust, lang) if trust else trusted_keys()


def _keys(paths: list[Path], lang: Lang) -> list[PublicKey]:
    from zhunsheng.foundation.signing import KeyFileError, PublicKey

    try:
        return [PublicKey.load(path) for path in paths]
    except KeyFileError as error:
        raise typer.BadParameter(spoken(error.message, lang)) from error


def _own_keys() -> list[Path]:
    """Where a proof is checked without a site, the keys that lie about: the site's, if this is its machine, and this person's."""
    var = Path(os.environ.get("ZHUNSHENG_VAR", "var"))
    return [path for path in (var / "signing-key.pub.pem", default_key_path()) if path.exists()]


def _opened(path: Path, trusted: list[PublicKey], lang: Lang) -> Statement:
    from zhunsheng.foundation.journal.rules.checkpoints import BadNote, opened

    try:
        return opened(path.read_text(encoding="utf-8").rstrip() + "\n", trusted)
    except (BadNote, UnicodeDecodeError) as fault:
        why = fault.reason if isinstance(fault, BadNote) else t("it is not text", "它不是文本")
        said = t("The checkpoint {path} does not count: {why}.", "检查点 {path} 不能采信：{why}。", path=path, why=why)
        raise typer.BadParameter(spoken(said, lang)) from fault


def _tell(found: Found, lang: Lang) -> None:
    for line in summary(found):
        say(line, lang, apart=True)


def summary(found: Found) -> list[Text]:
    """What a verification found, a sentence a line: the damages first."""
    lines: list[Text] = []
    if found.damages:
        lines.append(t("DAMAGED. First: {d}", "已受损。首处：{d}", d=found.damages[0].sentence))
        lines += [t("Also: {d}", "另有：{d}", d=one.sentence) for one in found.damages[1:]]
    lines.append(_counts(found))
    lines += [one.sentence for one in found.restored]
    for table, n in sorted(found.unlisted.items()):
        lines.append(
            t(
                "No act vouches for the {n} rows of {table}.",
                "{table} 表的 {n} 行没有操作为其作证。",
                n=n,
                table=table,
            )
        )
    for table, n in sorted(found.beyond_reading.items()):
        lines.append(
            t(
                "{n} rows of {table} were written when the table had other columns; they were not compared.",
                "{table} 表有 {n} 行写入时的列与现在不同，未作比对。",
                n=n,
                table=table,
            )
        )
    return lines


def _counts(found: Any) -> Text:
    said = t("DAMAGED", "已受损") if found.damages else t("Sound", "完好")
    return t(
        "{said}: {acts} acts ({waiting} wait for the log), {leaves} leaves under {checkpoints} signed checkpoints, {rows} rows compared.",
        "{said}：操作 {acts} 次（其中 {waiting} 次尚待收录），叶子 {leaves} 个，已签名检查点 {checkpoints} 个，比对数据 {rows} 行。",
        said=said, acts=found.acts, waiting=found.waiting, leaves=found.leaves, checkpoints=found.checkpoints, rows=found.rows,
    )  # fmt: skip
