"""RedisRegistrations: agreements with platforms in Redis, to be changed while the tool runs."""

import json
from typing import Any

from lti_core.errors import ConfigurationError
from lti_core.registration import Registration, key_of
from lti_core.strict_json import read_json
from lti_storage.expiring import decoded
from lti_storage.redis.server import PREFIX, Client, Server
from lti_storage.registrations import refuse_conflicts


class RedisRegistrations:
    """Registrations that all processes share. A change is seen at the next question; a tool asks every few seconds.

    Each stands twice: in a hash of all, and in a hash of its issuer, so that one command finds what a login or a launch
    asks for. Both are changed together; a cluster keeps them together by the braces in their names.

    Private keys stand in Redis in clear: who reads it can sign as this tool.

    Args:
        server, prefix: as of `RedisStore`.
    """

    def __init__(self, server: str | Client, prefix: str = PREFIX) -> None:
        self._server = Server(server)
        self._all = f"{prefix}{{registrations}}"

    def find(self, issuer: str, client_id: str) -> Registration | None:
        """See `Registrations`."""
        with self._server.client() as client:
            document = client.hget(self._all, key_of(issuer, client_id))
        return None if document is None else _registration(document)

    def of_issuer(self, issuer: str) -> tuple[Registration, ...]:
        """See `Registrations`."""
        return self._in(self._of(issuer))

    def all(self) -> tuple[Registration, ...]:
        """See `Registrations`."""
        return self._in(self._all)

    def add(self, registration: Registration) -> None:
        """Keep one more registration.

        Raises:
            ConfigurationError: as `refuse_conflicts`; nothing is changed then.
            StorageFailed: Redis did not answer.
        """
        self._change(None, registration)

    def replace(self, registration: Registration) -> None:
        """Put `registration` in the place of the one with its issuer and client id.

        Raises:
            ConfigurationError: `config.registration_unknown`; as `refuse_conflicts`. Nothing is changed then.
            StorageFailed: Redis did not answer.
        """
        self._change((registration.issuer, registration.client_id), registration)

    def remove(self, issuer: str, client_id: str) -> None:
        """Forget a registration.

        Raises:
            ConfigurationError: `config.registration_unknown`.
            StorageFailed: Redis did not answer.
        """
        self._change((issuer, client_id), None)

    def _of(self, issuer: str) -> str:
        return f"{self._all}:{key_of(issuer)}"

    def _in(self, name: str) -> tuple[Registration, ...]:
        with self._server.client() as client:
            documents = client.hvals(name)
        return tuple(sorted(map(_registration, documents), key=lambda one: (one.issuer, one.client_id)))

    def _change(self, gone: tuple[str, str] | None, new: Registration | None) -> None:
        """All or nothing, and anew when somebody else changed something meanwhile."""

        def change(transaction: Any) -> None:
            kept = {one.key: one for one in map(_registration, transaction.hvals(self._all))}
            if gone is not None and kept.pop(key_of(*gone), None) is None:
                raise _unknown(*gone)
            if new is not None:
                refuse_conflicts([*kept.values(), new])
            transaction.multi()
            if gone is not None:
                for name in (self._all, self._of(gone[0])):
                    transaction.hdel(name, key_of(*gone))
            if new is not None:
                for name in (self._all, self._of(new.issuer)):
                    transaction.hset(name, new.key, _document(new))

        with self._server.client() as client:
            client.transaction(change, self._all)


def _unknown(issuer: str, client_id: str) -> ConfigurationError:
    return ConfigurationError(
        "config.registration_unknown",
        f"There is no registration of issuer {issuer!r} with client id {client_id!r}: add it first.",
    )


_MEMBERS = (
    "issuer", "client_id", "login_url", "token_url", "audience", "key_set_url", "key_set", "deployments", "private_key",
    "default",
)  # fmt: skip


def _document(registration: Registration) -> str:
    values = {name: getattr(registration, name) for name in _MEMBERS}
    return json.dumps({**values, "deployment_ids": sorted(registration.deployment_ids)}, default=dict)


def _registration(document: bytes) -> Registration:
    try:
        values: Any = read_json(decoded(document))
        return Registration(**values)
    except (ValueError, TypeError, RecursionError) as error:
        raise ConfigurationError(
            "config.registration_unreadable",
            "A registration in Redis is not as this tool wrote it: remove the keys lti:{registrations}*, and add the"
            " registrations again.",
        ) from error
