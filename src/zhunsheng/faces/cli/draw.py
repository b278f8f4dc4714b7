"""`zhunsheng draw verify FILE`: compute a draw again, without the database, and say what holds and where it differs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhunsheng.faces.cli.speech import Lang, say
from zhunsheng.faces.cli.speech import in_help as _help
from zhunsheng.foundation.bilingual import Text, t

if TYPE_CHECKING:
    from zhunsheng.activities.campaigns.draw.rules.verification import Check

DIFFERS = 1
MARKS = {"holds": "✓", "differs": "✕", "not_examined": "–"}

draw = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="The draw of laboratories and officers: verify it. 双随机抽取：核验。",
)  # fmt: skip


@draw.callback()
def about() -> None:
    """The draw of laboratories and officers: verify it. 双随机抽取：核验。"""


@draw.command("verify")
def verify(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help=_help("A draw file (JSON), or - for standard input.", "抽取文件（JSON），或 - 表示标准输入。")
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help=_help("Write the answer as JSON.", "以 JSON 输出结果。"))] = False,
    lang: Annotated[Lang, typer.Option("--lang", help=_help("Language of messages.", "提示的语言。"))] = Lang.BOTH,
) -> None:  # fmt: skip
    """Compute a draw again and compare. 重新计算抽取结果并逐项比对。

    Needs no database and no network. Exit code 0: everything holds; 1: something differs; 2: wrong usage.

    不需要数据库和网络。退出码：0 全部一致；1 有不一致；2 用法有误。
    """
    from zhunsheng.activities.campaigns.draw.rules import verification

    data = _content(file)
    checks = verification.verify(data)
    sound = verification.holds(checks)
    beyond = verification.beyond_the_file(json.loads(data)) if checks[0].outcome == "holds" else None
    if as_json:
        digest = verification.file_sha256(data)
        typer.echo(json.dumps(_as_json(checks, sound, beyond, digest), ensure_ascii=False, indent=2))
    else:
        _tell(checks, sound, beyond, lang)
    raise typer.Exit(0 if sound else DIFFERS)


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from error


def _tell(checks: list[Check], sound: bool, beyond: Text | None, lang: Lang) -> None:
    for one in checks:
        say(_line(one), lang, apart=True)
    if beyond:
        say(Text(en=f"? {beyond.en}", zh=f"? {beyond.zh}"), lang, apart=True)
    say(VERDICTS[sound], lang)


def _line(one: Check) -> Text:
    mark = MARKS[one.outcome]
    if one.outcome != "differs":
        return Text(en=f"{mark} {one.reason.en}", zh=f"{mark} {one.reason.zh}")
    where = Text(en=one.place, zh=one.place) if one.place else t("the whole file", "整个文件")
    return t("{m} {where}: {why}", "{m} {where}：{why}", m=mark, where=where, why=one.reason)


VERDICTS = {
    True: t("The draw holds.", "抽取结果核验无误。"),
    False: t("The draw does NOT hold.", "抽取结果核验不通过。"),
}


def _as_json(checks: list[Check], sound: bool, beyond: Text | None, digest: str) -> dict[str, Any]:
    return {
        "sha256": digest,
        "holds": sound,
        "checks": [
            {"name": one.name, "outcome": one.outcome, "place": one.place, "reason": _pair(one.reason)}
            for one in checks
        ],
        "beyond_the_file": _pair(beyond) if beyond else None,
    }


def _pair(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
