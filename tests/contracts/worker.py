"""What the contract suite has other processes do. Run as `python -m tests.contracts.worker TASK FOLDER URL`."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lti_storage.expiring import ExpiringStore
from tests.contracts.backends import BACKENDS, RealClock, open_store

TRIES = 200


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=10)


def add_all(store: ExpiringStore) -> None:
    """Wait for the starting signal, try every key, and print which were won."""
    store.get("warm")
    print("ready", flush=True)
    sys.stdin.readline()
    print(*[number for number in range(TRIES) if store.add(f"key {number}", "1", soon())], flush=True)


def write_for_ever(store: ExpiringStore) -> None:
    """Print each key once it was kept, until somebody ends this process."""
    number = 0
    while True:
        assert store.add(f"added {number}", "x" * 2000, soon())
        store.set(f"set {number}", "y" * 2000, soon())
        print(number, flush=True)
        number += 1


def fork_after_use(store: ExpiringStore) -> None:
    """Fork four times with the store in use; print how many of the five won each key, and what is left."""
    assert store.add("before", "1", soon())
    children = []
    for _ in range(4):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            won = [str(number) for number in range(TRIES) if store.add(f"key {number}", "1", soon())]
            won += ["before"] * (store.get("before") != "1")
            os.write(writing, " ".join(won).encode())
            os._exit(0)
        os.close(writing)
        children.append((child, reading))
    won = [str(number) for number in range(TRIES) if store.add(f"key {number}", "1", soon())]
    for child, reading in children:
        with os.fdopen(reading) as answer:
            won += answer.read().split()
        assert os.waitpid(child, 0)[1] == 0
    kept = all(store.get(f"key {number}") == "1" for number in range(TRIES))
    print(sorted(won) == sorted(str(number) for number in range(TRIES)) and kept, flush=True)


if __name__ == "__main__":
    task, folder, url = sys.argv[1:]
    (backend,) = (backend for backend in BACKENDS if backend.url == url)
    {"add": add_all, "write": write_for_ever, "fork": fork_after_use}[task](
        open_store(backend, Path(folder), RealClock())
    )
