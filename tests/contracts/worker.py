"""What the contract suite has other processes do. Run as `python -m tests.contracts.worker TASK BACKEND URL...`."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

from tests.amounts import amount
from tests.contracts.backends import Backend, RealClock, named, open_store

PROCESSES = 8
TRIES = amount(200, here=50)
ROUNDS = amount(8, here=4)


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=10)


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


def add_all(backend: Backend, url: str) -> None:
    """Print which keys each of eight processes won."""
    open_store(backend, url, RealClock())  # imports what the eight would each import

    def work(wait: Callable[[], object]) -> list[int]:
        store = open_store(backend, url, RealClock())
        wait()
        return [number for number in range(TRIES) if store.add(f"key {number}", "1", soon())]

    print(json.dumps(together(work)))


def be_first(backend: Backend, *urls: str) -> None:
    """Print which of the new stores each of eight processes was the first in."""
    open_store(backend, urls[0], RealClock())

    def work(wait: Callable[[], object]) -> list[int]:
        first = []
        for number, url in enumerate(urls):
            store = open_store(backend, url, RealClock())
            wait()
            first += [number] * store.add("a", "1", soon())
        return first

    print(json.dumps(together(work)))


def write_for_ever(backend: Backend, url: str) -> None:
    """Print each number once its keys were kept, until somebody ends this process."""
    store = open_store(backend, url, RealClock())
    number = 0
    while True:
        assert store.add(f"added {number}", "x" * 2000, soon())
        store.set(f"set {number}", "y" * 2000, soon())
        print(number, flush=True)
        number += 1


def fork_after_use(backend: Backend, url: str) -> None:
    """Print which keys each of eight processes won that were forked with the store in use."""
    store = open_store(backend, url, RealClock())
    assert store.add("before", "1", soon())

    def work(wait: Callable[[], object]) -> list[int]:
        wait()
        assert store.get("before") == "1"
        return [number for number in range(TRIES) if store.add(f"key {number}", "1", soon())]

    found = together(work)
    assert not any(store.add(f"key {number}", "1", soon()) for number in range(TRIES))
    print(json.dumps(found))


def outlive_the_parent(backend: Backend, url: str) -> None:
    """Fork with the store in use, and end; the child goes on with the store when it is told to."""
    store = open_store(backend, url, RealClock())
    assert store.add("before", "1", soon())
    if os.fork() == 0:
        print(store.add("child", "1", soon()), flush=True)
        sys.stdin.readline()
        print(store.add("orphan", "1", soon()), flush=True)
        sys.stdin.readline()
        os._exit(0)
    store.get("before")


TASKS: tuple[Callable[..., None], ...] = (add_all, be_first, write_for_ever, fork_after_use, outlive_the_parent)

if __name__ == "__main__":
    name, kind, *urls = sys.argv[1:]
    (task,) = (task for task in TASKS if task.__name__ == name)
    task(named(kind), *urls)
