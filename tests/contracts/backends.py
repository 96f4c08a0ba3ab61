"""The backends that the contract suites run against: one entry each. Imported by their child processes, too."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from lti_adapters.imported import imported
from lti_core.ports import Clock
from lti_storage.expiring import ExpiringStore
from lti_storage.grants import Grants
from lti_storage.tool_keys import ToolKeys

LONG = 2000
Clocked = Callable[[str, Clock], Any]  # what makes a store of its URL; imported when it is called


@frozen(eq=False)
class Backend:
    """One kind of storage.

    Attributes:
        name: of the kind.
        store: makes its `ExpiringStore`.
        registrations, tool_keys, grants: make its repositories; None: it has none.
        server: makes the server that it needs; None: it needs a file only, or nothing.
        shared: between processes.
        keeps_time: its server decides what has expired, so that a test must let time pass.
        late: seconds that such a server may keep what has expired.
        gives_up: its driver does not wait for ever for a server that hangs.
        longest: characters of an issuer or a client id.
        forks: may be used after a fork of the process that opened it.
        survives: what was kept outlives the process that kept it, and the server's end.
    """

    name: str
    store: Clocked
    registrations: Clocked | None = None
    tool_keys: Clocked | None = None
    grants: Clocked | None = None
    server: Callable[[], Any] | None = None
    shared: bool = True
    keeps_time: bool = False
    late: float = 0.0
    gives_up: bool = True
    longest: int = LONG
    forks: bool = True
    survives: bool = True


class RealClock:
    """For child processes, whose time nobody moves."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        raise AssertionError("no store waits")


def _without_clock(place: str) -> Clocked:
    make = imported(place)
    return lambda url, clock: make(url)


def _sql(name: str, server: Callable[[], Any] | None = None) -> Backend:
    return Backend(
        name,
        store=imported("lti_storage.sql:SqlStore"),
        registrations=_without_clock("lti_storage.sql:SqlRegistrations"),
        tool_keys=imported("lti_storage.sql:SqlToolKeys"),
        grants=_without_clock("lti_storage.sql:SqlGrants"),
        server=server,
    )


def _django(
    name: str, server: Callable[[], Any] | None = None, *, gives_up: bool = True, longest: int = LONG
) -> Backend:
    return Backend(
        name,
        store=imported("tests.servers.django:open_store"),
        registrations=imported("tests.servers.django:open_registrations"),
        tool_keys=imported("tests.servers.django:open_tool_keys"),
        grants=imported("tests.servers.django:open_grants"),
        server=server,
        gives_up=gives_up,
        longest=longest,
    )


def _cache(name: str, opened: str, server: str = "tests.servers.redis:RedisServer") -> Backend:
    """One of Django's caches."""
    return Backend(
        name,
        store=imported(f"tests.servers.django:{opened}"),
        server=imported(server),
        keeps_time=True,
        late=3.1,
        survives="memcached" not in server,
    )


def _memory(url: str, clock: Clock) -> ExpiringStore:
    store: ExpiringStore = imported("lti_storage.memory:MemoryStore")(clock)
    return store


# For later Pythons pylibmc must be compiled.
_PYLIBMC = (
    (_cache("django-cache-pylibmc", "open_in_pylibmc", "tests.servers.memcached:for_pylibmc"),)
    if sys.version_info < (3, 12)
    else ()
)
BACKENDS = (
    Backend("memory", store=_memory, shared=False, survives=False),
    _sql("sqlite"),
    _sql("postgresql", imported("tests.servers.postgresql:PostgreSql")),
    _sql("mariadb", imported("tests.servers.mariadb:MariaDb")),
    Backend(
        "redis",
        store=imported("lti_storage.redis:RedisStore"),
        registrations=_without_clock("lti_storage.redis:RedisRegistrations"),
        tool_keys=_without_clock("lti_storage.redis:RedisToolKeys"),
        grants=_without_clock("lti_storage.redis:RedisGrants"),
        server=imported("tests.servers.redis:RedisServer"),
        keeps_time=True,
        late=0.1,
    ),
    Backend(
        "memcached",
        store=imported("lti_storage.memcached:MemcachedStore"),
        server=imported("tests.servers.memcached:MemcachedServer"),
        keeps_time=True,
        late=3.1,
        survives=False,
    ),
    Backend(
        "flask-caching",
        store=imported("tests.servers.flask_caching:open_store"),
        server=imported("tests.servers.redis:RedisServer"),
        keeps_time=True,
        late=3.1,
    ),
    Backend(
        "flask-caching-memcached",
        store=imported("tests.servers.flask_caching:open_in_memcached"),
        server=imported("tests.servers.memcached:MemcachedServer"),
        keeps_time=True,
        late=4.1,
        forks=False,
        survives=False,
    ),
    _django("django"),
    _django("django-postgresql", imported("tests.servers.django:MigratedPostgreSql"), gives_up=False, longest=255),
    _cache("django-cache", "open_redis_cache"),
    _cache("django-cache-redis", "open_by_django_redis"),
    _cache("django-cache-memcached", "open_memcached_cache", "tests.servers.memcached:MemcachedServer"),
    *_PYLIBMC,
)


def named(name: str) -> Backend:
    """The backend of that name."""
    (backend,) = (backend for backend in BACKENDS if backend.name == name)
    return backend


def open_store(backend: Backend, url: str, clock: Clock) -> ExpiringStore:
    store: ExpiringStore = backend.store(url, clock)
    return store


def open_registrations(backend: Backend, url: str, clock: Clock) -> Any:
    """Its registrations, which can be added, replaced and removed."""
    assert backend.registrations is not None
    return backend.registrations(url, clock)


def open_tool_keys(backend: Backend, url: str, clock: Clock) -> ToolKeys:
    assert backend.tool_keys is not None
    keys: ToolKeys = backend.tool_keys(url, clock)
    return keys


def open_grants(backend: Backend, url: str, clock: Clock) -> Grants:
    assert backend.grants is not None
    grants: Grants = backend.grants(url, clock)
    return grants
