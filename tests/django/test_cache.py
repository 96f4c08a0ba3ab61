"""Which of Django's caches may keep what a tool must not forget."""

import sys
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.memcached import PyMemcacheCache
from django.core.cache.backends.redis import RedisCache
from django.test import override_settings

from lti_adapters.clock import SystemClock
from lti_adapters.container import container_of
from lti_core.errors import ConfigurationError, StorageFailed
from lti_storage.django.cache import DjangoCacheStore
from lti_storage.memory import MemoryNonces
from tests.django.test_checks import told
from tests.fakes import FixedClock
from tests.servers.memcached import MemcachedServer

BACKENDS = "django.core.cache.backends."
CACHES = {
    "default": {"BACKEND": BACKENDS + "locmem.LocMemCache"},
    "forgetful": {"BACKEND": BACKENDS + "dummy.DummyCache"},
    "files": {"BACKEND": BACKENDS + "filebased.FileBasedCache", "LOCATION": "/nowhere"},
    "table": {"BACKEND": BACKENDS + "db.DatabaseCache", "LOCATION": "cache"},
    "nobody": {"BACKEND": BACKENDS + "redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"},
    "missing": {"BACKEND": "not.there.Cache"},
    "without-driver": {"BACKEND": BACKENDS + "memcached.PyLibMCCache", "LOCATION": "127.0.0.1:1"},
}
CLOCK = SystemClock()
OPTIONS: dict[str, dict[str, Any]] = {}  # of each class below: what its driver was given last


class NotedRedis(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        OPTIONS["NotedRedis"] = self._options


class NotedMemcached(PyMemcacheCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        OPTIONS["NotedMemcached"] = self._options


def config(alias: str) -> Any:
    return {"registrations": {"document": {}}, "storage": {"url": f"django-cache://{alias}"}}


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("forgetful", "config.storage_forgets"),
        ("files", "config.cache_unsuitable"),
        ("table", "config.cache_unsuitable"),
        ("unheard-of", "config.storage_url_invalid"),
        ("missing", "config.storage_url_invalid"),
        ("without-driver", "config.storage_url_invalid"),
        ("a b", "config.storage_url_invalid"),
    ],
)
def test_a_cache_that_can_forget_or_is_not_there_is_refused(
    alias: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pylibmc", None)
    with override_settings(CACHES=CACHES):
        with pytest.raises(ConfigurationError) as refusal:
            container_of(config(alias)).nonces()
        assert refusal.value.code == code
        assert told(config(alias)) == [f"lti.E.{code}"]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("NotedRedis", None, {"socket_timeout": 2, "socket_connect_timeout": 2}),
        ("NotedRedis", {"socket_timeout": 1, "db": 3}, {"socket_timeout": 1, "socket_connect_timeout": 2, "db": 3}),
        ("NotedMemcached", None, {"timeout": 2, "connect_timeout": 2, "retry_timeout": 0}),
        ("NotedMemcached", {"timeout": 1}, {"timeout": 1, "connect_timeout": 2}),
    ],
)
def test_a_request_waits_two_seconds_for_a_cache_unless_the_project_says_otherwise(
    kind: str, given: dict[str, Any] | None, expected: dict[str, Any]
) -> None:
    noted = {"BACKEND": f"{__name__}.{kind}", "LOCATION": "redis://127.0.0.1:1"}
    with override_settings(CACHES={**CACHES, "noted": noted if given is None else {**noted, "OPTIONS": given}}):
        with pytest.raises(StorageFailed):
            DjangoCacheStore("django-cache://noted", FixedClock()).get("a")
        assert OPTIONS[kind].items() >= expected.items()
        assert caches.settings["noted"].get("OPTIONS") == given  # the project's own use of it stays as it is


def test_of_several_memcached_servers_none_takes_the_place_of_one_that_is_away() -> None:
    """It would know none of the nonces that were used there."""
    server = MemcachedServer()
    with closing(server.process):
        away = {"BACKEND": BACKENDS + "memcached.PyMemcacheCache", "LOCATION": [server.address, "127.0.0.1:1"]}
        with override_settings(CACHES={**CACHES, "half": away}):
            store = DjangoCacheStore("django-cache://half", CLOCK)
            rounds = [answers(store) for _ in range(4)]
    first, *later = rounds
    assert {True, "storage.unavailable"} == set(first)
    assert later == [[False if answer is True else answer for answer in first]] * 3


def answers(store: DjangoCacheStore) -> list[object]:
    """What it says to each of twenty nonces."""

    def use(nonce: str) -> object:
        try:
            return store.add(nonce, "1", CLOCK.now() + timedelta(hours=1))
        except StorageFailed as failure:
            return failure.code

    return [use(str(number)) for number in range(20)]


def test_a_cache_of_one_process_counts_as_memory() -> None:
    with override_settings(CACHES=CACHES):
        assert isinstance(container_of(config("")).nonces(), MemoryNonces)
        assert told(config("default"), deploy=True) == ["lti.W005"]


def test_a_cache_whose_server_is_down_says_so() -> None:
    with override_settings(CACHES=CACHES):
        store = DjangoCacheStore("django-cache://nobody", FixedClock())
        for use in (lambda: store.get("a"), lambda: store.add("a", "1", FixedClock().now()), lambda: store.delete("a")):
            with pytest.raises(StorageFailed) as refusal:
                use()
            assert refusal.value.code == "storage.unavailable"


def test_a_database_that_is_not_there_is_refused() -> None:
    values = {"registrations": {"document": {}}, "storage": {"url": "django://unheard-of"}}
    with pytest.raises(ConfigurationError) as refusal:
        container_of(values).store()
    assert refusal.value.code == "config.storage_url_invalid"
