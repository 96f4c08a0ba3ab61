"""MemoryStore: an ExpiringStore in the memory of this process."""

from collections import OrderedDict
from datetime import datetime
from heapq import heapify, heappop, heappush
from threading import Lock

from lti_core.ports import Clock
from lti_storage.expiring import decoded, encoded, stored_key

MIB = 1024 * 1024


class MemoryStore:
    """Bounded: what has expired goes first, then what was kept longest, even before its time.

    Used nonces must not be kept here, since to evict one is to let a replay in: `MemoryNonces` is for them.

    Args:
        max_entries: how many values are kept.
        max_bytes: how much they may take together, as UTF-8.
    """

    answers_at_once = True

    def __init__(self, clock: Clock, max_entries: int = 100_000, max_bytes: int = 128 * MIB) -> None:
        self._clock = clock
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._entries: OrderedDict[str, tuple[datetime, bytes]] = OrderedDict()  # oldest first
        self._bytes = 0
        self._expiries: list[tuple[datetime, str]] = []  # a heap; what was replaced stays in it until then

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """See `ExpiringStore`."""
        name, data = stored_key(key), encoded(value)
        with self._lock:
            self._purge()
            if name in self._entries:
                return False
            self._keep(name, data, expires_at)
            return True

    def get(self, key: str) -> str | None:
        """See `ExpiringStore`."""
        name = stored_key(key)
        with self._lock:
            self._purge()
            found = self._entries.get(name)
        return None if found is None else decoded(found[1])

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """See `ExpiringStore`."""
        name, data = stored_key(key), encoded(value)
        with self._lock:
            self._purge()
            self._forget(name)
            self._keep(name, data, expires_at)

    def delete(self, key: str) -> None:
        """See `ExpiringStore`."""
        with self._lock:
            self._forget(stored_key(key))

    def _keep(self, name: str, data: bytes, expires_at: datetime) -> None:
        while self._entries and (len(self._entries) >= self._max_entries or self._bytes + len(data) > self._max_bytes):
            self._forget(next(iter(self._entries)))
        self._entries[name] = (expires_at, data)
        self._bytes += len(data)
        heappush(self._expiries, (expires_at, name))

    def _forget(self, name: str) -> None:
        found = self._entries.pop(name, None)
        if found is not None:
            self._bytes -= len(found[1])

    def _purge(self) -> None:
        """Each entry is pushed and popped once, so that a call costs little however many are kept."""
        now = self._clock.now()
        while self._expiries and self._expiries[0][0] <= now:
            expires_at, name = heappop(self._expiries)
            if name in self._entries and self._entries[name][0] == expires_at:
                self._forget(name)
        if len(self._expiries) > 2 * len(self._entries) + 100:  # replaced, deleted or evicted, most of them
            self._expiries = [(expires_at, name) for name, (expires_at, _) in self._entries.items()]
            heapify(self._expiries)
