"""RedisGrants: kept grants in Redis."""

from lti_core.services.grant import ServiceGrant
from lti_storage.expiring import decoded, encoded
from lti_storage.grants import in_order, read_grant, unreadable, written
from lti_storage.redis.server import PREFIX, Client, Server


class RedisGrants:
    """Grants that all processes share, in one hash. Each call is one command, however many there are.

    Args:
        server, prefix: as of `RedisStore`.
    """

    def __init__(self, server: str | Client, prefix: str = PREFIX) -> None:
        self._server = Server(server)
        self._name = f"{prefix}grants"

    def keep(self, grant: ServiceGrant) -> None:
        """See `Grants`."""
        with self._server.client() as client:
            client.hset(self._name, grant.key, encoded(written(grant)))

    def find(self, key: str) -> ServiceGrant | None:
        """See `Grants`."""
        with self._server.client() as client:
            document = client.hget(self._name, key)
        return None if document is None else _grant(document)

    def all(self) -> tuple[ServiceGrant, ...]:
        """See `Grants`."""
        with self._server.client() as client:
            documents = client.hvals(self._name)
        return in_order(map(_grant, documents))

    def revoke(self, key: str) -> bool:
        """See `Grants`."""
        with self._server.client() as client:
            return bool(client.hdel(self._name, key))


def _grant(document: bytes) -> ServiceGrant:
    try:
        text = decoded(document)
    except UnicodeError:
        raise unreadable("one of them is not text") from None
    return read_grant(text)
