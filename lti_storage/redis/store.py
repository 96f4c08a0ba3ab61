"""RedisStore: an ExpiringStore in Redis."""

from datetime import datetime, timedelta
from secrets import token_bytes

from lti_core.ports import Clock
from lti_storage.expiring import decoded, encoded, stored_key
from lti_storage.redis.server import PREFIX, Client, Server

MARK = 16  # bytes

_MILLISECOND = timedelta(milliseconds=1)


class RedisStore:
    """Shared by all processes that use the same Redis. Each entry is one key, so that a cluster may hold it.

    Before each value stands a random mark. A client that repeats a command whose answer was lost finds what it kept
    itself; by the mark it knows, and an honest launch is not taken for a replay.

    The server removes what has expired, up to two milliseconds late.

    Args:
        server: as of `Server`.
        prefix: of every key, for tools that share a database of a cluster.
    """

    def __init__(self, server: str | Client, clock: Clock, prefix: str = PREFIX) -> None:
        self._server = Server(server)
        self._clock = clock
        self._prefix = prefix

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """See `ExpiringStore`."""
        name, entry = self._name(key), _marked(value)
        with self._server.client() as client:
            if client.set(name, entry, nx=True, px=self._lifetime(expires_at)):
                return True
            return bool(client.getrange(name, 0, MARK - 1) == entry[:MARK])

    def get(self, key: str) -> str | None:
        """See `ExpiringStore`."""
        with self._server.client() as client:
            entry = client.get(self._name(key))
            return None if entry is None else decoded(entry[MARK:])

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """See `ExpiringStore`."""
        entry = _marked(value)
        with self._server.client() as client:
            client.set(self._name(key), entry, px=self._lifetime(expires_at))

    def delete(self, key: str) -> None:
        """See `ExpiringStore`."""
        with self._server.client() as client:
            client.delete(self._name(key))

    def _name(self, key: str) -> str:
        return self._prefix + stored_key(key)

    def _lifetime(self, expires_at: datetime) -> int:
        """In milliseconds, rounded up; a server refuses 0."""
        return max(1, -((self._clock.now() - expires_at) // _MILLISECOND))


def _marked(value: str) -> bytes:
    return token_bytes(MARK) + encoded(value)
