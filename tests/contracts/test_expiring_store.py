"""What every ExpiringStore promises. A new backend is one entry in backends.py."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count, islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from zoneinfo import ZoneInfo

import pytest

from lti_core.errors import StorageFailed
from lti_core.ports import Clock
from lti_storage.expiring import ExpiringStore, refuse_forgetful
from lti_storage.nonces import Nonces
from tests.contracts.backends import BACKENDS, Backend, RealClock, open_store
from tests.contracts.conftest import NewUrl
from tests.contracts.worker import (
    CLEAN,
    PROCESSES,
    ROUNDS,
    TRIES,
    add_all,
    be_first,
    fork_after_use,
    outlive_the_parent,
    won_of,
    write_for_ever,
)

MAX_VALUE = 256 * 1024  # as docs/choosing-a-store.md promises
ODD_KEYS = [
    "",
    "\0",
    "a\0b",
    " a",
    "a ",
    "a",
    "A",
    "ä",
    "a\u0308",
    "😀",
    "\ud800",
    "k" * 10_000,
    "k" * 10_001,
    "'; DROP TABLE lti_expiring; --",
    "%",
    "_",
]
ODD_VALUES = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "1",
    "null",
    "'\"\\",
    "é",
    "中文",
    "😀\n\r\t",
    "\u202e",
    "x" * MAX_VALUE,
    "😀" * (MAX_VALUE // 4),
]


def only(backends: list[Backend]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("backend", backends, indirect=True, ids=lambda backend: backend.name)


shared = only([backend for backend in BACKENDS if backend.shared])
forking = only([backend for backend in BACKENDS if backend.shared and backend.forks])
lasting = only([backend for backend in BACKENDS if backend.survives])


@pytest.fixture
def soon(clock: Clock) -> datetime:
    return clock.now() + timedelta(minutes=1)


def test_what_was_added_is_there(store: ExpiringStore, soon: datetime) -> None:
    assert store.add("a", "1", soon) is True
    assert store.get("a") == "1"


def test_what_was_never_kept_is_not_there(store: ExpiringStore) -> None:
    assert store.get("a") is None


def test_a_second_add_is_refused_and_changes_nothing(store: ExpiringStore, soon: datetime) -> None:
    store.add("a", "1", soon)
    assert store.add("a", "2", soon + timedelta(hours=1)) is False
    assert store.get("a") == "1"


def test_set_replaces_the_value(store: ExpiringStore, soon: datetime) -> None:
    store.add("a", "1", soon)
    store.set("a", "2", soon)
    assert store.get("a") == "2"


def test_what_was_set_cannot_be_added(store: ExpiringStore, soon: datetime) -> None:
    store.set("a", "1", soon)
    assert store.add("a", "2", soon) is False


def test_what_was_deleted_is_gone_and_can_be_added_again(store: ExpiringStore, soon: datetime) -> None:
    store.add("a", "1", soon)
    store.delete("a")
    assert store.get("a") is None
    assert store.add("a", "2", soon) is True


def test_to_delete_what_is_not_there_does_nothing(store: ExpiringStore, soon: datetime) -> None:
    store.add("a", "1", soon)
    store.delete("b")
    assert store.get("a") == "1"


def test_what_has_not_quite_expired_is_there(store: ExpiringStore, clock: Clock, backend: Backend) -> None:
    ahead = timedelta(minutes=1) if backend.keeps_time else timedelta(microseconds=1)
    store.add("a", "1", clock.now() + ahead)
    assert store.get("a") == "1"
    assert store.add("a", "2", clock.now() + ahead) is False


def test_the_time_may_be_given_in_any_zone(store: ExpiringStore, soon: datetime) -> None:
    store.add("a", "1", soon.astimezone(ZoneInfo("America/St_Johns")))
    assert store.get("a") == "1"


def test_a_time_in_ten_years_is_possible(store: ExpiringStore, clock: Clock) -> None:
    store.set("a", "1", clock.now() + timedelta(days=3650))
    assert store.get("a") == "1"


def test_no_two_keys_are_taken_for_one(store: ExpiringStore, soon: datetime) -> None:
    assert all(store.add(key, repr(key), soon) for key in ODD_KEYS)
    assert [store.get(key) for key in ODD_KEYS] == [repr(key) for key in ODD_KEYS]


def test_a_value_comes_back_as_it_was(store: ExpiringStore, clock: Clock) -> None:
    later = clock.now() + timedelta(hours=1)
    for number, value in enumerate(ODD_VALUES):
        store.set(f"set {number}", value, later)
        store.add(f"added {number}", value, later)
        assert (store.get(f"set {number}"), store.get(f"added {number}")) == (value, value)


@pytest.mark.parametrize("value", ["x" * (MAX_VALUE + 1), "é" * (MAX_VALUE // 2 + 1)], ids=["ascii", "accents"])
def test_a_value_that_is_too_long_is_refused(store: ExpiringStore, soon: datetime, value: str) -> None:
    for keep in (store.add, store.set):
        with pytest.raises(StorageFailed) as refusal:
            keep("a", value, soon)
        assert refusal.value.code == "storage.value_too_long"
    assert store.get("a") is None


def test_many_values_stay_apart(store: ExpiringStore, soon: datetime) -> None:
    later = soon + timedelta(hours=1)
    for number in range(500):
        store.set(str(number), str(number), later)
    assert all(store.get(str(number)) == str(number) for number in range(500))


def test_of_many_threads_one_adds(store: ExpiringStore, clock: Clock) -> None:
    later = clock.now() + timedelta(hours=1)
    with ThreadPoolExecutor(64) as threads:
        added = list(threads.map(lambda number: store.add("a", str(number), later), range(256)))
    assert added.count(True) == 1
    assert store.get("a") == str(added.index(True))


def test_of_eight_threads_each_key_is_won_once(store: ExpiringStore, clock: Clock) -> None:
    later = clock.now() + timedelta(hours=1)
    with ThreadPoolExecutor(8) as threads:
        won = [number for numbers in threads.map(lambda _: won_of(store, later), range(8)) for number in numbers]
    assert sorted(won) == list(range(TRIES))


def test_a_nonce_works_once_for_each_holder(store: ExpiringStore, soon: datetime) -> None:
    nonces = Nonces(store)
    assert nonces.use("n", soon, "holder 1") is True
    assert nonces.use("n", soon, "holder 2") is True
    assert nonces.use("n", soon, "holder 1") is False


def test_a_store_that_keeps_is_not_called_forgetful(store: ExpiringStore, clock: Clock) -> None:
    refuse_forgetful(store, clock)
    refuse_forgetful(store, clock)


def _start(task: Callable[..., None], backend: Backend, *urls: str) -> tuple[BaseProcess, Connection]:
    """A process with that task, and the channel that it tells and is told by."""
    ours, its = CLEAN.Pipe()
    process = CLEAN.Process(target=task, args=(its, backend.name, *urls))
    process.start()
    its.close()
    return process, ours


def _won(task: Callable[..., None], backend: Backend, *urls: str) -> list[int]:
    """What all processes of the task won, together."""
    worker, channel = _start(task, backend, *urls)
    answer = channel.recv()
    worker.join()
    assert worker.exitcode == 0
    assert len(answer) == PROCESSES
    return sorted(number for numbers in answer for number in numbers)


def _told(channel: Connection) -> Iterator[int]:
    """What a process still tells before it ends."""
    with suppress(EOFError):
        while True:
            yield channel.recv()


@shared
def test_of_eight_processes_each_key_is_won_once(backend: Backend, url: str) -> None:
    assert _won(add_all, backend, url) == list(range(TRIES))


@shared
def test_eight_processes_may_be_the_first_to_use_a_store(backend: Backend, new_url: NewUrl) -> None:
    assert _won(be_first, backend, *(new_url() for _ in range(ROUNDS))) == list(range(ROUNDS))


@forking
def test_a_store_in_use_may_be_forked(backend: Backend, url: str) -> None:
    assert _won(fork_after_use, backend, url) == list(range(TRIES))
    store = open_store(backend, url, RealClock())
    assert all(store.get(f"key {number}") == "1" for number in range(TRIES))


@forking
def test_what_a_fork_keeps_when_its_parent_has_ended_is_seen_by_others(backend: Backend, url: str) -> None:
    parent, channel = _start(outlive_the_parent, backend, url)
    assert channel.recv() is True
    parent.join()
    assert parent.exitcode == 0
    channel.send("go on")
    assert channel.recv() is True
    store = open_store(backend, url, RealClock())
    later = RealClock().now() + timedelta(minutes=1)
    assert [store.add(key, "again", later) for key in ("before", "child", "orphan")] == [False] * 3
    channel.send("end")
    assert list(_told(channel)) == []


@lasting
def test_what_was_used_stays_used_when_its_writer_is_killed(backend: Backend, url: str) -> None:
    writer, channel = _start(write_for_ever, backend, url)
    reported = list(islice(_told(channel), 300))
    assert len(reported) == 300
    writer.kill()
    reported += _told(channel)
    writer.join()
    store = open_store(backend, url, RealClock())
    later = RealClock().now() + timedelta(minutes=1)
    assert reported == list(islice(count(), len(reported)))
    assert not any(store.add(f"added {number}", "again", later) for number in reported)
    assert all(store.get(f"set {number}") == "y" * 2000 for number in reported)
    assert store.add("new", "1", later) is True
