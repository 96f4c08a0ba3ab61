"""DjangoCacheStore: an ExpiringStore in one of Django's caches."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.cache import CacheHandler, InvalidCacheBackendError, caches

from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.ports import Clock
from lti_storage.cache_times import LONGEST, seconds_kept
from lti_storage.django.alias import alias_of
from lti_storage.expiring import decoded, encoded, stored_key

PREFIX = "lti:"
WAIT = 2  # seconds, until a server that does not answer counts as down

_LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
_PYLIBMC = "django.core.cache.backends.memcached.PyLibMCCache"
_SUITABLE = {  # those of which one wins of many that add; DummyCache is found out as any other storage that forgets
    "django.core.cache.backends.redis.RedisCache",
    "django.core.cache.backends.memcached.BaseMemcachedCache",
    "django.core.cache.backends.dummy.DummyCache",
    "django_redis.cache.RedisCache",
    _LOCMEM,
}
_LIMITS: Mapping[str, Mapping[str, object]] = {  # options of drivers, of which some would wait for ever
    "django.core.cache.backends.redis.RedisCache": {"socket_connect_timeout": WAIT, "socket_timeout": WAIT},
    "django_redis.cache.RedisCache": {"SOCKET_CONNECT_TIMEOUT": WAIT, "SOCKET_TIMEOUT": WAIT},
    "django.core.cache.backends.memcached.PyMemcacheCache": {
        "connect_timeout": WAIT,
        "timeout": WAIT,
        "retry_timeout": 0,
        "retry_attempts": sys.maxsize,  # or it asks another server, which knows none of the used nonces
    },
    _PYLIBMC: {"behaviors": {"connect_timeout": WAIT * 1000, "_poll_timeout": WAIT * 1000}},
}


class DjangoCacheStore:
    """Shared by all processes that share the cache: those of Redis and of memcached. `LocMemCache` is of one process.

    What is kept may be forgotten before its time, as the cache's server does it, and `clear()` forgets all of it. The
    cache removes what has expired, up to three seconds late.

    It has connections of its own, which wait for two seconds at most, unless `OPTIONS` of that cache say otherwise.

    Attributes:
        of_one_process: each process has its own. Used nonces must not be kept here then, since a full `LocMemCache`
            evicts: `MemoryNonces` is for them.

    Args:
        url: `django-cache://ALIAS`, with a name of Django's setting CACHES; none: "default".

    Raises:
        ConfigurationError: `config.storage_url_invalid`, `config.cache_unsuitable`.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._alias = alias_of(url)
        self._clock = clock
        kinds = _kinds_of(self._alias)
        if kinds.isdisjoint(_SUITABLE):
            raise ConfigurationError(
                "config.cache_unsuitable",
                f"The cache {self._alias!r} can let the same launch in twice, or forget that it did: let Django use"
                " RedisCache, PyMemcacheCache or PyLibMCCache, or choose another storage, as django://.",
            )
        self.of_one_process = _LOCMEM in kinds
        self._stays_connected = _PYLIBMC in kinds
        self._caches = CacheHandler(_with_limits(self._alias, kinds))

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """See `ExpiringStore`."""
        name, data = PREFIX + stored_key(key), encoded(value)
        with self._cache() as cache:
            if cache.add(name, data, self._seconds(expires_at)):
                return True
            if cache.get(name) is None:  # some drivers can be told to say no when there is no server, too
                raise _down("neither kept nor there")
        return False

    def get(self, key: str) -> str | None:
        """See `ExpiringStore`."""
        name = PREFIX + stored_key(key)
        with self._cache() as cache:
            data = cache.get(name)
            if data is None:  # pylibmc says so, too, of a server that did not answer, but then it knows that it is down
                data = cache.get(name)
            return None if data is None else decoded(data)

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """See `ExpiringStore`."""
        data = encoded(value)
        with self._cache() as cache:
            cache.set(PREFIX + stored_key(key), data, self._seconds(expires_at))

    def delete(self, key: str) -> None:
        """See `ExpiringStore`."""
        with self._cache() as cache:
            cache.delete(PREFIX + stored_key(key))

    @contextmanager
    def _cache(self) -> Iterator[Any]:
        """This thread's. What any driver raises is a StorageFailed: their errors share no class."""
        try:
            cache = self._caches[self._alias]
            try:
                yield cache
            finally:
                self._close(cache)
        except StorageFailed:
            raise
        except Exception as error:
            raise _down(type(error).__name__) from error

    def _close(self, cache: Any) -> None:
        """As Django does it after a request: a connection to memcached that stood while its server was started again
        would fail once, an answer that was not read would be the next one's, and a fork would share it.
        """
        cache.close()
        if self._stays_connected:  # Django closes none of pylibmc's, which after a failure asks nothing for two seconds
            cache._cache.disconnect_all()

    def _seconds(self, expires_at: datetime) -> int:
        return min(seconds_kept(expires_at, self._clock.now()), LONGEST)


def _kinds_of(alias: str) -> set[str]:
    """The names of the cache's class and of those that it inherits from: what is not installed need not be imported."""
    try:
        cache = caches[alias]
    except (InvalidCacheBackendError, ImportError) as error:
        message = f"There is no cache {alias!r} in Django's setting CACHES, or its backend is not installed: {error}."
        raise ConfigurationError("config.storage_url_invalid", message, found=alias) from error
    return {f"{kind.__module__}.{kind.__qualname__}" for kind in type(cache).__mro__}


def _with_limits(alias: str, kinds: set[str]) -> dict[str, Any]:
    """The project's setting CACHES, as far as it is about that cache, and how long its driver may wait."""
    limits = {name: limit for kind in kinds for name, limit in _LIMITS.get(kind, {}).items()}
    given: dict[str, Any] = caches.settings[alias]
    return {alias: {**given, "OPTIONS": {**limits, **(given.get("OPTIONS") or {})}}}


def _down(found: str) -> StorageFailed:
    return StorageFailed(
        "storage.unavailable", "The cache does not answer as it should. Try again in a moment.", found=found
    )
