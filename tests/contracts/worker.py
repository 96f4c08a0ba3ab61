"""What the contract suite has other processes do: each is given a channel to the test, a backend's name, and URLs."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection

from lti_storage.expiring import ExpiringStore
from tests.amounts import amount
from tests.contracts.backends import RealClock, named, open_store

PROCESSES = 8
TRIES = amount(200, here=50)
ROUNDS = amount(8, here=4)

# Processes come of one that has imported what they need, and has no thread and no connection: a new one takes seconds.
CLEAN = get_context("forkserver")
CLEAN.set_forkserver_preload(
    [
        "tests.contracts.worker",
        "tests.servers.django",
        "tests.servers.flask_caching",
        "lti_storage.memcached",
        "lti_storage.redis",
        "lti_storage.sql",
    ]
)


def opened(kind: str, url: str) -> ExpiringStore:
    """The store of that kind of backend, in real time."""
    return open_store(named(kind), url, RealClock())


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=10)


def won_of(store: ExpiringStore, until: datetime) -> list[int]:
    """Which keys of all were added first by this one."""
    return [number for number in range(TRIES) if store.add(f"key {number}", "1", until)]


def together(work: Callable[[Callable[[], object]], object]) -> list[object]:
    """What `work` results in, in each of eight processes. It is given what makes them wait for one another."""
    context = get_context("fork")
    barrier, results = context.Barrier(PROCESSES, timeout=60), context.Queue()

    def report() -> None:
        try:
            results.put(work(barrier.wait))
        except BaseException:
            barrier.abort()  # or the others would wait for this one
            results.put(None)
            raise

    processes = [context.Process(target=report) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    found = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return found


def add_all(channel: Connection, kind: str, url: str) -> None:
    """Tell which keys each of eight processes won."""
    opened(kind, url)  # imports what the eight would each import

    def work(wait: Callable[[], object]) -> list[int]:
        store = opened(kind, url)
        wait()
        return won_of(store, soon())

    channel.send(together(work))


def be_first(channel: Connection, kind: str, *urls: str) -> None:
    """Tell which of the new stores each of eight processes was the first in."""
    opened(kind, urls[0])

    def work(wait: Callable[[], object]) -> list[int]:
        first = []
        for number, url in enumerate(urls):
            store = opened(kind, url)
            wait()
            first += [number] * store.add("a", "1", soon())
        return first

    channel.send(together(work))


def write_for_ever(channel: Connection, kind: str, url: str) -> None:
    """Tell each number once its keys were kept, until somebody ends this process."""
    store = opened(kind, url)
    number = 0
    while True:
        assert store.add(f"added {number}", "x" * 2000, soon())
        store.set(f"set {number}", "y" * 2000, soon())
        channel.send(number)
        number += 1


def fork_after_use(channel: Connection, kind: str, url: str) -> None:
    """Tell which keys each of eight processes won that were forked with the store in use."""
    store = opened(kind, url)
    assert store.add("before", "1", soon())

    def work(wait: Callable[[], object]) -> list[int]:
        wait()
        assert store.get("before") == "1"
        return won_of(store, soon())

    found = together(work)
    assert won_of(store, soon()) == []
    channel.send(found)


def outlive_the_parent(channel: Connection, kind: str, url: str) -> None:
    """Fork with the store in use, and end; the child goes on with the store when it is told to."""
    store = opened(kind, url)
    assert store.add("before", "1", soon())
    if os.fork() == 0:
        channel.send(store.add("child", "1", soon()))
        channel.recv()
        channel.send(store.add("orphan", "1", soon()))
        channel.recv()
        os._exit(0)
    store.get("before")
