"""The hour before the deadline: drafts of results kept while laboratories type, more and more of them in a second.

    python benchmarks/deadline_hour.py [--laboratories 500] [--seconds 10] [--rates 25,50,75,100,125,150]

Two web processes; the load is made on the same machine. Requests come at a steady rate whether or not the last was answered, and
the time of one runs from the moment it was due, so that a queue is not hidden. Each saves two of five rows of one laboratory, as
the page does while somebody types. The floor is an empty answer of the same framework at the same rate. At the end every
laboratory's draft must say what was last acknowledged. Runs on an empty database: SQLite in a folder of its own, or the one that
`ZHUNSHENG_DATABASE_URL` names.
"""

from __future__ import annotations

import argparse
import http.client
import json
import queue
import random
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from national_round import announced, catalogue, enrol, enrolments, laboratories, prepare, provider
from served import EMPTY, PORT, percentile, served

CLIENTS, MEASURANDS = 64, 5
GOOD_MS = 300
TOKEN = "b" * 32  # what is compared is the cookie with the header


@dataclass
class Bench:
    """One laboratory at its table: its session, and what its rows say by the last answer."""

    cookie: str
    user: int
    stamps: dict[str, str] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)


def running(labs: list[Any]) -> Any:
    """A round in which these laboratories have codes."""
    from django.utils import timezone

    from zhunsheng.activities.proficiency.enrol.actions import begin

    owner, user = provider()
    made = announced(owner, user, catalogue(MEASURANDS))
    enrol(made, user, enrolments(labs))
    begin(made, draw=random.Random(2), actor=user, at=timezone.now())
    return made


def benches(labs: list[Any]) -> list[Bench]:
    """A quality manager in every laboratory, signed in."""
    from datetime import date

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.registry.people.actions import enter_people, enter_posts
    from zhunsheng.registry.people.models import Person, Post

    now, made = timezone.now(), []
    users = User.objects.bulk_create(User(username=f"bench{n}") for n in range(len(labs)))
    people = [Person(name="示范人员", user=user) for user in users]
    enter_people(people, actor=None, at=now)
    posts = [
        Post(person=person, institution=lab, kind="quality_manager", valid_from=date(2020, 1, 1))
        for person, lab in zip(people, labs, strict=True)
    ]
    enter_posts(posts, actor=None, at=now)
    for user in users:
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session.create()
        made.append(Bench(f"sessionid={session.session_key}; csrftoken={TOKEN}", user.pk))
    return made


def typed(bench: Bench, measurands: list[int], draw: random.Random) -> dict[str, str]:
    """New results for two rows."""
    return {f"{one}-1": f"{draw.gauss(10, 1):.4g}{draw.randrange(10)}" for one in draw.sample(measurands, 2)}


def save(
    connection: http.client.HTTPConnection, address: str, bench: Bench, measurands: list[int], draw: random.Random
) -> None:
    with bench.turn:  # one page sends one request at a time
        says = typed(bench, measurands, draw)
        rows = [
            {"key": key, "is": {"result": said, "uncertainty": "0.8", "k": "2"}, "was": bench.stamps.get(key, "")}
            for key, said in says.items()
        ]
        headers = {"Cookie": bench.cookie, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        connection.request("POST", address, json.dumps({"user": bench.user, "rows": rows}), headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{answer.status} {body[:300]!r}"
        bench.stamps |= json.loads(body)["stamps"]
        bench.says |= says


def empty(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", EMPTY)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302


def at_rate(
    rate: float, seconds: float, ask: Callable[[http.client.HTTPConnection, random.Random], None]
) -> tuple[list[float], float]:
    """Milliseconds from the moment when each request was due, and how many a second were answered."""
    due: queue.Queue[float | None] = queue.Queue()
    times: list[float] = []
    faults: list[BaseException] = []

    def client(seed: int) -> None:
        connection, draw = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60), random.Random(seed)
        while (moment := due.get()) is not None:
            try:
                ask(connection, draw)
            except (OSError, http.client.HTTPException, AssertionError) as fault:
                faults.append(fault)
                connection.close()
            times.append(1000 * (time.perf_counter() - moment))

    threads = [threading.Thread(target=client, args=(round(rate * 1000) + n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()
    for n in range(round(rate * seconds)):
        moment = begun + n / rate
        if (wait := moment - time.perf_counter()) > 0:
            time.sleep(wait)
        due.put(moment)
    for _ in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return times, len(times) / (time.perf_counter() - begun)


def check_nothing_lost(made: list[Bench]) -> int:
    """Every row says what its laboratory was last told was kept; how many rows."""
    from zhunsheng.activities.proficiency.collect.models import Value

    stands = {
        (user, f"{measurand}-{replicate}"): result
        for user, measurand, replicate, result in Value.objects.values_list("by", "measurand", "replicate", "result")
    }
    told = {(one.user, key): said for one in made for key, said in one.says.items()}
    assert stands == told, f"{len(stands.items() ^ told.items())} rows differ"
    return len(told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laboratories", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rates", default="25,50,75,100,125,150")
    given = parser.parse_args()
    prepare()
    from django.db import connection as database
    from django.urls import reverse

    labs = laboratories(given.laboratories)
    round_, made = running(labs), benches(labs)
    address = reverse("workspace_round_results_save", args=[round_.pk])
    measurands = list(round_.measurands.values_list("pk", flat=True))
    print(f"{database.vendor}, {given.laboratories} laboratories, {CLIENTS} clients at most at once")

    def ask(connection: http.client.HTTPConnection, draw: random.Random) -> None:
        save(connection, address, draw.choice(made), measurands, draw)

    with served():
        at_rate(10, 3, ask)  # what is cold at first
        print(f"{'wanted/s':>9}{'kept/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'empty p95':>11}{'ratio':>7}")
        knee = 0.0
        for rate in map(float, given.rates.split(",")):
            floor, _ = at_rate(rate, given.seconds / 3, lambda connection, draw: empty(connection))
            took, kept = at_rate(rate, given.seconds, ask)
            p95, least = percentile(took, 0.95), percentile(floor, 0.95)
            print(
                f"{rate:>9.0f}{kept:>9.1f}{statistics.median(took):>9.1f}{p95:>9.1f}{least:>11.1f}{p95 / least:>7.1f}",
                flush=True,
            )
            if p95 < GOOD_MS:
                knee = rate
            else:
                break  # from here the queue only grows
        print(f"knee: {knee:.0f} saves a second with p95 below {GOOD_MS} ms")
    print(f"{check_nothing_lost(made)} rows say what was last acknowledged, none is lost")


if __name__ == "__main__":
    main()
