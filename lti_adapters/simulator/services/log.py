"""What a tool asked the services, for tests that count."""

from collections import deque
from collections.abc import Iterator
from threading import Lock

from attrs import define, field, frozen

MOST = 10_000


@frozen(kw_only=True)
class Exchange:
    """One request and what became of it.

    Attributes:
        path: with its query.
        kind: of the service; "" where there is none at that path.
        status: of the answer; None when there was none.
        problem: why it was refused, in words.
        misbehaved: the misbehaviour that met it.
        connection: which one it came by; "" in the same process.
    """

    method: str
    path: str
    kind: str
    status: int | None
    problem: str = ""
    misbehaved: str = ""
    connection: str = ""


@define(eq=False)
class RequestLog:
    """The last 10,000 exchanges, oldest first."""

    _kept: deque[Exchange] = field(factory=lambda: deque(maxlen=MOST), init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def add(self, exchange: Exchange) -> None:
        """Remember one more."""
        with self._lock:
            self._kept.append(exchange)

    def __iter__(self) -> Iterator[Exchange]:
        with self._lock:
            return iter(tuple(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, kind: str) -> tuple[Exchange, ...]:
        """Those with one kind of service, as "token" or "members"."""
        return tuple(exchange for exchange in self if exchange.kind == kind)

    @property
    def connections(self) -> int:
        """How many connections they came by; those of the same process need none."""
        return len({exchange.connection for exchange in self if exchange.connection})

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
