"""Locks: one lock for each name, so that one thing is done by one thread of this process at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from attrs import define, field, frozen

from lti_core.errors import ServiceFailed


@define(eq=False)
class _Named:
    lock: Lock = field(factory=Lock)
    wanted: int = 0


@frozen(eq=False)
class Locks:
    """Locks by name. There is one as long as somebody holds or wants it, and no longer."""

    _all: Lock = field(factory=Lock, init=False, repr=False)
    _named: dict[tuple[int, str], _Named] = field(factory=dict, init=False, repr=False)

    @contextmanager
    def hold(self, name: str, seconds: float) -> Iterator[None]:
        """Nobody else holds `name` meanwhile.

        Raises:
            ServiceFailed: `service.unavailable` when it was not to be had in so many seconds.
        """
        key = (os.getpid(), name)  # what a parent held at a fork, nobody gives back in the child
        with self._all:
            named = self._named.setdefault(key, _Named())
            named.wanted += 1
        try:
            if not named.lock.acquire(timeout=seconds):
                message = "Others of this process wait for the platform with the same request."
                raise ServiceFailed("service.unavailable", message, remedy="Try again later.", not_sent=True)
            try:
                yield
            finally:
                named.lock.release()
        finally:
            with self._all:
                named.wanted -= 1
                if not named.wanted:
                    del self._named[key]
