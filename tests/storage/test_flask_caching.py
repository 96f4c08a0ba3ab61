import gc
import multiprocessing
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_caching import Cache
from flask_caching.backends.base import BaseCache
from flask_caching.backends.filesystemcache import FileSystemCache
from flask_caching.backends.memcache import SpreadSASLMemcachedCache
from memcache import Client

from lti_adapters.clock import SystemClock
from lti_core.errors import ConfigurationError, LtiError, StorageFailed
from lti_storage.expiring import MAX_VALUE, refuse_forgetful, stored_key
from lti_storage.flask_caching import FlaskCachingStore, cache_of
from tests.servers.memcached import MemcachedServer
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # python-memcached's


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    """What python-memcached leaves open is collected here, where nobody complains, and not amid other tests."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


CLOCK = SystemClock()
SOON = CLOCK.now() + timedelta(minutes=30)
LIFETIMES = [-86400, 0, 0.1, 600, 30 * 86400, 31 * 86400]
NAME = f"lti:{stored_key('a')}"


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    server = RedisServer()
    with closing(server.process):
        yield server


@pytest.fixture(scope="module")
def memcached() -> Iterator[MemcachedServer]:
    server = MemcachedServer()
    with closing(server.process):
        yield server


def store_of(kind: str, **settings: object) -> FlaskCachingStore:
    config = {f"CACHE_{name.upper()}": value for name, value in settings.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Flask-Caching's own, about NullCache
        app = Flask("tool")
        Cache(app, config={"CACHE_TYPE": kind, **config})
        return FlaskCachingStore(cache_of(app.extensions), CLOCK)


LIMITS = {"socket_timeout": 2, "socket_connect_timeout": 2}


def in_redis(server: RedisServer) -> FlaskCachingStore:
    return store_of("RedisCache", redis_url=server.new_url(), options=LIMITS)


def in_memcached(server: MemcachedServer, name: str) -> FlaskCachingStore:
    return store_of("MemcachedCache", memcached_servers=Client([server.address]), key_prefix=name)


# Which caches are taken


def test_a_cache_that_keeps_nothing_is_refused_at_start() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        refuse_forgetful(store_of("NullCache"), CLOCK)
    assert refusal.value.code == "config.storage_forgets"


class Homemade(BaseCache):
    """A cache that an application wrote itself."""


def test_a_cache_in_which_two_can_win_is_refused(tmp_path: Path) -> None:
    spread = SpreadSASLMemcachedCache.__new__(SpreadSASLMemcachedCache)  # without its driver
    for cache in (FileSystemCache(str(tmp_path)), Homemade(), spread):
        with pytest.raises(ConfigurationError) as refusal:
            FlaskCachingStore(cache, CLOCK)
        assert (refusal.value.code, refusal.value.found) == ("config.cache_unsuitable", type(cache).__name__)
        assert "RedisCache" in refusal.value.message


@pytest.mark.parametrize("options", [{}, {"socket_timeout": None}, {"socket_connect_timeout": 2}])
def test_a_cache_that_may_wait_for_its_server_for_ever_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        store_of("RedisCache", redis_url="redis://127.0.0.1:1/0", options=options)
    assert refusal.value.code == "config.cache_waits"
    assert 'set CACHE_OPTIONS to {"socket_timeout": 2' in refusal.value.message


def test_a_time_limit_is_found_with_and_without_an_url() -> None:
    for place in ({"redis_url": "redis://127.0.0.1:1/0"}, {"redis_host": "127.0.0.1", "redis_port": 1}):
        with pytest.raises(StorageFailed):
            store_of("RedisCache", options=LIMITS, **place).get("a")


def test_a_simple_cache_is_of_one_process_and_a_server_of_all(redis: RedisServer, memcached: MemcachedServer) -> None:
    assert store_of("SimpleCache").of_one_process is True
    assert in_redis(redis).of_one_process is False
    assert in_memcached(memcached, "kinds").of_one_process is False


def test_the_cache_of_an_application_is_found() -> None:
    app = Flask("tool")
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    with app.app_context():
        assert cache_of(app.extensions) is cache.cache


@pytest.mark.parametrize("caches", [0, 2])
def test_an_application_must_have_one_cache(caches: int) -> None:
    app = Flask("tool")
    for _ in range(caches):
        Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    with pytest.raises(ConfigurationError) as refusal:
        cache_of(app.extensions)
    assert (refusal.value.code, refusal.value.found) == ("config.cache_missing", caches)


# What they keep, and how long


def keep_and_find(store: FlaskCachingStore) -> None:
    long = "x" * MAX_VALUE
    assert [store.add("a", "1", SOON), store.add("a", "2", SOON), store.get("a")] == [True, False, "1"]
    store.set("a", long, SOON)
    assert (store.get("a"), store.get("b")) == (long, None)
    store.delete("a")
    store.delete("a")
    assert store.get("a") is None
    assert store.add("a", "\0\ud800", SOON) is True
    assert store.get("a") == "\0\ud800"


def test_a_simple_cache_keeps() -> None:
    keep_and_find(store_of("SimpleCache"))


def test_a_redis_cache_keeps(redis: RedisServer) -> None:
    keep_and_find(in_redis(redis))


def test_a_memcached_cache_keeps(memcached: MemcachedServer) -> None:
    keep_and_find(in_memcached(memcached, "keeps"))


@pytest.mark.parametrize("keep", [FlaskCachingStore.add, FlaskCachingStore.set])
@pytest.mark.parametrize("seconds", LIFETIMES)
def test_nothing_goes_before_its_time_or_stays_for_ever(
    redis: RedisServer, memcached: MemcachedServer, keep: Callable[..., object], seconds: float
) -> None:
    prefix = f"{keep.__name__}{seconds}:"
    by_redis = store_of("RedisCache", redis_url=f"{redis.address}/0", key_prefix=prefix, options=LIMITS)
    ends = CLOCK.now() + timedelta(seconds=seconds)
    for store in (by_redis, in_memcached(memcached, prefix)):
        keep(store, "a", "1", ends)
    with redis.client() as plain:
        in_redis_left = plain.pttl(prefix + NAME) / 1000
    with closing(memcached.client()) as plain:
        told = plain.raw_command(f"mg {prefix}{NAME} t")
    in_memcached_left = int(told.removeprefix(b"HD t")) if told.startswith(b"HD t") else 0  # when busy, it may be over
    # memcached counts whole seconds by a clock of its own: it may tell one more, or one less, than there are.
    assert (ends - CLOCK.now()).total_seconds() <= min(in_redis_left, in_memcached_left + 1)
    assert max(in_redis_left, in_memcached_left - 1) <= max(0, seconds) + 3


def test_a_time_beyond_a_year_is_cut(memcached: MemcachedServer) -> None:
    store = in_memcached(memcached, "years")
    store.set("a", "1", CLOCK.now() + timedelta(days=36500))
    assert store.get("a") == "1"


# What goes wrong


def test_a_server_that_is_down_is_a_failure_and_no_replay(refusing_port: int) -> None:
    without = [
        store_of("RedisCache", redis_url=f"redis://:pa55word@127.0.0.1:{refusing_port}/0", options=LIMITS),
        store_of("MemcachedCache", memcached_servers=Client([f"127.0.0.1:{refusing_port}"])),  # which just says no
        store_of("MemcachedCache", memcached_servers=[f"127.0.0.1:{refusing_port}"]),  # pylibmc's
    ]
    for store in without:
        keep = [partial(use, "a", "1", SOON) for use in (store.add, store.set)]
        for use in (*keep, partial(store.get, "a"), partial(store.delete, "a")):
            with pytest.raises(StorageFailed) as failure:
                use()
            assert failure.value.code == "storage.unavailable"
            assert "pa55word" not in str(failure.value)


def test_what_somebody_else_wrote_is_a_failure() -> None:
    app = Flask("tool")
    Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    cache = cache_of(app.extensions)
    for written in (1, "text", b"\xff"):
        cache.set(NAME, written)
        with pytest.raises(StorageFailed):
            FlaskCachingStore(cache, CLOCK).get("a")


def _use(store: FlaskCachingStore, answers: Any) -> None:
    try:
        answers.put(store.add("a", "1", SOON))
    except LtiError as error:
        answers.put(error.code)


def test_a_memcached_cache_is_not_used_in_a_fork(redis: RedisServer, memcached: MemcachedServer) -> None:
    """Its connections would be shared, and one process could read the answer that is another's."""
    context = multiprocessing.get_context("fork")
    for store, expected in ((in_memcached(memcached, "forks"), "config.cache_forked"), (in_redis(redis), False)):
        assert store.add("a", "1", SOON) is True
        answers = context.Queue()
        child = context.Process(target=_use, args=[store, answers])
        child.start()
        assert answers.get(timeout=60) == expected
        child.join()
