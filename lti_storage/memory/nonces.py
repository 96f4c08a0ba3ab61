"""MemoryNonces: used nonces in the memory of this process."""

from collections import Counter
from datetime import datetime
from heapq import heappop, heappush
from threading import Lock

from lti_core.errors import StorageFailed
from lti_core.ports import Clock

_Used = tuple[str, str]  # holder and nonce


class MemoryNonces:
    """A `NonceStore` that forgets no nonce before its time: when it is full, it refuses.

    One holder has at most a quarter of it, so that one platform cannot shut the others out.

    Args:
        most: how many nonces are kept; each takes about 300 bytes.
    """

    answers_at_once = True

    def __init__(self, clock: Clock, most: int = 200_000) -> None:
        self._clock = clock
        self._most = most
        self._lock = Lock()
        self._used: set[_Used] = set()
        self._held: Counter[str] = Counter()
        self._expiries: list[tuple[datetime, _Used]] = []  # a heap

    def use(self, nonce: str, expires_at: datetime, holder: str) -> bool:
        """See `lti_core.ports.NonceStore`.

        Raises:
            StorageFailed: `storage.full`.
        """
        used = (holder, nonce)
        with self._lock:
            self._purge()
            if used in self._used:
                return False
            self._refuse_when_full(holder)
            self._used.add(used)
            self._held[holder] += 1
            heappush(self._expiries, (expires_at, used))
            return True

    def _refuse_when_full(self, holder: str) -> None:
        if len(self._used) >= self._most:
            raise StorageFailed(
                "storage.full", "Too many launches in a short time: all the room for them is taken.", found=self._most
            )
        if self._held[holder] >= self._most // 4:
            raise StorageFailed(
                "storage.full",
                "Too many launches of one platform in a short time: its quarter of the room is taken.",
                found=self._most // 4,
            )

    def _purge(self) -> None:
        """Each nonce is pushed and popped once, so that a call costs little however many are kept."""
        now = self._clock.now()
        while self._expiries and self._expiries[0][0] <= now:
            _, used = heappop(self._expiries)
            holder, _ = used
            self._used.discard(used)
            self._held[holder] -= 1
            if not self._held[holder]:
                del self._held[holder]
