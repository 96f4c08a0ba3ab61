"""FlaskCachingStore: an ExpiringStore in a cache of Flask-Caching."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from cachelib import MemcachedCache, RedisCache, SimpleCache
from flask_caching.backends.base import BaseCache
from flask_caching.backends.memcache import SpreadSASLMemcachedCache
from flask_caching.backends.nullcache import NullCache

from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.ports import Clock
from lti_storage.cache_times import LONGEST, seconds_kept
from lti_storage.expiring import decoded, encoded, stored_key

PREFIX = "lti:"
PROBED = 60  # seconds


class FlaskCachingStore:
    """Shared by all processes that share the cache: those of Redis and of memcached. `SimpleCache` is of one process.

    What is kept may be forgotten before its time, as the cache's server does it, and `Cache.clear` forgets all of it.
    The cache removes what has expired, up to three seconds late, memcached up to four: it is told the time by the clock
    of this machine, and its own may be a second behind.

    Attributes:
        of_one_process: each process has its own. Used nonces must not be kept here then, since a full `SimpleCache`
            evicts: `MemoryNonces` is for them.

    Args:
        cache: `Cache(app).cache`.

    Raises:
        ConfigurationError: `config.cache_unsuitable`, `config.cache_waits`; each method `config.cache_forked`, since no
            driver of memcached survives a fork.
    """

    def __init__(self, cache: BaseCache, clock: Clock) -> None:
        _refuse_unsuitable(cache)
        _refuse_endless_wait(cache)
        self._cache = cache
        self._clock = clock
        self.of_one_process = isinstance(cache, SimpleCache)
        self._only_in = os.getpid() if isinstance(cache, MemcachedCache) else None

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """See `ExpiringStore`."""
        name, data = PREFIX + stored_key(key), encoded(value)
        with self._used():
            if self._cache.add(name, data, self._seconds(expires_at)):
                return True
            if self._cache.get(name) is None:  # some drivers say no when there is no server, too
                raise _down("neither kept nor there")
        return False

    def get(self, key: str) -> str | None:
        """See `ExpiringStore`."""
        with self._used():
            data = self._cache.get(PREFIX + stored_key(key))
            if data is None:
                self._demand_server()
                return None
            return decoded(data)

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """See `ExpiringStore`."""
        data = encoded(value)
        with self._used():
            if not self._cache.set(PREFIX + stored_key(key), data, self._seconds(expires_at)):
                raise _down("not kept")

    def delete(self, key: str) -> None:
        """See `ExpiringStore`."""
        with self._used():
            if not self._cache.delete(PREFIX + stored_key(key)):
                self._demand_server()

    def _demand_server(self) -> None:
        """Drivers of memcached find nothing where there is no server, too; one that keeps something is there."""
        if self._only_in is not None and not self._cache.set(f"{PREFIX}answers", b"", PROBED):
            raise _down("no answer")

    @contextmanager
    def _used(self) -> Iterator[None]:
        """What any driver raises is a StorageFailed: most of their errors share no class."""
        if self._only_in not in (None, os.getpid()):
            raise ConfigurationError(
                "config.cache_forked",
                "Processes share a connection to memcached, and would read one another's answers: let each worker make"
                " its own application, as gunicorn does without --preload.",
            )
        try:
            yield
        except StorageFailed:
            raise
        except Exception as error:
            raise _down(type(error).__name__) from error

    def _seconds(self, expires_at: datetime) -> int:
        return min(seconds_kept(expires_at, self._clock.now()), LONGEST)


def cache_of(extensions: Mapping[str, object]) -> BaseCache:
    """The cache of a Flask application, by its `extensions`.

    Raises:
        ConfigurationError: `config.cache_missing`.
    """
    caches = extensions.get("cache")
    found = list(caches.values()) if isinstance(caches, dict) else []
    if len(found) != 1:
        raise ConfigurationError(
            "config.cache_missing",
            "flask-caching:// needs an application with one cache: make it with Cache(app, config=...) before Lti(app);"
            " of several, give the container one as store.",
            found=len(found),
        )
    cache: BaseCache = found[0]
    return cache


def _refuse_unsuitable(cache: BaseCache) -> None:
    """Only what lets one win of many that add. `NullCache` is found out as any other storage that forgets is."""
    suitable = isinstance(cache, RedisCache | MemcachedCache | SimpleCache | NullCache)
    if not suitable or isinstance(cache, SpreadSASLMemcachedCache):
        raise ConfigurationError(
            "config.cache_unsuitable",
            "This cache can let the same launch in twice: let Flask-Caching use RedisCache, RedisClusterCache,"
            " MemcachedCache or SASLMemcachedCache, or choose another storage, as sqlite:////path/to/file.db.",
            found=type(cache).__name__,
        )


def _refuse_endless_wait(cache: BaseCache) -> None:
    """Of redis-py, which may have no limit of its own; drivers of memcached have one."""
    if isinstance(cache, RedisCache) and not cache._write_client.get_connection_kwargs().get("socket_timeout"):
        raise ConfigurationError(
            "config.cache_waits",
            "A request could wait for the cache's server for ever: set CACHE_OPTIONS to"
            ' {"socket_timeout": 2, "socket_connect_timeout": 2}, or give these to the client that you made.',
        )


def _down(found: str) -> StorageFailed:
    return StorageFailed(
        "storage.unavailable", "The cache does not answer as it should. Try again in a moment.", found=found
    )
