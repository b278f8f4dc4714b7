"""The screen of a day of logs beside its floor: reading the files and joining them once with the register, by the same polars.

    python benchmarks/screen.py [--rows 1500000] [--laboratories 2000]

Half the rows are report items, a third are runs of instruments, the rest are people's days. The registers lie in a database of
their own (SQLite unless ZHUNSHENG_DATABASE_URL says otherwise). The floor reads the same files from where they are kept, fetches
the scope lines by the same query, types nothing but what the join needs, and joins once on laboratory, parameter, matrix and method.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl

PARAMETERS, MATRICES, METHODS, LINES_EACH, INSTRUMENTS_EACH, PEOPLE_EACH = 2_000, 100, 1_500, 40, 20, 20
DAY = date(2026, 10, 12)
AT = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
Array = Any


def code(number: int) -> str:
    from zhunsheng.registry.institutions.rules.uscc import organisation_check_character, uscc_check_character

    body = f"{number:08d}"
    first = "91330100" + body + organisation_check_character(body)
    return first + uscc_check_character(first)


def enter_registers(laboratories: int) -> None:
    """Written past the verbs: what is measured is the screen."""
    from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
    from zhunsheng.registry.equipment.models import Calibration, Instrument
    from zhunsheng.registry.institutions.models import Certificate, Institution
    from zhunsheng.registry.people.models import Authorisation, Person, Post
    from zhunsheng.registry.scopes.models import ScopeLine

    named: dict[str, Any] = {"name_zh": "示例", "name_en": "Example"}
    Parameter.objects.bulk_create(
        [Parameter(code=f"p{n}", name_zh=f"参数{n}", name_en=f"parameter {n}") for n in range(PARAMETERS)], 5_000
    )
    Matrix.objects.bulk_create(
        [Matrix(code=f"m{n}", field="food", name_zh=f"对象{n}", name_en=f"matrix {n}") for n in range(MATRICES)]
    )
    Method.objects.bulk_create([Method(number=f"GB {n}-2020", **named) for n in range(METHODS)], 5_000)
    labs = [
        Institution(
            kind="laboratory", uscc=code(n), name_zh=f"示例机构{n}", name_en=f"Laboratory {n}", region_code="330106"
        )
        for n in range(laboratories)
    ]
    Institution.objects.bulk_create(labs, 5_000)
    known: dict[str, Any] = {"valid_from": date(2025, 1, 1), "recorded_at": datetime(2025, 1, 1, tzinfo=UTC)}
    Certificate.objects.bulk_create(
        [
            Certificate(institution=lab, scheme="CMA", number=f"23{n:010d}", valid_to=date(2030, 1, 1), **known)
            for n, lab in enumerate(labs)
        ],
        5_000,
    )
    p, m, k = (list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in (Parameter, Matrix, Method))
    for start in range(0, laboratories, 500):
        some = list(enumerate(labs))[start : start + 500]
        ScopeLine.objects.bulk_create(
            [
                ScopeLine(
                    series=lab.pk,
                    institution=lab,
                    region_code="330106",
                    parameter_id=p[(n + i) % PARAMETERS],
                    matrix_id=m[i % MATRICES],
                    method_id=k[(n + i) % METHODS],
                    **{**known, "valid_from": date(2020, 1 + i % 12, 1 + i // 12)},
                )
                for n, lab in some
                for i in range(LINES_EACH)
            ],
            2_000,
        )
        machines = [
            Instrument(institution=lab, serial=f"S{n}-Z{i}", serial_key=f"S{n}Z{i}", **named)
            for n, lab in some
            for i in range(INSTRUMENTS_EACH)
        ]
        Instrument.objects.bulk_create(machines, 5_000)
        Calibration.objects.bulk_create(
            [Calibration(instrument=one, certificate="C", valid_to=date(2027, 1, 1), **known) for one in machines],
            5_000,
        )
        people = [
            Person(name=f"人{n}-{i}", identity_hash=f"{n:032x}{i:032x}") for n, _ in some for i in range(PEOPLE_EACH)
        ]
        Person.objects.bulk_create(people, 5_000)
        where = [lab for _, lab in some for _ in range(PEOPLE_EACH)]
        Post.objects.bulk_create(
            [
                Post(person=one, institution=lab, kind="analyst", valid_from=date(2020, 1, 1))
                for one, lab in zip(people, where, strict=True)
            ],
            5_000,
        )
        Authorisation.objects.bulk_create(
            [
                Authorisation(person=one, institution=lab, field="food", **known)
                for at, (one, lab) in enumerate(zip(people, where, strict=True))
                if at % PEOPLE_EACH < 2
            ],
            5_000,
        )


def logs(rows: int, laboratories: int, chance: np.random.Generator) -> dict[str, pl.DataFrame]:
    """A day of honest work, and one row in a thousand issued before its test had ended."""
    codes = np.array([code(n) for n in range(laboratories)])
    items, runs = rows // 2, rows // 3
    lab, line = chance.integers(0, laboratories, items), chance.integers(0, LINES_EACH, items)
    begun, minutes = chance.integers(8 * 60, 14 * 60, items), chance.integers(20, 120, items)
    issued = np.where(chance.random(items) < 0.001, begun, begun + minutes + 180)
    readings = chance.integers(20, 900, items)
    reports = pl.DataFrame(
        {
            "uscc": codes[lab],
            "report": strings("R", items),
            "sample": strings("S", items),
            "parameter": prefixed("p", (lab + line) % PARAMETERS),
            "matrix": prefixed("m", line % MATRICES),
            "method": suffixed("GB ", (lab + line) % METHODS, "-2020"),
            "received_at": [DAY.isoformat()] * items,
            "tested_from": moments(begun),
            "tested_to": moments(begun + minutes),
            "issued_at": moments(issued),
            "signatory": pair("人", lab, line % 2),
            "analyst": pair("人", lab, line % PEOPLE_EACH),
            "serial": pair("S", lab, line % INSTRUMENTS_EACH, "-Z"),
            "mean": pl.Series(readings / 100).map_elements(lambda x: f"{x:.3f}", pl.String),
            "readings": ["2"] * items,
            "step": ["0.01"] * items,
        }
    )
    whose, hour = chance.integers(0, laboratories, runs), chance.integers(8 * 60, 14 * 60, runs)
    uses = pl.DataFrame(
        {
            "uscc": codes[whose],
            "serial": pair("S", whose, chance.integers(0, INSTRUMENTS_EACH, runs), "-Z"),
            "started_at": moments(hour),
            "ended_at": moments(hour + 45),
            "analyst": pair("人", whose, chance.integers(0, PEOPLE_EACH, runs)),
            "sample": strings("U", runs),
        }
    )
    rest = rows - items - runs
    there = np.arange(rest) % (laboratories * PEOPLE_EACH)
    people = pl.DataFrame(
        {
            "uscc": codes[there // PEOPLE_EACH],
            "name": pair("人", there // PEOPLE_EACH, there % PEOPLE_EACH),
            "arrived_at": moments(np.full(rest, 8 * 60)),
            "left_at": moments(np.full(rest, 17 * 60)),
        }
    )
    return {"reports": reports, "uses": uses, "people": people}


def strings(letter: str, count: int) -> pl.Series:
    return prefixed(letter, np.arange(count))


def prefixed(start: str, numbers: Array) -> pl.Series:
    return suffixed(start, numbers, "")


def suffixed(start: str, numbers: Array, end: str) -> pl.Series:
    frame = pl.DataFrame({"n": numbers})
    return frame.select(pl.concat_str(pl.lit(start), pl.col("n"), pl.lit(end))).to_series()


def pair(start: str, one: Array, other: Array, between: str = "-") -> pl.Series:
    frame = pl.DataFrame({"a": one, "b": other})
    return frame.select(pl.concat_str(pl.lit(start), "a", pl.lit(between), "b")).to_series()


def moments(minutes: Array) -> pl.Series:
    at = pl.lit(datetime(DAY.year, DAY.month, DAY.day)) + pl.duration(minutes=pl.col("n"))  # noqa: DTZ001 - as a log writes it
    return pl.DataFrame({"n": minutes}).select(at.dt.strftime("%Y-%m-%d %H:%M")).to_series()


def clocked(what: str, do: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock and of the processor; the ratio of the latter does not depend on what else the machine does."""
    clock, spent = time.perf_counter(), time.process_time()
    do()
    taken = time.perf_counter() - clock, time.process_time() - spent
    print(f"    {what:48} {taken[0]:7.1f} s by the clock, {taken[1]:7.1f} s of the processor", flush=True)
    return taken


