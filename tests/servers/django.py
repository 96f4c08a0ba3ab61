"""Django's databases and caches, for the contract suites: each storage URL becomes an alias of the test project."""

import fcntl
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.django.project import configure
from tests.servers.postgresql import PostgreSql

configure()

from django.core.cache import caches  # noqa: E402 settings come first
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from lti_core.ports import Clock  # noqa: E402
from lti_storage.django.cache import DjangoCacheStore  # noqa: E402
from lti_storage.django.grants import DjangoGrants  # noqa: E402
from lti_storage.django.registrations import DjangoRegistrations  # noqa: E402
from lti_storage.django.store import DjangoStore  # noqa: E402
from lti_storage.django.tool_keys import DjangoToolKeys  # noqa: E402

SQLITE = {  # as docs/store-django.md advises
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
}

POSTGRESQL = {"connect_timeout": 2, "options": "-c statement_timeout=2000"}  # as that page advises, too


class MigratedPostgreSql:
    """A PostgreSQL, of which each URL has Django's tables."""

    def __init__(self) -> None:
        self._server = PostgreSql()
        self.process = self._server.process

    def new_url(self) -> str:
        """See `Server`."""
        url = self._server.new_url()
        database(url)
        return url


def open_store(url: str, clock: Clock) -> DjangoStore:
    return DjangoStore(database(url), clock)


def open_registrations(url: str, clock: Clock) -> DjangoRegistrations:
    return DjangoRegistrations(database(url))


def open_tool_keys(url: str, clock: Clock) -> DjangoToolKeys:
    return DjangoToolKeys(database(url))


def open_grants(url: str, clock: Clock) -> DjangoGrants:
    return DjangoGrants(database(url))


def open_redis_cache(url: str, clock: Clock) -> DjangoCacheStore:
    return _in_cache(url, clock, {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url})


def open_memcached_cache(url: str, clock: Clock) -> DjangoCacheStore:
    return _in_memcached(url, clock, "PyMemcacheCache")


def open_in_pylibmc(url: str, clock: Clock) -> DjangoCacheStore:
    return _in_memcached(url, clock, "PyLibMCCache")


def open_by_django_redis(url: str, clock: Clock) -> DjangoCacheStore:
    return _in_cache(url, clock, {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": url})


def _in_memcached(url: str, clock: Clock, kind: str) -> DjangoCacheStore:
    server, _, name = url.removeprefix("memcached://").partition("/")
    backend = f"django.core.cache.backends.memcached.{kind}"
    return _in_cache(url, clock, {"BACKEND": backend, "LOCATION": server, "KEY_PREFIX": name})


def _in_cache(url: str, clock: Clock, settings: dict[str, Any]) -> DjangoCacheStore:
    caches.settings[alias_of(url)] = settings
    return DjangoCacheStore(f"django-cache://{alias_of(url)}", clock)


def database(url: str) -> str:
    """The URL that the store of Django is given for a file or a PostgreSQL; the database has its tables then."""
    alias = alias_of(url)
    if alias not in connections.settings:
        default: dict[str, Any] = connections.settings["default"]
        parts = _postgresql(url) if url.startswith("postgresql:") else _sqlite(url)
        connections.settings[alias] = {**default, **parts}
        with open(Path(gettempdir(), f"lti-{alias}.lock"), "w") as lock:  # one process makes the tables
            fcntl.flock(lock, fcntl.LOCK_EX)
            call_command("migrate", "lti1p3_tool_config", database=alias, verbosity=0, skip_checks=True)
        connections[alias].close()
    return f"django://{alias}"


def _sqlite(url: str) -> dict[str, Any]:
    return {"NAME": url.partition("://")[2], "OPTIONS": SQLITE}


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    ((_, schema),) = parse_qsl(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql", "HOST": parts.hostname, "PORT": parts.port,
        "USER": parts.username, "PASSWORD": parts.password, "NAME": parts.path[1:],
        "OPTIONS": {**POSTGRESQL, "options": f"{schema} {POSTGRESQL['options']}"},
    }  # fmt: skip


def alias_of(url: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in url)[-60:]
