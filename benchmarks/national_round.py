"""A national round beside its floor: 16,000 laboratories enrolled by file, 80,000 results imported, evaluated, evidence written.

    python benchmarks/national_round.py [--laboratories 16000] [--measurands 5]

The floor is what no program built on these parts can be below: every one of the rows that the job leaves, written by
`executemany` into the same tables with their indexes, and the engine's figures alone. To know the rows, the job is done once and
rolled back; the floor is rolled back too, so that it never waits for the disk, and the job that is measured does. Times are of the
clock, for on PostgreSQL half of the work is done by another process. Runs on an empty database: SQLite in a folder of its own, or
the one that `ZHUNSHENG_DATABASE_URL` names.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import intercomp
import numpy as np
from imports import code

T = TypeVar("T")
PIECE = 2_000


def timed(what: str, do: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    found = do()
    seconds = time.perf_counter() - start
    print(f"    {what:62} {seconds:8.2f} s", flush=True)
    return found, seconds


def prepare() -> None:
    """An empty database, ready for use."""
    os.environ.setdefault("ZHUNSHENG_VAR", tempfile.mkdtemp(prefix="zhunsheng-bench-"))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "zhunsheng.settings", "ZHUNSHENG_SECOND_FACTOR_REQUIRED": "0"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def laboratories(count: int) -> list[Any]:
    from django.utils import timezone

    from zhunsheng.registry.institutions.actions import enter_institutions
    from zhunsheng.registry.institutions.models import Institution

    made = [
        Institution(
            kind="laboratory", uscc=code(n), name_zh=f"示例检测中心{n}", name_en=f"Sample {n}", region_code="330106"
        )
        for n in range(count)
    ]
    enter_institutions(made, actor=None, at=timezone.now())
    return made


def catalogue(measurands: int) -> dict[int, Any]:
    from django.utils import timezone

    from zhunsheng.registry.catalogue.actions import enter_matrices, enter_parameters
    from zhunsheng.registry.catalogue.models import Matrix, Parameter

    named = {"name_zh": "示例", "name_en": "Sample"}
    parameters = [Parameter(code=f"bench-{n}", **named) for n in range(measurands)]
    matrix = Matrix(code="bench", field="food", **named)
    enter_parameters(parameters, actor=None, at=timezone.now())
    enter_matrices([matrix], actor=None, at=timezone.now())
    return {n: (one, matrix) for n, one in enumerate(parameters)}


def provider() -> tuple[Any, Any]:
    """A provider and a user of it."""
    from django.utils import timezone

    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.registry.institutions.actions import enter_institutions
    from zhunsheng.registry.institutions.models import Institution

    made = Institution(kind="provider", name_zh="示例提供者", name_en="Sample provider", region_code="110000")
    enter_institutions([made], actor=None, at=timezone.now())
    return made, User.objects.get_or_create(username="benchmark")[0]


def announced(owner: Any, user: Any, known: dict[int, Any]) -> Any:
    """A planned round that laboratories may enrol in."""
    from django.utils import timezone

    from zhunsheng.activities.proficiency.plan.actions import arranging, planning
    from zhunsheng.activities.proficiency.plan.actions.arranging import ItemSaid, MeasurandSaid
    from zhunsheng.activities.proficiency.plan.rules.planning import Days, LatePolicy
    from zhunsheng.foundation.bilingual import Text

    at = timezone.now()
    days = Days("Asia/Shanghai", at + timedelta(days=10), (at + timedelta(days=20)).date(), at + timedelta(days=40))
    said = planning.Draft(
        number="BENCH-1", title=Text(en="Benchmark", zh="基准"), days=days, late=LatePolicy(),
        promise=Text(en="Codes are new in every round.", zh="代码每轮更新。"), expected=16_000, sigma="1",
    )  # fmt: skip
    made = planning.plan_round(provider=owner, scheme=None, draft=said, actor=user, at=at)
    item = ItemSaid("A", Text(en="Item", zh="样品"), known[0][1])
    there = arranging.set_item(made, item, actor=user, at=at)
    for parameter, _ in known.values():
        arranging.set_measurand(made, MeasurandSaid(there, parameter, "mg/kg", step="0.001"), actor=user, at=at)
    planning.announce(made, actor=user, at=at)
    return made


def enrolments(labs: list[Any]) -> bytes:
    """The file of a provider; every thousandth row names nobody."""
    from zhunsheng.foundation.spreadsheets import Sheet, write_xlsx

    head = ["统一社会信用代码", "实验室", "联系人", "联系电话", "收样地址"]
    rows = [
        [one.uscc, one.name_zh, f"收样员{n}", f"0571-{n:08d}", f"示例路 {n} 号"]
        if n % 1000
        else ["", f"无此机构{n}", "", "", ""]
        for n, one in enumerate(labs, start=1)
    ]
    buffer = io.BytesIO()
    write_xlsx(buffer, [Sheet("报名", head, rows)])
    return buffer.getvalue()


def enrol(round_: Any, user: Any, content: bytes) -> float:
    from django.utils import timezone

    from zhunsheng.activities.proficiency.enrol.importing import Enrolments, reach_of_round
    from zhunsheng.foundation.attachments.actions import stage
    from zhunsheng.foundation.imports import actions
    from zhunsheng.foundation.imports.states import Mode

    at, register, reach = timezone.now(), Enrolments(), reach_of_round(round_)
    draft = stage(name="enrolments.xlsx", content=content, actor=user, at=at)
    one = actions.receive(register, draft, mode=Mode.ROWS, reach=reach, language="zh", actor=user, at=at)
    _, checked = timed("every row checked, what would change staged", lambda: actions.check(one, register, at=at))
    one.refresh_from_db()
    actions.begin_applying(one, register, reach=reach, actor=user, at=at)
    _, taken = timed("let in", lambda: actions.apply(one, register, reach=lambda: reach, at=at))
    one.refresh_from_db()
    print(f"    {one.new} new, {one.changed} changed, {one.unchanged} unchanged, {one.failed} failed with reasons")
    return checked + taken


def results(labs: list[Any], measurands: int) -> tuple[bytes, np.ndarray]:
    """Normal results with a twentieth of gross errors; the same every time."""
    chance, lines = np.random.default_rng(13528), ["laboratory,measurand,result,uncertainty,k,unit"]
    table = chance.normal(10, 1, (measurands, len(labs))) * np.where(
        chance.random((measurands, len(labs))) < 0.05, 1.8, 1
    )
    for m, values in enumerate(table):
        lines += [f"{lab.name_zh},M{m},{v:.4g},0.8,2,mg/kg" for lab, v in zip(labs, values.tolist(), strict=True)]
    return "\n".join(lines).encode(), table


class Job:
    """Import, evaluation and release of the results; the reports as PDF are timed apart."""

    def __init__(self, content: bytes, known: dict[int, Any], owner: Any, user: Any, key: Any) -> None:
        self.content, self.known, self.owner, self.user, self.key = content, known, owner, user, key

    def import_(self) -> Any:
        from django.utils import timezone

        from zhunsheng.activities.proficiency.actions import create_round
        from zhunsheng.foundation.attachments.actions import keep

        at = timezone.now()
        return create_round(
            attachment=keep(name="results.csv", content=self.content, actor=self.user, at=at), number="BENCH-2",
            title_zh="基准", title_en="Benchmark", performed_on=date(2026, 1, 5), assigned="algorithm-a", u_assigned="", sigma="1",
            catalogue=self.known, commissioned_by=None, provider=self.owner, actor=self.user, at=at, draw=random.Random(1),
        )  # fmt: skip

    def evaluate(self, round_: Any) -> Any:
        from django.utils import timezone

        from zhunsheng.activities.proficiency.actions import evaluate

        return evaluate(round_.pk, actor=self.user, at=timezone.now())

    def release(self, round_: Any, evaluation: Any) -> float:
        """Seconds until the reports were typeset."""
        from django.utils import timezone

        from zhunsheng.activities.proficiency.actions import release

        begun, typeset = time.perf_counter(), [0.0]

        def progress(done: int, total: int) -> None:
            typeset[0] = time.perf_counter() - begun

        release(
            round_.pk, evaluation_id=evaluation.pk, actor=self.user, at=timezone.now(), key=self.key, progress=progress
        )
        return typeset[0]

    def __call__(self) -> float:
        round_, importing = timed("import", self.import_)
        evaluation, evaluating = timed("evaluation", lambda: self.evaluate(round_))
        typeset, releasing = timed(
            "release: reports typeset, evidence written", lambda: self.release(round_, evaluation)
        )
        print(f"    {'of which the three reports':62} {typeset:8.2f} s")
        return importing + evaluating + releasing - typeset


@contextmanager
def undone() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def tables() -> dict[str, str]:
    """Every table of the product and the name of its key."""
    from django.apps import apps

    return {one._meta.db_table: one._meta.pk.column for one in apps.get_models() if one._meta.managed}


def asked(sql: str) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def keys() -> dict[str, set[Any]]:
    return {table: {row[0] for row in asked(f'SELECT "{key}" FROM "{table}"')} for table, key in tables().items()}


def new_rows(before: dict[str, set[Any]]) -> dict[str, list[Any]]:
    """What stands in the tables and did not before, as the database gives it."""
    from django.db import connection

    found = {}
    for table, key in tables().items():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            at = [one[0] for one in cursor.description].index(key)
            rows = [row for row in cursor.fetchall() if row[at] not in before[table]]
        if rows:
            found[table] = rows
    return found


def write(rows: dict[str, list[Any]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table, several in rows.items():
            places = ",".join(["%s"] * len(several[0]))
            for first in range(0, len(several), PIECE):
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', several[first : first + PIECE])


def engine(table: np.ndarray) -> None:
    for values in table:
        found = intercomp.algorithm_a(values)
        intercomp.signals(intercomp.z(values, found.mean, 1.0))


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--laboratories", type=int, default=16_000)
    given.add_argument("--measurands", type=int, default=5)
    sizes = given.parse_args()
    prepare()
    from django.db import connection

    from zhunsheng.activities.proficiency.enrol.actions import begin
    from zhunsheng.foundation.signing import SigningKey

    labs, known, (owner, user) = laboratories(sizes.laboratories), catalogue(sizes.measurands), provider()
    print(f"{connection.vendor}, {sizes.laboratories} laboratories × {sizes.measurands} measurands")
    print("  enrolment by file, .xlsx")
    round_, file = announced(owner, user, known), enrolments(labs)
    print(f"    {enrol(round_, user, file):.1f} s together")
    print("  the same file again")
    print(f"    {enrol(round_, user, file):.1f} s together")
    from django.utils import timezone

    timed("codes drawn", lambda: begin(round_, draw=random.Random(2), actor=user, at=timezone.now()))
    content, table = results(labs, sizes.measurands)
    job = Job(content, known, owner, user, SigningKey.load_or_make(Path(tempfile.mkdtemp()) / "key.pem"))
    print("  the job, done once and rolled back")
    before = keys()
    with undone():
        job()
        rows = new_rows(before)
    print("  floor")
    with undone():
        _, writing = timed(f"{sum(map(len, rows.values()))} rows by executemany", lambda: write(rows))
    _, alone = timed("the engine alone", lambda: engine(table))
    print("  " + ", ".join(f"{table} {len(rows[table])}" for table in sorted(rows)))
    print("  the job")
    whole, floor = job(), writing + alone
    print(f"  job without reports {whole:.2f} s, floor {floor:.2f} s, ratio {whole / floor:.1f}")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
