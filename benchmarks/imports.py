"""Files into the registers beside their floor: reading the same file with the same guarded reader and doing nothing with it.

`python benchmarks/imports.py` does 50,000 institutions from .xlsx; `--lines 1000000` adds so many scope lines from .csv, twice:
entered, and sent again unchanged. Each job runs on a database of its own, SQLite unless ZHUNSHENG_DATABASE_URL says otherwise.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

HEAD = [
    "统一社会信用代码",
    "机构名称",
    "行政区划代码",
    "地址",
    "CMA 证书编号",
    "CMA 有效期起",
    "CMA 有效期止",
    "法定代表人",
]
LINE = [
    "机构统一社会信用代码",
    "检测项目",
    "检测对象",
    "检测方法",
    "范围下限",
    "单位",
    "不确定度",
    "有效期起",
    "有效期止",
]
PARAMETERS, MATRICES, METHODS = 400, 50, 300


def code(number: int) -> str:
    from zhunsheng.registry.institutions.rules.uscc import organisation_check_character, uscc_check_character

    body = f"{number:08d}"
    first = "91330100" + body + organisation_check_character(body)
    return first + uscc_check_character(first)


def institutions(count: int) -> bytes:
    from zhunsheng.foundation.spreadsheets import Sheet, write_xlsx

    buffer = io.BytesIO()
    rows = (
        [
            code(n),
            f"示例检验检测机构{n}",
            "330106",
            f"示例路 {n} 号",
            f"2311{n:08d}",
            "2023-05-04",
            "2029-05-03",
            "示例人员",
        ]
        for n in range(count)
    )
    write_xlsx(buffer, [Sheet("机构", HEAD, rows)])
    return buffer.getvalue()


def lines(count: int, institutions: int) -> Iterator[str]:
    """Every line another one: institution, parameter, matrix and method walk through their numbers at different speeds."""
    yield ",".join(LINE) + "\r\n"
    each = -(-count // institutions)
    for n in range(count):
        of, at = divmod(n, each)
        parameter, matrix = at % PARAMETERS, (at // PARAMETERS + of) % MATRICES
        yield f"{code(of)},p{parameter},m{matrix},QX {parameter % METHODS},0.0{at % 9 + 1},mg/kg,k=2,2024-01-01,\r\n"


def processor() -> float:
    """Seconds of the processor, ours and those of children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def timed(what: str, do: Callable[[], Any]) -> float:
    """Of the processor, since other work on the machine multiplies the clock's; the clock's stand beside them."""
    clock, spent = time.perf_counter(), processor()
    do()
    clock, spent = time.perf_counter() - clock, processor() - spent
    print(f"    {what:44} {spent:8.1f} s of the processor, {clock:8.1f} s by the clock", flush=True)
    return spent


def floor(content: bytes, name: str) -> None:
    from zhunsheng.foundation.spreadsheets import Reading

    with Reading(content, name) as reading:
        count = sum(len(piece.rows) for piece in reading.pieces())
        print(f"    {count} rows, the reader's child took {reading.peak_bytes >> 20} MB")


def job(register: Any, content: bytes, name: str) -> float:
    from django.utils import timezone

    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.foundation.attachments.actions import stage
    from zhunsheng.foundation.imports import actions
    from zhunsheng.foundation.imports.states import Mode

    at, actor = timezone.now(), User.objects.get_or_create(username="bench")[0]
    draft = stage(name=name, content=content, actor=actor, at=at)
    reach = {"national": True, "keeper": True}
    imported = actions.receive(register, draft, mode=Mode.ALL, reach=reach, language="en", actor=actor, at=at)
    checked = timed("check every row, stage", lambda: actions.check(imported, register, at=at))
    imported.refresh_from_db()
    actions.begin_applying(imported, register, reach=imported.reach, actor=actor, at=at)
    switched = timed(
        "switch (one transaction)", lambda: actions.apply(imported, register, reach=lambda: imported.reach, at=at)
    )
    imported.refresh_from_db()
    print(f"    {imported.state}: {imported.new} new, {imported.changed} changed, {imported.unchanged} unchanged")
    return checked + switched


def compared(title: str, register: Any, content: bytes, name: str) -> None:
    print(f"{title}, {len(content) / 1e6:.1f} MB")
    least = timed("floor: the file read in its child", lambda: floor(content, name))
    whole = job(register, content, name)
    print(f"    whole {whole:.1f} s, floor {least:.1f} s, ratio {whole / least:.1f}\n", flush=True)


def catalogue() -> None:
    from django.utils import timezone

    from zhunsheng.registry.catalogue.actions import enter_matrices, enter_methods, enter_parameters
    from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter

    at = timezone.now()
    named = {"name_zh": "示例", "name_en": "Example"}
    enter_parameters([Parameter(code=f"p{n}", **named) for n in range(PARAMETERS)], actor=None, at=at)
    enter_matrices([Matrix(code=f"m{n}", field="food", **named) for n in range(MATRICES)], actor=None, at=at)
    enter_methods([Method(number=f"QX {n}", **named) for n in range(METHODS)], actor=None, at=at)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--institutions", type=int, default=50_000)
    asked.add_argument("--lines", type=int, default=0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ZHUNSHENG_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from zhunsheng.faces.imports.registers import REGISTERS

        call_command("migrate", verbosity=0)
        content = institutions(given.institutions)
        compared(
            f"{given.institutions} institutions with a certificate each, .xlsx",
            REGISTERS["institutions"],
            content,
            "i.xlsx",
        )
        compared("the same file again", REGISTERS["institutions"], content, "i.xlsx")
        if given.lines:
            catalogue()
            content = "".join(lines(given.lines, given.institutions)).encode()
            compared(f"{given.lines} scope lines, .csv", REGISTERS["scopes"], content, "s.csv")
            compared("the same file again", REGISTERS["scopes"], content, "s.csv")
        here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"largest memory of the worker {here:.0f} MB, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