def floor(screen: Any, reach: Any) -> None:
    from zhunsheng.activities.campaigns.screen.queries import registers
    from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
    from zhunsheng.activities.campaigns.screen.rules.reading import read_log
    from zhunsheng.registry.scopes.models import ScopeLine

    logs = screen.logs.select_related("attachment")
    frames = {log.kind: read_log(bytes(log.attachment.content), log.name, LOGS[log.kind]) for log in logs}
    places = registers.places_within(reach, on=AT.date())
    scope = registers.held(
        ScopeLine.objects.all(), places, "scope", "parameter_id", "matrix_id", "method_id", "valid_from", "valid_to"
    )
    joined = frames["reports"].join(places.institutions, on="uscc")
    parameters, matrices, methods = registers.catalogue()
    for column, meanings in (("parameter", parameters), ("matrix", matrices), ("method", methods)):
        pairs = pl.DataFrame(
            {column: list(meanings), f"{column}_id": list(meanings.values())},
            schema={column: pl.String, f"{column}_id": pl.Int64},
        )
        joined = joined.join(pairs, on=column, how="left")
    print(
        f"    {joined.join(scope, on=['inst', 'parameter_id', 'matrix_id', 'method_id'], how='left').height} rows joined"
    )


def sent(files: list[tuple[str, bytes]], authority: Any, reach: Any, user: Any) -> Any:
    """A screen with its logs read and kept."""
    from zhunsheng.activities.campaigns.screen import actions
    from zhunsheng.activities.campaigns.screen.actions import looking
    from zhunsheng.foundation.bilingual import t

    screen = actions.open_screen(authority=authority, title=t("A day", "一天"), actor=user, at=AT)
    for kind, content in files:
        log = actions.receive_log(screen, kind=kind, name=f"{kind}.csv", content=content, actor=user, at=AT)
        clocked(f"read {kind}, keep it", lambda log=log: looking.read_log(log, reach=reach, at=AT))  # type: ignore[misc]
    actions.begin(screen, actor=user, at=AT)
    screen.refresh_from_db()
    return screen


