"""One asks so often a minute and no more, whichever worker answers."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.faces.api.test_api import ask, secret_of
from zhunsheng.faces.api.app import THROTTLES
from zhunsheng.faces.api.throttles import counted
from zhunsheng.foundation.accounts.models import User

WORKER = """
import sys, time, django
django.setup()
from zhunsheng.faces.api.app import THROTTLES
from zhunsheng.faces.api.throttles import counted
print(sum(counted("api-address-192.0.2.7", 60, now=time.time()) == 0 for _ in range(50)))
"""


@pytest.fixture(autouse=True)
def nobody_asked_before(db: None) -> None:
    cache.clear()


@pytest.mark.skipif(
    os.environ["TESTS_DATABASE"] != "sqlite", reason="the table of the tests is not that of the processes"
)
def test_two_processes_count_together() -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "zhunsheng.settings"}
    both = [
        subprocess.Popen([sys.executable, "-c", WORKER], env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    assert sum(int(one.communicate()[0]) for one in both) == 60


@pytest.mark.django_db(transaction=True)
def test_two_connections_count_together() -> None:
    def one_worker(_: int) -> int:
        try:
            return sum(counted("api-token-7", 30, now=1000.0) == 0 for _ in range(25))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(one_worker, range(2))) == 30


@pytest.mark.django_db
def test_the_wait_is_until_the_oldest_question_is_a_minute_old() -> None:
    assert [counted("x", 2, now=at) for at in (100.0, 130.0)] == [0, 0]
    assert counted("x", 2, now=140.5) == 20  # 100 + 60 − 140.5 = 19.5
    assert counted("x", 2, now=160.1) == 0 and counted("x", 2, now=160.2) == 30
    assert counted("another", 2, now=160.2) == 0


@pytest.mark.django_db
def test_each_address_and_each_token_has_its_own_measure(
    laboratory: User, other_laboratory: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for throttle in THROTTLES:
        monkeypatch.setattr(throttle, "most", 3)
    mine, yours = secret_of(laboratory), secret_of(other_laboratory)
    assert [ask("/evidence", mine).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask("/evidence", yours).status_code == 200
    for address in ("192.0.2.1", "192.0.2.2"):
        client = Client(REMOTE_ADDR=address)
        said = [client.get("/api/v1/regions/330106") for _ in range(4)]
        assert [one.status_code for one in said] == [200, 200, 200, 429]
        assert 0 < int(said[-1]["Retry-After"]) <= 60 and said[-1]["Content-Type"] == "application/problem+json"
    assert ask("/regions/330106", yours).status_code == 200  # a token is not counted by its address
