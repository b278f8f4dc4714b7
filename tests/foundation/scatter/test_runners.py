"""The same results in the same order wherever the work is done; a process that dies costs time alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from tests.foundation.scatter import pure
from zhunsheng.foundation.scatter import runners
from zhunsheng.foundation.scatter.runners import OtherVersion, spread


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a real scheduler with two workers, each a process of its own."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as running:
        yield running.scheduler_address


@pytest.fixture(params=["here", "pool", "cluster"])
def how(request: pytest.FixtureRequest) -> dict[str, object]:
    if request.param == "cluster":
        return {"processes": 1, "cluster": request.getfixturevalue("cluster")}
    return {"processes": 2 if request.param == "pool" else 1}


def test_results_come_in_the_order_of_their_pieces(how: dict[str, object]) -> None:
    assert list(spread(pure.square, range(20), **how)) == [n * n for n in range(20)]  # type: ignore[arg-type]


def test_what_the_function_raises_is_raised_here(how: dict[str, object]) -> None:
    coming = spread(pure.refuse_three, range(20), **how)  # type: ignore[arg-type]
    assert [next(coming) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(coming)


@pytest.mark.parametrize("spreading", ["pool", "cluster"])
def test_others_do_it_and_know_no_django(spreading: str, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue("cluster") if spreading == "cluster" else ""
    found = set(spread(pure.where, range(12), processes=2, cluster=address))
    assert {knows for _, knows in found} == {False}
    assert os.getpid() not in {process for process, _ in found}
    assert len(found) == 2


def test_one_piece_is_worth_no_pool() -> None:
    assert [process for process, _ in spread(pure.where, [1], processes=2)] == [os.getpid()]


@pytest.mark.parametrize("spreading", ["pool", "cluster"])
def test_a_process_that_dies_is_replaced(spreading: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue("cluster") if spreading == "cluster" else ""
    pieces = [(str(tmp_path), number) for number in range(6)]
    assert list(spread(pure.die_once, pieces, processes=2, cluster=address)) == list(range(6))
    assert (tmp_path / "died").read_text().startswith("xx"), "it died and was done again"


def test_what_kills_every_process_is_given_up(tmp_path: Path) -> None:
    place = tmp_path / "always"
    place.mkdir()
    with pytest.raises(BrokenProcessPool):
        list(spread(pure.die_once, [(str(place), number) for number in range(4)], processes=2))
    assert len((place / "died").read_text()) == runners.TRIES


def test_a_cluster_of_another_release_is_refused() -> None:
    own = runners.versions()
    runners.check_versions({"tcp://one": own, "tcp://two": own})
    with pytest.raises(OtherVersion, match=r"tcp://two .* the same release"):
        runners.check_versions({"tcp://one": own, "tcp://two": {**own, "intercomp": "9"}})


def test_the_room_is_quick_to_import() -> None:
    """Sites without a cluster never load Dask."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, zhunsheng.foundation.scatter.runners; print('distributed' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout.strip() == "False"
