"""`zhunsheng import`, `template`, `export`: files into the registers and out of them, as whoever runs the machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhunsheng.faces.cli.serve import setup
from zhunsheng.faces.cli.speech import Lang, Steps, in_help, say, spoken, steps
from zhunsheng.foundation.bilingual import Language, Text, t

if TYPE_CHECKING:
    from zhunsheng.foundation.imports.models import Import
    from zhunsheng.foundation.imports.register import Register

KIND = Annotated[
    str,
    typer.Argument(
        help=in_help(
            "institutions, sites, contacts, people, equipment, scopes, risk, parameters, matrices, methods or standards.",
            "登记类别：institutions、sites、contacts、people、equipment、scopes、risk、parameters、matrices、methods 或 standards。",
        )
    ),
]
LANG = Annotated[Lang, typer.Option(help=in_help("Language.", "语言。"))]
EVERYTHING = {"national": True, "keeper": True}


def register_named(kind: str, lang: Lang) -> Register:
    """The register of that key; ends the command with the list of keys where there is none."""
    from zhunsheng.faces.imports.registers import REGISTERS

    found = REGISTERS.get(kind)
    if found is None:
        keys = ", ".join(one.key for one in REGISTERS)
        stop(
            t("There is no register “{k}”. There are: {a}.", "没有登记类别“{k}”。可用类别：{a}。", k=kind, a=keys), lang
        )
    assert found is not None
    return found


def stop(message: Text, lang: Lang) -> None:
    say(message, lang, err=True)
    raise typer.Exit(1)


def import_(
    kind: KIND,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help=in_help("The .xlsx or .csv.", ".xlsx 或 .csv 文件。"))
    ],
    as_: Annotated[str, typer.Option("--as", help=in_help("Who answers for it: a user's name.", "由谁负责：用户名。"))],
    mode: Annotated[
        str,
        typer.Option(help=in_help("all: all rows or none; rows: the good rows.", "all：全部或全不；rows：逐行导入。")),
    ] = "all",
    errors: Annotated[
        Path | None, typer.Option(help=in_help("Where the failed rows go, with reasons.", "错误行及原因写入的文件。"))
    ] = None,
    check: Annotated[bool, typer.Option("--check", help=in_help("Check only.", "只检查，不导入。"))] = False,
    lang: LANG = Lang.BOTH,
) -> None:
    """Import a file into a register: check every row, then write. 将文件导入登记：逐行检查后写入。"""
    setup()
    from zhunsheng.foundation.imports import actions

    register = register_named(kind, lang)
    imported = received(register, file, as_, mode, lang)
    with steps(lang) as progress:
        actions.check(imported, register, at=imported.started_at, progress=told(progress, t("Checking", "检查")))
        imported.refresh_from_db()
        if imported.state == "checked" and not check:
            go_in(imported, register, told(progress, t("Writing", "写入")))
    report(imported, lang)
    if errors is not None and imported.failed:
        write_errors(imported, register, errors, lang)
    if check and imported.state == "checked":
        actions.give_up(imported, register, actor=imported.started_by, at=imported.started_at)  # type: ignore[arg-type]
    if imported.state == "refused":
        raise typer.Exit(1)


def told(progress: Steps, what: Text) -> Any:
    """Progress as the verbs report it, shown with what is being done."""
    return lambda done, total: progress(what, done, total)


def received(register: Register, file: Path, as_: str, mode: str, lang: Lang) -> Import:
    from django.utils import timezone

    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.foundation.attachments.actions import stage
    from zhunsheng.foundation.imports import actions
    from zhunsheng.foundation.imports.states import Mode

    actor = User.objects.filter(username=as_).first()
    if actor is None:
        stop(t("There is no user “{u}”.", "没有用户“{u}”。", u=as_), lang)
    if mode not in list(Mode):
        stop(t("The mode is all or rows.", "模式只能是 all 或 rows。"), lang)
    assert actor is not None
    now = timezone.now()
    return actions.receive(
        register, stage(name=file.name, content=file.read_bytes(), actor=actor, at=now), mode=Mode(mode), reach=EVERYTHING,
        language=language_of(lang), actor=actor, at=now,
    )  # fmt: skip


def go_in(imported: Import, register: Register, progress: Any) -> None:
    from zhunsheng.foundation.imports import actions

    assert imported.started_by is not None
    actions.begin_applying(imported, register, reach=EVERYTHING, actor=imported.started_by, at=imported.started_at)
    actions.apply(imported, register, reach=lambda: EVERYTHING, at=imported.started_at, progress=progress)
    imported.refresh_from_db()


def language_of(lang: Lang) -> Language:
    return "en" if lang is Lang.EN else "zh"


def report(imported: Import, lang: Lang) -> None:
    """What became of it, what was mended, the first faults."""
    from zhunsheng.foundation.imports.queries import first_failures
    from zhunsheng.foundation.imports.states import IMPORT

    counts = t(
        "{s}: {r} rows; {n} new, {c} changed, {u} unchanged, {f} failed.",
        "{s}：共 {r} 行；新增 {n}，更改 {c}，无变化 {u}，错误 {f}。",
        s=IMPORT.states[imported.state].name, r=imported.rows, n=imported.new, c=imported.changed, u=imported.unchanged,
        f=imported.failed,
    )  # fmt: skip
    say(counts, lang, apart=True)
    for en, zh, n, first in imported.notes:
        where = t("(row {a}, {n} in all)", "（第 {a} 行，共 {n} 处）", a=first, n=n)
        typer.echo("  " + spoken(Text(en=f"{en} {where.en}", zh=f"{zh}{where.zh}"), lang))
    for en, zh in imported.faults:
        say(Text(en=en, zh=zh), lang, err=True)
    for failed in first_failures(imported, 10):
        for letters, _, _, en, zh in failed.reasons:
            place = t("row {r} {c}: ", "第 {r} 行 {c}：", r=failed.row, c=letters)
            say(Text(en=place.en + en, zh=place.zh + zh), lang, err=True)


def write_errors(imported: Import, register: Register, errors: Path, lang: Lang) -> None:
    from zhunsheng.foundation.imports import files

    csv = errors.suffix.lower() == ".csv"
    content = (
        files.error_csv(imported, language_of(lang)) if csv else files.error_file(imported, register, language_of(lang))
    )
    errors.write_bytes(content)
    say(t("Failed rows are in {f}.", "错误行已写入 {f}。", f=errors), lang)


def template(
    kind: KIND,
    out: Annotated[
        Path | None, typer.Option(help=in_help("Where to write: .xlsx or .csv.", "写入的文件：.xlsx 或 .csv。"))
    ] = None,
    lang: LANG = Lang.ZH,
) -> None:
    """Write the empty template of a register. 生成登记模板。"""
    written(kind, out, lang, filled=False)


def export(
    kind: KIND,
    out: Annotated[
        Path | None, typer.Option(help=in_help("Where to write: .xlsx or .csv.", "写入的文件：.xlsx 或 .csv。"))
    ] = None,
    lang: LANG = Lang.ZH,
) -> None:
    """Write what is in a register as its template; sent back, it changes nothing. 按模板导出现有登记。"""
    written(kind, out, lang, filled=True)


def written(kind: str, out: Path | None, lang: Lang, *, filled: bool) -> None:
    setup()
    from django.utils import timezone

    from zhunsheng.foundation.imports import files
    from zhunsheng.foundation.imports.register import Context

    register = register_named(kind, lang)
    now, target = timezone.now(), out or Path(f"{kind}.xlsx")
    rows = register.export(Context(at=now, on=timezone.localdate(now), reach=EVERYTHING)) if filled else ()
    make = files.template_csv if target.suffix.lower() == ".csv" else files.template
    target.write_bytes(make(register, language_of(lang), rows=rows))
    say(t("Written: {f}", "已写入：{f}", f=target), lang)
