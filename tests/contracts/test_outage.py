"""What every store with a server promises when the server goes away, hangs, and comes back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from lti_core.errors import StorageFailed
from lti_core.ports import Clock
from lti_storage.expiring import ExpiringStore
from lti_storage.nonces import Nonces
from tests.contracts.backends import BACKENDS, Backend, open_store
from tests.servers.process import Server

PASSWORD = "pa55word"  # of every server of the tests

NONCES = 100
SERVED = [backend for backend in BACKENDS if backend.server is not None]


def name_of(backend: Backend) -> str:
    return backend.name


served = pytest.mark.parametrize("backend", SERVED, indirect=True, ids=name_of)


def refused(store: ExpiringStore, clock: Clock, key: str) -> list[StorageFailed]:
    """How each method fails. All are tried at once, since each may wait for two seconds."""
    later = clock.now() + timedelta(hours=1)

    def failure_of(use: Callable[[], object]) -> StorageFailed:
        with pytest.raises(StorageFailed) as failure:
            use()
        return failure.value

    uses = (
        lambda: store.add(key, "1", later),
        lambda: store.get(key),
        lambda: store.set(key, "1", later),
        lambda: store.delete(key),
    )
    with ThreadPoolExecutor(len(uses)) as threads:
        return list(threads.map(failure_of, uses))


@served
def test_a_server_that_is_away_is_a_store_that_is_down(
    store: ExpiringStore, server: Server, clock: Clock, backend: Backend
) -> None:
    later = clock.now() + timedelta(hours=1)
    assert store.add("before", "1", later) is True
    server.process.stop()
    failures = refused(store, clock, "meanwhile")
    assert {failure.code for failure in failures} == {"storage.unavailable"}
    assert not any(PASSWORD in f"{failure!r} {failure} {failure.__cause__}" for failure in failures)
    server.process.start()
    assert store.add("meanwhile", "1", later) is True
    assert store.add("meanwhile", "2", later) is False
    assert store.get("before") == ("1" if backend.survives else None)


@served
def test_many_threads_find_a_server_again_that_was_started_again(
    store: ExpiringStore, server: Server, clock: Clock
) -> None:
    later = clock.now() + timedelta(hours=1)
    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(lambda number: store.add(f"before {number}", "1", later), range(256)))
        server.process.stop()
        with pytest.raises(StorageFailed):
            store.get("before 0")
        server.process.start()
        assert all(threads.map(lambda number: store.add(f"after {number}", "1", later), range(256)))


@pytest.mark.parametrize("backend", [one for one in SERVED if one.gives_up], indirect=True, ids=name_of)
def test_a_server_that_hangs_is_a_store_that_is_down(store: ExpiringStore, server: Server, clock: Clock) -> None:
    later = clock.now() + timedelta(hours=1)
    assert store.add("before", "1", later) is True
    server.process.freeze()
    failures = refused(store, clock, "meanwhile")
    assert {failure.code for failure in failures} == {"storage.unavailable"}
    server.process.thaw()
    assert store.get("before") == "1"
    assert store.add("after", "1", later) is True


@served
def test_a_tool_may_start_before_its_server(server: Server, url: str, clock: Clock, backend: Backend) -> None:
    server.process.stop()
    store = open_store(backend, url, clock)
    assert {failure.code for failure in refused(store, clock, "a")} == {"storage.unavailable"}
    server.process.start()
    assert store.add("a", "1", clock.now() + timedelta(hours=1)) is True


@pytest.mark.parametrize("backend", [one for one in SERVED if one.survives], indirect=True, ids=name_of)
def test_a_nonce_is_accepted_once_though_its_server_ends_in_between(
    store: ExpiringStore, server: Server, clock: Clock
) -> None:
    nonces, later = Nonces(store), clock.now() + timedelta(hours=1)
    accepted: list[int] = []

    def use(number: int) -> None:
        with suppress(StorageFailed):  # the launch is answered 503
            if nonces.use(str(number % NONCES), later, "holder"):
                accepted.append(number % NONCES)

    with ThreadPoolExecutor(8) as threads:
        early = [threads.submit(use, number) for number in range(4 * NONCES)]
        server.process.stop()
        server.process.start()
        for done in early:
            done.result()
        list(threads.map(use, range(2 * NONCES)))
    assert len(accepted) == len(set(accepted))
    assert not any(nonces.use(str(number), later, "holder") for number in range(NONCES))
