"""RedisToolKeys: the tool's own keys in Redis."""

from typing import Any

from lti_core.keys import SigningKey, read_private_key
from lti_storage.redis.server import PREFIX, Client, Server


class RedisToolKeys:
    """Keys that all processes share, newest first in one list. They stand in Redis in clear: who reads it can sign as
    this tool.

    Args:
        server, prefix: as of `RedisStore`.
    """

    def __init__(self, server: str | Client, prefix: str = PREFIX) -> None:
        self._server = Server(server)
        self._name = f"{prefix}tool-keys"
        self._read: dict[bytes, SigningKey] = {}  # by PEM text; to read one takes milliseconds

    def all(self) -> tuple[SigningKey, ...]:
        """See `ToolKeys`."""
        with self._server.client() as client:
            pems = client.lrange(self._name, 0, -1)
        self._read = {pem: self._key(pem) for pem in pems}
        return tuple(self._read.values())

    def add(self, pem: str) -> SigningKey:
        """See `ToolKeys`."""
        key = read_private_key(pem)

        def change(transaction: Any) -> None:
            kept = transaction.lrange(self._name, 0, -1)
            transaction.multi()
            if all(self._key(other).kid != key.kid for other in kept):
                transaction.lpush(self._name, pem)

        with self._server.client() as client:
            client.transaction(change, self._name)
        return key

    def _key(self, pem: bytes) -> SigningKey:
        return self._read.get(pem) or read_private_key(pem.decode(errors="replace"))
