import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from pymemcache.client.base import Client

from lti_adapters.clock import SystemClock
from lti_core.errors import ConfigurationError, StorageFailed
from lti_storage.expiring import MAX_VALUE, stored_key
from lti_storage.memcached import MemcachedStore
from tests.servers.memcached import MemcachedServer

CLOCK = SystemClock()
SOON = CLOCK.now() + timedelta(minutes=30)
MONTH = 30 * 86400


@contextmanager
def running(*options: str) -> Iterator[MemcachedServer]:
    server = MemcachedServer(options)
    with closing(server.process):
        yield server


@pytest.fixture(scope="module")
def server() -> Iterator[MemcachedServer]:
    with running() as server:
        yield server


@pytest.fixture
def url(server: MemcachedServer) -> str:
    return server.new_url()


@pytest.fixture
def store(url: str) -> MemcachedStore:
    return MemcachedStore(url, CLOCK)


@pytest.fixture
def plain(server: MemcachedServer) -> Iterator[Client]:
    """The same server, opened by somebody else."""
    with closing(server.client()) as client:
        yield client


def name_of(url: str, key: str) -> str:
    """What the server calls `key`."""
    return f"lti:{url.rpartition('/')[2]}:{stored_key(key)}"


def seconds_left(client: Client, name: str) -> float:
    """How long the server will keep an entry."""
    answer = client.raw_command(f"mg {name} t")
    if answer == b"EN":
        return 0
    left = answer.removeprefix(b"HD t")
    return math.inf if left == b"-1" else int(left)


@pytest.mark.parametrize(
    "url",
    [
        "memcached://user:pa55word@cache:11211",
        "memcached://",
        "memcached:///quiz",
        "memcached://cache:port",
        "memcached://cache:111111",
        "memcached://cache:11211,",
        "memcached://cache:11211,cache",
        "memcached://cache:11211/quiz/poll",
        "memcached://cache:11211/a b",
        "memcached://cache:11211/" + "a" * 65,
        "memcached://cache:11211?timeout=1",
        "memcached://::1:11211",
        "memcached:cache",
        "redis://cache",
        "",
    ],
)
def test_an_address_that_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        MemcachedStore(url, CLOCK)
    assert refusal.value.code == "config.storage_url_invalid"
    assert "memcached://host:11211" in refusal.value.message
    assert "pa55word" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["memcached://cache", "memcached://[::1]:11211/", "memcached://a:1,b,[::1],10.0.0.1/quiz"]
)
def test_an_address_may_name_several_servers_without_asking_them(url: str) -> None:
    MemcachedStore(url, CLOCK)


# How long it is kept


@pytest.mark.parametrize("seconds", [-86400, -0.1, 0, 0.1, 1, 600, MONTH - 3, MONTH - 2, MONTH - 1, MONTH, MONTH + 1,
                                     400 * 86400, 3650 * 86400])  # fmt: skip
@pytest.mark.parametrize("keep", [MemcachedStore.add, MemcachedStore.set])
def test_what_is_kept_goes_within_three_seconds_of_its_time_and_not_before(
    store: MemcachedStore, url: str, plain: Client, keep: Callable[..., object], seconds: float
) -> None:
    ends = CLOCK.now() + timedelta(seconds=seconds)
    keep(store, "a", "1", ends)
    left = seconds_left(plain, name_of(url, "a"))
    assert (ends - CLOCK.now()).total_seconds() <= left + 1  # the server counts whole seconds
    assert left <= max(0, seconds) + 3


def test_a_time_that_memcached_cannot_count_to_is_cut(store: MemcachedStore, url: str, plain: Client) -> None:
    store.set("a", "1", CLOCK.now() + timedelta(days=36500))
    assert 3650 * 86400 / 10 < seconds_left(plain, name_of(url, "a")) < 36500 * 86400


# Who shares it


def test_tools_with_names_of_their_own_see_nothing_of_one_another(server: MemcachedServer) -> None:
    first, second = (MemcachedStore(f"memcached://{server.address}/{name}", CLOCK) for name in ("quiz", "poll"))
    assert first.add("a", "1", SOON) is True
    assert second.add("a", "2", SOON) is True
    assert (first.get("a"), second.get("a")) == ("1", "2")


def test_without_a_name_keys_have_our_prefix(server: MemcachedServer, plain: Client) -> None:
    for url in (f"memcached://{server.address}", f"memcached://{server.address}/"):
        MemcachedStore(url, CLOCK).set("a", url, SOON)
        assert plain.get(f"lti:{stored_key('a')}") == url.encode()


