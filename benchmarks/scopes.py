"""The search of scopes in a large register, beside an empty page of the same framework in the same run.

    python benchmarks/scopes.py [--rows 1000000]

Runs on the database of `ZHUNSHENG_DATABASE_URL`, which must be empty (or kept from an earlier run of the same size), else on a SQLite
file of its own. The rows are made up, the same for the same size: institutions of 200 lines each, spread over the counties;
parameters and matrices as unequal as they are in life (a few are in every scope, most in few); a twentieth closed by later knowledge.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

LINES_EACH = 200
PARAMETERS, MATRICES, METHODS = 2_000, 300, 12_000
TODAY, EARLIER = date(2026, 11, 1), date(2025, 6, 1)
CHUNK = 100_000
REPEATS = 40


def prepare() -> Path:
    """Load Django on a directory of our own."""
    directory = Path(os.environ.setdefault("ZHUNSHENG_VAR", tempfile.mkdtemp(prefix="zhunsheng-bench-")))
    (directory / "static").mkdir(parents=True, exist_ok=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhunsheng.settings"
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS.append("testserver")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return directory


def counties() -> list[str]:
    from zhunsheng.registry import regions

    return sorted(
        county.code
        for province in regions.provinces(TODAY)
        for prefecture in regions.children(province.code, TODAY)
        for county in [prefecture, *regions.children(prefecture.code, TODAY)]
        if not county.code.endswith("00")
    )


def enter_small(institutions: int) -> list[tuple[Any, ...]]:
    """The catalogue and the institutions; gives the combinations of parameter, matrix and method that scopes choose from."""
    from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, ParameterName
    from zhunsheng.registry.institutions.models import Institution

    chance, places = random.Random(1), counties()
    Parameter.objects.bulk_create(
        Parameter(id=i, code=f"p{i}", name_zh=f"参数{i:04d}", name_en=f"Parameter {i:04d}")
        for i in range(1, PARAMETERS + 1)
    )
    ParameterName.objects.bulk_create(
        ParameterName(parameter_id=i, language=lang, name=f"{word}{i:04d}-{n}")
        for i in range(1, PARAMETERS + 1)
        for n in range(4)
        for lang, word in (("zh", "别名"), ("en", "synonym "))
    )
    Matrix.objects.bulk_create(
        Matrix(
            id=i,
            code=f"m{i}",
            name_zh=f"基质{i}",
            name_en=f"Matrix {i}",
            field="food",
            within_id=None if i <= 10 else i % 10 + 1,
        )
        for i in range(1, MATRICES + 1)
    )
    Method.objects.bulk_create(
        Method(id=i, number=f"GB {i}-2020", name_zh=f"方法{i}", name_en=f"Method {i}") for i in range(1, METHODS + 1)
    )
    Institution.objects.bulk_create(
        (
            Institution(
                id=uuid.UUID(int=i + 1), kind="laboratory", name_zh=f"实验室{i}", name_en=f"Laboratory {i}",
                region_code=chance.choice(places),
            )
            for i in range(institutions)
        ),
        batch_size=1000,
    )  # fmt: skip
    return [(unequal(chance, PARAMETERS), unequal(chance, MATRICES), chance.randint(1, METHODS)) for _ in range(40_000)]


def unequal(chance: random.Random, n: int) -> int:
    """A number to `n`, small ones much more often (density ∝ 1/x)."""
    return min(n, int(n ** chance.random()) + 1)


def rows(n: int, combinations: list[tuple[Any, ...]], places: list[tuple[uuid.UUID, str]]) -> Iterator[tuple[Any, ...]]:
    """The lines, institution by institution, as columns of the table; text, which both databases take."""
    chance = np.random.default_rng(2)
    valid_from = days(date(2020, 1, 1), 1500)
    valid_to = [*days(date(2025, 1, 1), 1500), None]
    recorded = [f"{day} 00:00:00+00:00" for day in days(date(2024, 1, 1), 1050)]
    status = ["active"] * 38 + ["self_suspended", "cancelled"]
    for start in range(0, n, CHUNK):
        size = min(CHUNK, n - start)
        keys, series = chance.bytes(16 * size).hex(), chance.bytes(16 * size).hex()
        drawn = [
            chance.integers(k, size=size).tolist()
            for k in (len(combinations), len(status), len(valid_from), 5 * len(valid_to), 1000, 20, 50)
        ]
        for i, (combination, state, first, last, known, closed, when) in enumerate(zip(*drawn, strict=True)):
            institution, region = places[(start + i) // LINES_EACH]
            yield (
                keys[32 * i : 32 * i + 32], series[32 * i : 32 * i + 32], institution.hex, region, *combinations[combination],
                status[state], valid_from[first], valid_to[min(last, len(valid_to) - 1)], recorded[known],
                None if closed else recorded[1000 + when],
            )  # fmt: skip


def days(first: date, n: int) -> list[Any]:
    return [(first + timedelta(days=i)).isoformat() for i in range(n)]


COLUMNS = [
    "id", "series", "institution_id", "region_code", "parameter_id", "matrix_id", "method_id", "status", "valid_from", "valid_to",
    "recorded_at", "superseded_at",
]  # fmt: skip
EMPTY = ["low", "high", "unit", "uncertainty", "limits"]


def load(n: int) -> None:
    """Enter the rows past the verbs, with the indexes of the table away while it grows."""
    from django.db import connection, transaction

    from zhunsheng.registry.institutions.models import Institution

    combinations = enter_small(n // LINES_EACH)
    places = list(Institution.objects.order_by("pk").values_list("pk", "region_code"))
    with connection.cursor() as cursor:
        kept = take_indexes_away(cursor, connection.vendor)
        enter_rows = copy_in if connection.vendor == "postgresql" else insert_in
        with transaction.atomic():
            enter_rows(cursor, rows(n, combinations, places))
        for statement in kept:
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def take_indexes_away(cursor: Any, vendor: str) -> list[str]:
    if vendor == "postgresql":
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'scopes_scopeline'")
    else:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'scopes_scopeline' AND sql > ''"
        )
    found = [(name, sql) for name, sql in cursor.fetchall() if not name.endswith("_pkey")]
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]


def copy_in(cursor: Any, made: Iterator[tuple[Any, ...]]) -> None:
    names, rest = ", ".join([*COLUMNS, *EMPTY]), "\t" * len(EMPTY) + "\n"
    cursor.execute("SET LOCAL session_replication_role = replica")  # 50 million look-ups of foreign keys at COMMIT
    with cursor.copy(f"COPY scopes_scopeline ({names}) FROM STDIN") as copy:
        while chunk := list(islice(made, 10_000)):
            copy.write("".join("\t".join("\\N" if x is None else str(x) for x in row) + rest for row in chunk))


def insert_in(cursor: Any, made: Iterator[tuple[Any, ...]]) -> None:
    names, marks = ", ".join([*COLUMNS, *EMPTY]), ", ".join(["%s"] * len(COLUMNS) + ["''"] * len(EMPTY))
    while chunk := list(islice(made, CHUNK)):
        cursor.executemany(f"INSERT INTO scopes_scopeline ({names}) VALUES ({marks})", chunk)


def questions(institutions: int) -> dict[str, Callable[[random.Random], dict[str, Any]]]:
    """Kinds of questions, each drawn anew."""
    from zhunsheng.registry.catalogue.models import Matrix
    from zhunsheng.registry.catalogue.queries import parts_of

    places = counties()
    trees = {i: tuple(parts_of(Matrix.objects.get(pk=i))) for i in range(1, 11)}

    def county(chance: random.Random) -> str:
        return chance.choice(places)

    return {
        "parameter": lambda c: {"parameter": unequal(c, PARAMETERS)},
        "the commonest parameter": lambda c: {"parameter": 1},
        "parameter in a province": lambda c: {"parameter": unequal(c, PARAMETERS), "region": county(c)[:2] + "0000"},
        "parameter in a county": lambda c: {"parameter": unequal(c, PARAMETERS), "region": county(c)},
        "commonest parameter, any rare matrix": lambda c: {"parameter": 1, "matrices": (c.randint(100, MATRICES),)},
        "parameter in a tree of matrices": lambda c: {"parameter": unequal(c, PARAMETERS), "matrices": trees[c.randint(1, 10)]},
        "parameter, matrix, county": lambda c: {
            "parameter": unequal(c, PARAMETERS), "matrices": (unequal(c, MATRICES),), "region": county(c),
        },
        "method": lambda c: {"methods": (c.randint(1, METHODS),)},
        "three methods in a province": lambda c: {
            "methods": tuple(c.sample(range(1, METHODS), 3)), "region": county(c)[:2] + "0000",
        },
        "matrix": lambda c: {"matrices": (unequal(c, MATRICES),)},
        "a tree of matrices": lambda c: {"matrices": trees[c.randint(1, 10)]},
        "a tree of matrices in a county": lambda c: {"matrices": trees[c.randint(1, 10)], "region": county(c)},
        "county": lambda c: {"region": county(c)},
        "institution": lambda c: {"institutions": (uuid.UUID(int=c.randint(1, institutions)),)},
        "cancelled, by parameter": lambda c: {"parameter": unequal(c, PARAMETERS), "status": "cancelled"},
        "everything": lambda c: {},
    }  # fmt: skip


class Table:
    """Takes times and prints them beside the floor."""

    def __init__(self, floor: float) -> None:
        self.floor = floor

    def row(self, name: str, work: Callable[[], Any]) -> None:
        work()
        times = sorted(timed(work) for _ in range(REPEATS))
        p50, p95 = statistics.median(times), times[int(0.95 * len(times))]
        print(f"{name:58} p50 {p50 * 1e3:7.1f} ms   p95 {p95 * 1e3:7.1f} ms   {p95 / self.floor:6.1f} × the empty page")


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=1_000_000)
    asked = arguments.parse_args()
    prepare()
    from django.db import connection

    from zhunsheng.registry.scopes.models import ScopeLine

    if not ScopeLine.objects.exists():
        took = timed(lambda: load(asked.rows))
        print(f"{asked.rows:,} lines on {connection.vendor} loaded in {took:.0f} s", flush=True)
    measure(asked.rows // LINES_EACH)


def measure(institutions: int) -> None:
    """Queries first, then whole pages."""
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.urls import path

    from zhunsheng.faces import urls
    from zhunsheng.registry.catalogue.queries import suggested_parameters
    from zhunsheng.registry.scopes.queries.search import Question, count_up_to, scope_search

    def nothing(request: HttpRequest) -> HttpResponse:
        return HttpResponse("")

    urls.urlpatterns.append(path("nothing/", nothing, name="nothing"))
    client, chance = Client(), random.Random(3)
    client.get("/nothing/")
    floor = statistics.median(timed(lambda: client.get("/nothing/")) for _ in range(200))
    print(f"an empty page of the same framework: {floor * 1e3:.2f} ms")
    table = Table(floor)
    for name, draw in questions(institutions).items():
        for known_on in (TODAY, EARLIER):

            def search(draw: Any = draw, known_on: date = known_on) -> None:
                found = scope_search(question := Question(on=known_on, known_on=known_on, **draw(chance)))
                if found.following:
                    count_up_to(question)

            table.row(f"{name}, as of {known_on}", search)
    deep = Question(on=TODAY, known_on=TODAY, parameter=1)
    place = scope_search(deep, size=5000).following
    if place:
        table.row("a page far on (after 5,000 lines)", lambda: scope_search(deep, after=place))
    table.row("suggestions while typing", lambda: suggested_parameters(f"synonym {chance.randint(0, 999)}"))
    if "scopes" in {one.name for one in urls.urlpatterns if hasattr(one, "name")}:
        table.row(
            "the whole page", lambda: client.get("/scopes/", {"what": f"Parameter {unequal(chance, PARAMETERS):04d}"})
        )


if __name__ == "__main__":
    main()
