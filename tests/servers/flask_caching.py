"""Stores by Flask-Caching, as docs/store-flask-caching.md advises."""

from typing import Any

import memcache
from flask import Flask
from flask_caching import Cache
from redis.backoff import NoBackoff
from redis.retry import Retry

from lti_core.ports import Clock
from lti_storage.flask_caching import FlaskCachingStore, cache_of


class MemcachedHost(memcache._Host):
    """As python-memcached has it, and closes its connection with the thread that it belongs to."""

    def __del__(self) -> None:
        self.close_socket()


class MemcachedClient(memcache.Client):
    """As that page advises."""

    def set_servers(self, servers: list[str]) -> None:
        self.servers = [MemcachedHost(server, socket_timeout=2, dead_retry=0) for server in servers]
        self._init_buckets()


def open_store(url: str, clock: Clock) -> FlaskCachingStore:
    """A store in the Redis database under `url`."""
    options = {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": Retry(NoBackoff(), 0)}
    return _store(clock, CACHE_TYPE="RedisCache", CACHE_REDIS_URL=url, CACHE_OPTIONS=options)


def open_in_memcached(url: str, clock: Clock) -> FlaskCachingStore:
    """A store in a memcached, with the name in `url` before its keys."""
    server, _, name = url.removeprefix("memcached://").partition("/")
    client = MemcachedClient([server])
    return _store(clock, CACHE_TYPE="MemcachedCache", CACHE_MEMCACHED_SERVERS=client, CACHE_KEY_PREFIX=name)


def _store(clock: Clock, **settings: Any) -> FlaskCachingStore:
    app = Flask("tool")
    Cache(app, config=settings)
    return FlaskCachingStore(cache_of(app.extensions), clock)
