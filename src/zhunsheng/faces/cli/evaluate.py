"""`zhunsheng evaluate FILE --out DIR`: from a results file to a signed report."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from zhunsheng.faces.cli.key_files import default_key_path, public_key_path
from zhunsheng.faces.cli.outputs import write_together
from zhunsheng.faces.cli.speech import Lang, Steps, say, spoken, steps
from zhunsheng.faces.cli.speech import in_help as _help
from zhunsheng.foundation.bilingual import Text, t

if TYPE_CHECKING:
    from zhunsheng.activities.proficiency.rules.settings import Settings
    from zhunsheng.foundation.signing import SigningKey
    from zhunsheng.foundation.spreadsheets import BadFile

DATA_FAULT = 1
MOST_SUMMARISED = 12


def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            readable=True,
            help=_help(
                "Results, .csv or .xlsx, one row a result.",
                "结果文件（.csv 或 .xlsx），每行一个结果。",
            ),
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            file_okay=False,
            help=_help(
                "Where evaluation.json, scores.xlsx and report.pdf go; made if missing.",
                "输出目录，没有则新建。",
            ),
        ),
    ],
    assigned: Annotated[
        str | None,
        typer.Option(
            "--assigned",
            metavar="METHOD|VALUE",
            help=_help(
                "Assigned value: a method of consensus (default algorithm-a) or a value.",
                "指定值：公议值方法（默认算法 A）或数值。",
            ),
        ),
    ] = None,
    u_assigned: Annotated[
        str | None,
        typer.Option(
            "--u-assigned",
            metavar="U",
            help=_help("Standard uncertainty of the assigned value.", "指定值的标准不确定度。"),
        ),
    ] = None,
    sigma: Annotated[
        str | None,
        typer.Option(
            "--sigma",
            metavar="METHOD|VALUE",
            help=_help(
                "Standard deviation for proficiency assessment: a method (default algorithm-a, from the data) or a value.",
                "能力评定标准差：方法（默认由数据按算法 A 得到）或数值。",
            ),
        ),
    ] = None,
    lang: Annotated[
        Lang, typer.Option("--lang", help=_help("Language of the report and of messages.", "报告与提示的语言。"))
    ] = Lang.BOTH,
    title: Annotated[str | None, typer.Option("--title", help=_help("Title of the round.", "轮次名称。"))] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="KEYFILE",
            dir_okay=False,
            help=_help(
                "Signing key (Ed25519, PEM); made on first use. Default: $ZHUNSHENG_HOME/signing-key.pem, else"
                " ~/.config/zhunsheng/signing-key.pem.",
                "签名密钥文件，首次使用时生成。",
            ),
        ),
    ] = None,
) -> None:
    """Evaluate a comparison: assigned value, scores and a signed report. 评定一次比对：指定值、比分数与签名报告。

    Exit code 0: done; 1: the data cannot be evaluated, each fault on a line of its own; 2: wrong usage.

    退出码：0 完成；1 数据有误，逐行列出；2 用法有误。
    """
    settings = _settings(assigned, u_assigned, sigma, lang)
    from zhunsheng.foundation.signing import SigningError
    from zhunsheng.foundation.spreadsheets import BadFile

    try:
        with steps(lang) as step, _uncollected():
            document, canonical = _evaluated(file, settings, title, step)
            signing_key, key_path, is_new = _key(key)
            files = _papers(document, canonical, signing_key, lang, step)
            write_together(out, files)
    except BadFile as bad:
        _tell_faults(bad, lang)
        raise typer.Exit(DATA_FAULT) from bad
    except SigningError as error:
        say(error.message, lang, err=True)
        raise typer.Exit(DATA_FAULT) from error
    except OSError as error:
        say(_cannot_write(error), lang, err=True)
        raise typer.Exit(DATA_FAULT) from error
    _tell(document, out, files, lang)
    _tell_key(signing_key, key_path, is_new, lang)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hundreds of thousands of small objects that all last to the end: looking for garbage among them is in vain."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _settings(assigned: str | None, u_assigned: str | None, sigma: str | None, lang: Lang) -> Settings:
    from zhunsheng.activities.proficiency.rules.settings import Settings, SettingsError

    try:
        return Settings.parse(assigned, u_assigned, sigma)
    except SettingsError as error:
        raise typer.BadParameter(spoken(error.message, lang)) from error


def _evaluated(file: Path, settings: Settings, title: str | None, step: Steps) -> tuple[dict[str, Any], bytes]:
    from zhunsheng.activities.proficiency.rules.evaluation import evaluate as evaluate_results
    from zhunsheng.activities.proficiency.rules.results_file import read_results
    from zhunsheng.foundation.signing import canonical_json

    step(t("Reading", "读取文件"))
    results = read_results(file)
    computing = t("Computing", "统计计算")
    document = evaluate_results(
        results, settings, title=title, progress=lambda done, total: step(computing, done, total)
    )
    return document, canonical_json(document)


def _key(path: Path | None) -> tuple[SigningKey, Path, bool]:
    from zhunsheng.foundation.signing import SigningKey

    chosen = path or default_key_path()
    is_new = not chosen.exists()
    return SigningKey.load_or_make(chosen), chosen, is_new


def _papers(document: dict[str, Any], canonical: bytes, key: SigningKey, lang: Lang, step: Steps) -> dict[str, bytes]:
    """The three files, in the order of how long they take."""
    from zhunsheng.activities.proficiency.documents import scores_workbook, signed_report

    step(t("Writing the workbook", "生成工作簿"))
    workbook = scores_workbook(document, lang=lang.value)
    step(t("Typesetting and signing the report", "排版并签署报告"))
    sealed = signed_report(document, lang=lang.value, key=key, canonical=canonical)
    return {"evaluation.json": canonical, "scores.xlsx": workbook, "report.pdf": sealed}


# --- what is said -----------------------------------------------------------------------------------------------------


def _tell_faults(bad: BadFile, lang: Lang) -> None:
    for fault in bad.faults:
        say(fault.text, lang, err=True)
    if bad.more:
        say(bad.more, lang, err=True)


def _cannot_write(error: OSError) -> Text:
    return t(
        "Cannot write {path}: {why}. Choose another directory with --out, or make room.",
        "无法写入 {path}：{why}。请用 --out 指定其他目录，或清理磁盘空间。",
        path=error.filename or "",
        why=error.strerror or error,
    )


def _tell(document: Mapping[str, Any], out: Path, files: Mapping[str, bytes], lang: Lang) -> None:
    from zhunsheng.activities.proficiency.documents import measurands_of

    measurands = measurands_of(document)
    for measurand in measurands[:MOST_SUMMARISED]:
        say(_summary(measurand), lang, apart=True)
    if len(measurands) > MOST_SUMMARISED:
        rest = len(measurands) - MOST_SUMMARISED
        say(t("… and {n} more measurands.", "……另有 {n} 个被测量。", n=rest), lang)
    for note in (measurands[0]["notes"]) if len(measurands) == 1 else []:
        say(Text(en=f"  {note['en']}", zh=f"  {note['zh']}"), lang, apart=True)
    say(t("Written to {out}: {files}", "已写入 {out}：{files}", out=out, files=", ".join(files)), lang)


_SCORE = {"z": "z", "z_prime": "z′"}


def _laboratories(n: int) -> Text:
    return t("{n} laboratory", "{n} 家实验室", n=n) if n == 1 else t("{n} laboratories", "{n} 家实验室", n=n)


def _summary(measurand: Mapping[str, Any]) -> Text:
    name = " · ".join(part for part in (measurand["measurand"], measurand["item"]) if part)
    counts, assigned, sigma = measurand["counts"], measurand["assigned_value"], measurand["sigma_pt"]
    unit = f" {measurand['unit']}" if measurand["unit"] else ""
    return t(
        "{name}{laboratories}, {scored} scored: {acceptable} acceptable, {warning} warning, {action} action"
        " · x_pt = {x}{unit} ({x_method}), u = {u} · σ_pt = {sigma} ({sigma_method}) · {score}",
        "{name}{laboratories}，评定 {scored} 家：满意 {acceptable}，可疑 {warning}，不满意 {action}"
        " · x_pt = {x}{unit}（{x_method}），u = {u} · σ_pt = {sigma}（{sigma_method}） · {score}",
        name=t("{name}: ", "{name}：", name=name) if name else "",
        laboratories=_laboratories(counts["laboratories"]),
        unit=unit,
        x=f"{assigned['value']:.6g}",
        x_method=assigned["method"],
        u="–" if assigned["u"] is None else f"{assigned['u']:.3g}",
        sigma=f"{sigma['value']:.4g}",
        sigma_method=sigma["method"],
        score=_SCORE[measurand["score_used"]],
        **{k: counts[k] for k in ("scored", "acceptable", "warning", "action")},
    )


def _tell_key(key: SigningKey, path: Path, is_new: bool, lang: Lang) -> None:
    if is_new:
        say(
            t(
                "A signing key was made: {path}. Keep it to yourself; give {public} to those who check your reports.",
                "已生成签名密钥：{path}，请妥善保管；请将公钥 {public} 交给核验报告的人。",
                path=path,
                public=public_key_path(path),
            ),
            lang,
        )
    say(t("Signed with key {kid}.", "签名密钥：{kid}。", kid=key.public.fingerprint()), lang)


# --- help -------------------------------------------------------------------------------------------------------------


class EvaluateCommand(TyperCommand):
    """Its help lists the methods; the engine that knows them is imported only when help is asked for."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        import intercomp

        for heading, methods in (
            ("Methods of --assigned 指定值方法", intercomp.ASSIGNED_METHODS),
            ("Methods of --sigma 标准差方法", intercomp.SIGMA_METHODS),
        ):
            with formatter.section(heading):
                formatter.write_dl(list(methods.items()))
        with formatter.section("Columns 列"):
            formatter.write_dl(_COLUMNS)


_COLUMNS = [
    ("laboratory 实验室", _help("required.", "必填。")),
    ("result 结果", _help("required; <0.01 is listed, not scored; rows of one laboratory are replicates.",
                        "必填；<0.01 列出但不评分；同一实验室的多行为重复测定。")),
    ("uncertainty 不确定度", _help("expanded uncertainty U.", "扩展不确定度 U。")),
    ("k 包含因子", _help("2 where not given.", "未注明时按 2。")),
    ("unit 单位 · method 方法", _help("optional.", "选填。")),
    ("measurand 被测量 · item 样品", _help("optional; each is evaluated by itself.", "选填，分别评定。")),
]  # fmt: skip
COMMAND_CLASSES = {"evaluate": EvaluateCommand}
