"""Pages of a national register as visitors get them: two web processes, four clients, beside an empty answer of the same framework.

    python benchmarks/served.py [--institutions 50000] [--scope-lines 1000000] [--seconds 10]

Runs on the database of `ZHUNSHENG_DATABASE_URL`, or on SQLite in `ZHUNSHENG_VAR`; what is not there yet is made up by
`zhunsheng demo-data`. Each page is asked in turns with the empty answer, so that what else the machine does burdens both.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

PORT, CLIENTS, ROUNDS = 8791, 4, 3
EMPTY = "/language/"
"""Answers a GET by a redirect, after all the middleware and without a question to the database."""

Address = Callable[[random.Random], str]


def prepare(institutions: int, lines: int) -> None:
    """Load Django, and the made-up network if the register is empty."""
    os.environ.setdefault("ZHUNSHENG_VAR", tempfile.mkdtemp(prefix="zhunsheng-bench-"))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "zhunsheng.settings", "ZHUNSHENG_SECOND_FACTOR_REQUIRED": "0"}
    Path(os.environ["ZHUNSHENG_VAR"]).mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from zhunsheng.registry.institutions.models import Institution

    if not Institution.objects.exists():
        begun = time.perf_counter()
        size = ["--institutions", str(institutions), "--scope-lines", str(lines)]
        subprocess.run([sys.executable, "-m", "zhunsheng.faces.cli", "demo-data", *size], check=True)
        print(f"made up in {time.perf_counter() - begun:.0f} s")


def signed_in() -> str:
    """The session of a regulator of the national authority, made for this run."""
    from datetime import date

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.registry.institutions.actions import enter_institutions
    from zhunsheng.registry.institutions.models import Institution
    from zhunsheng.registry.people.actions import enter_people, enter_posts
    from zhunsheng.registry.people.models import Person, Post

    now = timezone.now()
    user, new = User.objects.get_or_create(username="benchmark")
    if new:
        where = Institution(
            kind="authority",
            level="national",
            name_zh="示范国家监管部门",
            name_en="Sample authority",
            region_code="110000",
        )
        enter_institutions([where], actor=None, at=now)
        person = Person(name="示范监管人员", user=user)
        enter_people([person], actor=None, at=now)
        enter_posts(
            [Post(person=person, institution=where, kind="regulator", valid_from=date(2020, 1, 1))], actor=None, at=now
        )
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.create()
    return f"sessionid={session.session_key}"


def pages() -> dict[str, tuple[Address, bool]]:
    """What is asked: a name, an address drawn at random, whether one must be signed in."""
    from zhunsheng.registry.catalogue.models import Parameter
    from zhunsheng.registry.institutions.models import Institution

    labs = list(Institution.objects.filter(kind="laboratory").order_by("?").values_list("pk", "uscc")[:500])
    parameters = [one.name_zh for one in Parameter.objects.all()]
    places = ["杭州市", "成都市", "广东省", "北京市", "西安市", ""]
    days = ["2026-11-01", "2025-03-01", "2024-06-01"]

    def scopes(draw: random.Random) -> str:
        return "/scopes/?" + urlencode(
            {"what": draw.choice(parameters), "place": draw.choice(places), "on": draw.choice(days)}
        )

    return {
        "public status of an institution": (lambda draw: f"/institutions/{draw.choice(labs)[0]}/", False),
        "status by credit code": (lambda draw: "/institutions/?" + urlencode({"q": draw.choice(labs)[1]}), False),
        "scope search as of a day": (scopes, False),
        "institution page of the office": (lambda draw: f"/office/institutions/{draw.choice(labs)[0]}/", True),
    }


@contextmanager
def served() -> Iterator[None]:
    """The product, two web processes."""
    serving = subprocess.Popen(
        [sys.executable, "-m", "zhunsheng.faces.cli", "serve", "--port", str(PORT), "--workers", "2"],
        stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(600):
            try:
                ask(http.client.HTTPConnection("127.0.0.1", PORT, timeout=5), EMPTY, "")
                break
            except OSError:
                time.sleep(0.1)
        wait_for_the_worker()
        yield
    finally:
        serving.terminate()
        serving.wait(timeout=30)


def wait_for_the_worker() -> None:
    """Let what is due after the start be done: the first reminders of a new register take a core for most of a minute."""
    from zhunsheng.faces.jobs.models import Job

    time.sleep(10)  # the sweeper's first round
    while Job.objects.filter(state__in=["queued", "running"]).exists():
        time.sleep(1)


def ask(connection: http.client.HTTPConnection, address: str, cookie: str) -> int:
    connection.request("GET", address, headers={"Cookie": cookie, "Accept-Language": "zh-CN"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def measure(address: Address, cookie: str, seconds: float, good: int) -> list[float]:
    """Milliseconds of every answer that four clients got in some seconds."""
    times: list[float] = []

    def client(seed: int) -> None:
        draw, connection = random.Random(seed), http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            begun = time.perf_counter()
            status = ask(connection, address(draw), cookie)
            times.append(1000 * (time.perf_counter() - begun))
            assert status == good, f"{address(draw)}: {status}"

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def percentile(times: list[float], share: float) -> float:
    return statistics.quantiles(times, n=1000)[round(share * 1000) - 1]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--institutions", type=int, default=50_000)
    parser.add_argument("--scope-lines", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    prepare(given.institutions, given.scope_lines)
    cookie = signed_in()
    with served():
        print(f"{'':34}{'n':>7}{'p50 ms':>9}{'p95 ms':>9}{'p95 / empty':>13}")
        for name, (address, inside) in pages().items():
            took, empty = [], []
            measure(address, cookie if inside else "", 1.0, 200)  # what is cold on the first visit
            for _ in range(ROUNDS):
                empty += measure(lambda draw: EMPTY, "", given.seconds / ROUNDS / 3, 302)
                took += measure(address, cookie if inside else "", given.seconds / ROUNDS, 200)
            p95, floor = percentile(took, 0.95), percentile(empty, 0.95)
            print(f"{name:34}{len(took):>7}{statistics.median(took):>9.1f}{p95:>9.1f}{p95 / floor:>13.1f}")


if __name__ == "__main__":
    main()
