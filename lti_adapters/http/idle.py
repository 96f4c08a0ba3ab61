"""IdleConnections: open connections that wait for their next request."""

import os
from threading import Lock
from time import monotonic

from attrs import field, frozen
from urllib3.connection import HTTPConnection

from lti_adapters.http.address import Address

MOST_IDLE = 32
IDLE_SECONDS = 30.0  # what lies between may forget a connection without a word; most servers do so within minutes


@frozen(eq=False)
class _Idle:
    key: tuple[int, bool, Address]
    since: float
    connection: HTTPConnection


@frozen(eq=False)
class IdleConnections:
    """Shared between threads. A connection is given to one request at a time.

    A connection that was opened for a trusted address may lead into a private network: it serves only requests that
    are trusted there, too. After a fork the child leaves its parent's connections alone.
    """

    _lock: Lock = field(factory=Lock, init=False, repr=False)
    _idle: list[_Idle] = field(factory=list, init=False, repr=False)

    def take(self, address: Address, *, trusted: bool) -> HTTPConnection | None:
        """A connection to that origin that is still open; None when there is none."""
        while (connection := self._pop(_key(address, trusted))) is not None:
            if connection.is_connected:
                return connection
            connection.close()
        return None

    def give_back(self, connection: HTTPConnection, address: Address, *, trusted: bool) -> None:
        """Keep a connection whose last answer was read to its end."""
        if connection.is_closed:
            return
        now = monotonic()
        with self._lock:
            self._idle.append(_Idle(_key(address, trusted), now, connection))
            over = [idle for idle in self._idle if idle.since < now - IDLE_SECONDS] or self._idle[:-MOST_IDLE]
            for idle in over:
                self._idle.remove(idle)
        for idle in over:
            idle.connection.close()

    def _pop(self, key: tuple[int, bool, Address]) -> HTTPConnection | None:
        newest = monotonic() - IDLE_SECONDS
        with self._lock:
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place].key == key and self._idle[place].since > newest:
                    return self._idle.pop(place).connection
        return None


def _key(address: Address, trusted: bool) -> tuple[int, bool, Address]:
    return os.getpid(), trusted, address
