"""Two runners of one function over many pieces."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from typing import Any, TypeVar

P = TypeVar("P")
R = TypeVar("R")

TRIES = 3
"""So often is a piece given to a new process when the one that had it died."""
AHEAD = 2
"""So many pieces wait for each process: results that nobody has taken yet stay few."""


def spread(function: Callable[[P], R], pieces: Sequence[P], *, processes: int, cluster: str = "") -> Iterator[R]:
    """What `function` makes of each piece, in their order, each as soon as it and those before it are there.

    `function` stands at the top of a module that imports no Django: it is called where no database is. One piece, or one process
    and no cluster, is done here. Whatever the function raises is raised here. A process that dies is replaced `TRIES` times.
    """
    if cluster:
        return _on_cluster(function, pieces, cluster)
    if processes < 2 or len(pieces) < 2:
        return map(function, pieces)
    return _on_this_machine(function, pieces, processes)


def _on_this_machine(function: Callable[[P], R], pieces: Sequence[P], processes: int) -> Iterator[R]:
    done = 0
    for attempt in range(1, TRIES + 1):
        try:
            for result in _through_pool(function, pieces[done:], processes):
                yield result
                done += 1
            return
        except BrokenProcessPool:
            if attempt == TRIES:
                raise


def _through_pool(function: Callable[[P], R], pieces: Sequence[P], processes: int) -> Iterator[R]:
    # Spawned, not forked: a worker has threads and database connections that a copy of it must not share.
    pool = ProcessPoolExecutor(min(processes, len(pieces)), mp_context=multiprocessing.get_context("spawn"))
    under_way: deque[Future[R]] = deque()
    try:
        for piece in pieces:
            under_way.append(pool.submit(function, piece))
            if len(under_way) >= processes * AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _on_cluster(function: Callable[[P], R], pieces: Sequence[P], cluster: str) -> Iterator[R]:
    from distributed import Client  # half a second of imports that other sites do without

    with Client(cluster, set_as_default=False) as client:
        check_versions(client.run(versions))
        ahead = max(AHEAD * sum(client.nthreads().values()), 1)
        under_way: deque[Any] = deque()
        for piece in pieces:
            under_way.append(client.submit(function, piece, pure=False))
            if len(under_way) >= ahead:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


class OtherVersion(Exception):
    """A worker of the cluster would compute by other rules than this site."""


def versions() -> dict[str, str]:
    """What figures depend on, as it is installed where this is called."""
    return {name: version(name) for name in ("zhunsheng", "intercomp", "numpy", "scipy")}


def check_versions(found: dict[str, dict[str, str]]) -> None:
    """Refuse a cluster one of whose workers has other versions than this site."""
    own = versions()
    if others := {worker: it for worker, it in found.items() if it != own}:
        worker, it = next(iter(others.items()))
        raise OtherVersion(
            f"worker {worker} of the Dask cluster has {it}, this site {own}: install the same release on both"
        )