def run(screen: Any, reach: Any, user: Any) -> None:
    from zhunsheng.activities.campaigns.screen.actions import looking

    looking.run(screen, reach=reach, actor=user, at=AT)
    screen.refresh_from_db()
    print(f"    {screen.rows} rows, {screen.suspicions.count()} suspicions: {screen.counts}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_500_000)
    asked.add_argument("--laboratories", type=int, default=2_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ZHUNSHENG_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from zhunsheng.foundation.accounts.models import User
        from zhunsheng.registry.institutions.models import Institution
        from zhunsheng.registry.people.jurisdiction import jurisdiction_of

        call_command("migrate", verbosity=0)
        enter_registers(given.laboratories)
        authority = Institution.objects.create(
            kind="authority", level="national", name_zh="示例局", name_en="Authority", region_code="110000"
        )
        reach, user = jurisdiction_of([authority], AT.date()), User.objects.create_user(username="bench")
        made = logs(given.rows, given.laboratories, np.random.default_rng(1))
        files = [(kind, frame.write_csv().encode()) for kind, frame in made.items()]
        print(
            f"{given.rows} rows, {sum(len(content) for _, content in files) / 1e6:.0f} MB of CSV, {given.laboratories} laboratories"
        )
        screen = sent(files, authority, reach, user)
        from zhunsheng.activities.campaigns.screen.rules import figures  # noqa: F401 -- loaded on nobody's time, like polars

        least = clocked("floor: read the files, join once with the register", lambda: floor(screen, reach))
        most = clocked("the whole screen, written down", lambda: run(screen, reach, user))
        again = clocked("floor again", lambda: floor(screen, reach))
        base = min(least[1], again[1])
        print(f"    ratio by the processor {most[1] / base:.1f}, by the clock {most[0] / min(least[0], again[0]):.1f}")
        print(f"    largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