def test_what_somebody_else_wrote_is_a_failure(store: MemcachedStore, url: str, plain: Client) -> None:
    plain.set(name_of(url, "a"), b"\xff")
    with pytest.raises(StorageFailed) as failure:
        store.get("a")
    assert failure.value.code == "storage.unavailable"


def test_of_several_servers_each_has_its_keys_and_none_takes_over_those_of_another() -> None:
    with running() as first, running() as second:
        store = MemcachedStore(f"memcached://{first.address},{second.address}", CLOCK)
        other_order = MemcachedStore(f"memcached://{second.address},{first.address}", CLOCK)
        keys = [str(number) for number in range(60)]
        assert all(store.add(key, "1", SOON) for key in keys)
        assert not any(other_order.add(key, "1", SOON) for key in keys)
        second.process.stop()
        outcomes = [outcome(store, key) for key in keys]
        assert outcomes.count("refused") + outcomes.count("down") == 60
        assert {"refused", "down"} == set(outcomes)
        assert [outcome(store, key) for key in keys for _ in range(4)] == [one for one in outcomes for _ in range(4)]
        second.process.start()
        assert {outcome(store, key) for key in keys} == {"refused", "kept"}  # what memcached had is gone with it


def outcome(store: MemcachedStore, key: str, value: str = "1") -> str:
    try:
        return "kept" if store.add(key, value, SOON) else "refused"
    except StorageFailed:
        return "down"


# Connections


def test_many_threads_share_few_connections(store: MemcachedStore, plain: Client) -> None:
    before = plain.stats()[b"curr_connections"]
    with ThreadPoolExecutor(64) as threads:
        added = list(threads.map(lambda number: store.add(str(number), "1", SOON), range(640)))
    assert added == [True] * 640
    assert plain.stats()[b"curr_connections"] - before <= 16


def test_no_connection_of_before_a_restart_is_used_after_it() -> None:
    with running() as server:
        store = MemcachedStore(server.new_url(), CLOCK)
        with ThreadPoolExecutor(16) as threads:
            list(threads.map(lambda number: store.set(str(number), "x" * MAX_VALUE, SOON), range(64)))
        server.process.stop()
        with pytest.raises(StorageFailed) as failure:
            store.get("0")
        assert failure.value.code == "storage.unavailable"
        server.process.start()
        with ThreadPoolExecutor(16) as threads:
            added = list(threads.map(lambda number: store.add(str(number), "1", SOON), range(64)))
        assert added == [True] * 64


def test_an_answer_that_came_too_late_is_not_taken_for_the_next_one() -> None:
    with running() as server:
        store = MemcachedStore(server.new_url(), CLOCK)
        assert store.add("used", "1", SOON) is True
        server.process.freeze()
        with pytest.raises(StorageFailed) as failure:
            store.add("late", "1", SOON)
        assert failure.value.found == "TimeoutError"
        server.process.thaw()
        assert store.add("used", "1", SOON) is False
        assert store.get("used") == "1"


class Ended(BaseException):
    """As a worker's time-out ends a thread, wherever it is."""


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next_one(
    store: MemcachedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise Ended

    assert store.add("used", "1", SOON) is True
    with monkeypatch.context() as changed:
        changed.setattr("pymemcache.client.base._recv", end)
        with pytest.raises(Ended):
            store.add("new", "1", SOON)
    assert store.add("used", "1", SOON) is False


# Memory


def test_a_server_that_must_not_evict_refuses_more_when_it_is_full() -> None:
    with running("-M", "-m", "8") as server:
        store = MemcachedStore(server.new_url(), CLOCK)
        outcomes = [outcome(store, f"nonce {number}", "x" * MAX_VALUE) for number in range(40)]
        assert outcomes[0] == "kept"
        assert outcomes[-1] == "down"
        again = [outcome(store, f"nonce {number}") for number, one in enumerate(outcomes) if one == "kept"]
        assert set(again) == {"refused"}


def test_a_value_that_the_server_is_told_not_to_take_is_a_failure() -> None:
    with running("-I", "128k", "-o", "slab_chunk_max=64") as server:
        store = MemcachedStore(server.new_url(), CLOCK)
        for keep in (store.add, store.set):
            with pytest.raises(StorageFailed) as failure:
                keep("a", "x" * MAX_VALUE, SOON)
            assert failure.value.code == "storage.unavailable"
        assert store.add("a", "1", SOON) is True
