"""The command `intercomp`: verify the engine against worked cases, or take a quick look at a round.

Exit codes: 0 all well · 1 a figure does not hold, or a round without spread · 2 a file or an argument that cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from intercomp import __version__
from intercomp.assigned_value import ASSIGNED_METHODS
from intercomp.errors import InputError, NotConverged
from intercomp.quick_look import Choice, look
from intercomp.round_file import BadRoundFile, read_round
from intercomp.sigma_pt import SIGMA_METHODS
from intercomp.verify import BadCaseFile, Record, read_cases, shipped_cases, shipped_content, shipped_files, verify
from intercomp.verify.report import SUFFIXES, Circumstances, NoReport, write_report
from intercomp.verify.text import lines

HOLDS, DOES_NOT_HOLD, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.command is None:
        parser.print_help()
        return HOLDS
    commands = {"verify": _verify, "evaluate": _evaluate}
    try:
        return commands[given.command](given)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        return HOLDS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="intercomp", description="Statistics of interlaboratory comparison.", epilog="Exit codes: " + _exit_codes()
    )
    parser.add_argument("--version", action="version", version=f"intercomp {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_verify(commands)
    _add_evaluate(commands)
    return parser


def _exit_codes() -> str:
    return "0 all well; 1 a figure does not hold, or a round without spread; 2 something that cannot be read."


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser(
        "verify",
        help="run worked cases and compare every figure with the expected one",
        description="Run worked cases through the engine and compare every figure with the expected one within its "
        "printed precision. A figure the engine does not compute is listed as uncovered, never as passed.",
        epilog="Exit codes: 0 all compared figures hold; 1 a figure does not hold, or with --strict is uncovered; "
        "2 a file cannot be read.",
    )
    verify.add_argument("files", nargs="*", metavar="FILE.json", help="case files; without any the set that ships")
    verify.add_argument("--json", action="store_true", help="print the record as JSON instead of lines")
    verify.add_argument("--strict", action="store_true", help="fail on uncovered figures too")
    verify.add_argument(
        "--report", metavar="FILE", type=Path, help="also write the record as .html or .pdf, for filing"
    )
    verify.add_argument("--date", help="the date the report bears (today's if not given)")


def _add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="take a quick look at one round",
        description="Evaluate the results of a round: one row a result, in columns such as laboratory, result, U, k.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="assigned value by:\n" + _told(ASSIGNED_METHODS) + "\nsigma_pt by:\n" + _told(SIGMA_METHODS),
    )
    evaluate.add_argument("file", metavar="FILE", help="a .csv file, or .xlsx with the extra [xlsx]")
    evaluate.add_argument("--assigned", default="algorithm-a", metavar="METHOD|VALUE", help="default: algorithm-a")
    evaluate.add_argument("--u-assigned", type=float, metavar="U", help="standard uncertainty of the assigned value")
    evaluate.add_argument("--sigma", default="algorithm-a", metavar="METHOD|VALUE", help="default: algorithm-a")
    evaluate.add_argument("--mass-fraction", type=float, metavar="C", help="assigned value as a fraction, for horwitz")


def _told(methods: dict[str, str]) -> str:
    return "\n".join(f"  {name:14} {meaning}" for name, meaning in methods.items())


# --- verify -----------------------------------------------------------------------------------------------------------


def _verify(given: argparse.Namespace) -> int:
    if given.report is not None and given.report.suffix.lower() not in SUFFIXES:
        return _refuse(f"{given.report}: the ending tells the format; name it .html or .pdf")
    try:
        cases = [case for file in given.files for case in read_cases(file)] if given.files else shipped_cases()
    except BadCaseFile as error:
        return _refuse(str(error))
    record = verify(cases)
    _print_record(record, as_json=given.json)
    if given.report is not None:
        try:
            _write_report(given, record)
        except NoReport as error:
            return _refuse(str(error))
    return HOLDS if record.holds(strict=given.strict) else DOES_NOT_HOLD


def _print_record(record: Record, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(record.as_json(), ensure_ascii=False, allow_nan=False, indent=1))
        return
    for line in lines(record):
        print(line)


def _write_report(given: argparse.Namespace, record: Record) -> None:
    date = given.date or datetime.now(UTC).date().isoformat()
    contents = {name: Path(name).read_bytes() for name in given.files} or {
        f"{name} (shipped)": shipped_content(name) for name in shipped_files()
    }
    files = tuple(f"{name}, SHA-256 {sha256(content).hexdigest()}" for name, content in contents.items())
    write_report(given.report, record, Circumstances(date, __version__, files, given.strict))


# --- evaluate ---------------------------------------------------------------------------------------------------------


def _evaluate(given: argparse.Namespace) -> int:
    choice = Choice(given.assigned, given.u_assigned, given.sigma, given.mass_fraction)
    code = HOLDS
    try:
        for measurand in read_round(given.file):
            try:
                for line in list(look(measurand, choice)):
                    print(line)
            except NotConverged as error:
                print(f"{measurand.name + ': ' if measurand.name else ''}no scores: {error}")
                code = DOES_NOT_HOLD
    except (BadRoundFile, InputError) as error:
        return _refuse(str(error))
    return code


def _refuse(message: str) -> int:
    print(f"intercomp: {message}", file=sys.stderr)
    return UNREADABLE
