"""MemcachedStore: an ExpiringStore in memcached."""

import os
import re
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pymemcache.exceptions import MemcacheError  # type: ignore[import-untyped]

from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.ports import Clock
from lti_storage.cache_times import seconds_kept
from lti_storage.expiring import decoded, encoded, microseconds, stored_key
from lti_storage.memcached.connections import Connections

LONGEST_RELATIVE = 30 * 86400  # seconds; a larger number is read as a time since 1970
LATEST = 2**31 - 1  # seconds since 1970; memcached refuses a larger one

_URL = re.compile(r"memcached://([^/@?#]+)(?:/([A-Za-z0-9_.-]{0,64}))?")
_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?")


class MemcachedStore:
    """Shared by all processes that use the same servers. A cache: what is kept may be forgotten before its time, when
    the memory is full or the server is started again.

    With several servers, each key has its one server. While that is down its keys are: another one knows nothing of the
    nonces that were used there. All processes must name the same servers; when these change, some nonces are forgotten.

    The server removes what has expired, up to three seconds late.

    Args:
        url: `memcached://host:11211`, `memcached://a:11211,b:11211`; a name after a slash keeps tools apart that share
            servers, as `memcached://a:11211/quiz`.

    Raises:
        ConfigurationError: `config.storage_url_invalid`.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._servers, self._prefix = _read(url)
        self._clock = clock
        _start_again_after_fork(self)

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """See `ExpiringStore`."""
        data = encoded(value)
        with self._client(key) as (client, name):
            return client.add(name, data, self._expiry(expires_at)) is True

    def get(self, key: str) -> str | None:
        """See `ExpiringStore`."""
        with self._client(key) as (client, name):
            data = client.get(name)
            return None if data is None else decoded(data)

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """See `ExpiringStore`."""
        data = encoded(value)
        with self._client(key) as (client, name):
            if client.set(name, data, self._expiry(expires_at)) is not True:
                raise MemcacheError("not stored")

    def delete(self, key: str) -> None:
        """See `ExpiringStore`."""
        with self._client(key) as (client, name):
            client.delete(name)

    def start_again(self) -> None:
        """Use no connection that stands: after a fork they are the parent's."""
        for server in self._servers.values():
            server.start_again()

    @contextmanager
    def _client(self, key: str) -> Iterator[tuple[Any, str]]:
        name = self._prefix + stored_key(key)
        try:
            with self._server_of(name).one() as client:
                yield client, name
        except (MemcacheError, OSError, ValueError) as error:
            raise StorageFailed(
                "storage.unavailable",
                "memcached does not answer as it should. Try again in a moment.",
                found=type(error).__name__,
            ) from error

    def _server_of(self, name: str) -> Connections:
        """The one with the highest score: another server in the list takes over no more keys than its share."""
        return self._servers[max(self._servers, key=lambda server: stored_key(f"{server} {name}"))]

    def _expiry(self, expires_at: datetime) -> int:
        """As memcached reads it: never 0, which is for ever, and never early."""
        now = self._clock.now()
        seconds = seconds_kept(expires_at, now)
        if seconds <= LONGEST_RELATIVE:
            return seconds
        return min(microseconds(now) // 1_000_000 + seconds, LATEST)


def _read(url: str) -> tuple[Mapping[str, Connections], str]:
    """The servers by their names, and what stands before each key."""
    parts = _URL.fullmatch(url)
    servers = [_SERVER.fullmatch(server) for server in parts[1].split(",")] if parts else []
    found = {f"{server[1]}:{server[2] or 11211}" for server in servers if server}
    if parts is None or len(found) != len(servers):
        raise ConfigurationError(
            "config.storage_url_invalid",
            "The storage URL must be memcached://host:11211, or memcached://a:11211,b:11211 for several servers, each"
            " once; memcached knows no user and no password.",
        )
    prefix = f"lti:{parts[2]}:" if parts[2] else "lti:"
    return {name: _connections(name) for name in sorted(found)}, prefix


def _connections(name: str) -> Connections:
    host, _, port = name.rpartition(":")
    return Connections(host.strip("[]"), int(port))


def _start_again_after_fork(store: MemcachedStore) -> None:
    known = weakref.ref(store)

    def start_again() -> None:
        if (ours := known()) is not None:
            ours.start_again()

    if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
        os.register_at_fork(after_in_child=start_again)
