"""SqlRegistrations: agreements with platforms in a SQL database, to be changed while the tool runs."""

import json
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from lti_core.errors import ConfigurationError
from lti_core.registration import Registration, key_of
from lti_storage.registrations import refuse_conflicts
from lti_storage.sql.database import Database
from lti_storage.sql.schema import REGISTRATIONS

_COLUMNS = REGISTRATIONS.c
_SELECT = select(
    _COLUMNS.issuer,
    _COLUMNS.client_id,
    _COLUMNS.login_url,
    _COLUMNS.token_url,
    _COLUMNS.audience,
    _COLUMNS.key_set_url,
    _COLUMNS.key_set,
    _COLUMNS.deployment_ids,
    _COLUMNS.deployments,
    _COLUMNS.private_key,
    _COLUMNS.is_default,
)
FIND = _SELECT.where(_COLUMNS.key == bindparam("name"))
OF_ISSUER = _SELECT.where(_COLUMNS.issuer_key == bindparam("name"))


class SqlRegistrations:
    """Registrations that all processes share. A change is seen at the next question; a tool asks every few seconds.

    Private keys stand in the database in clear: who reads it can sign as this tool.

    Args:
        url: as of `Database`.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._find, self._of_issuer, self._all = map(self._database.compiled, (FIND, OF_ISSUER, _SELECT))

    def find(self, issuer: str, client_id: str) -> Registration | None:
        """See `Registrations`."""
        rows = self._database.rows(self._find, name=key_of(issuer, client_id))
        return _registration(rows[0]) if rows else None

    def of_issuer(self, issuer: str) -> tuple[Registration, ...]:
        """See `Registrations`."""
        return _in_order(self._database.rows(self._of_issuer, name=key_of(issuer)))

    def all(self) -> tuple[Registration, ...]:
        """See `Registrations`."""
        return _in_order(self._database.rows(self._all))

    def add(self, registration: Registration) -> None:
        """Keep one more registration.

        Raises:
            ConfigurationError: as `refuse_conflicts`; nothing is changed then.
            StorageFailed: the database did not answer.
        """
        with self._database.changing() as connection:
            _keep(connection, registration)

    def replace(self, registration: Registration) -> None:
        """Put `registration` in the place of the one with its issuer and client id.

        Raises:
            ConfigurationError: `config.registration_unknown`; as `refuse_conflicts`. Nothing is changed then.
            StorageFailed: the database did not answer.
        """
        with self._database.changing() as connection:
            _remove(connection, registration.issuer, registration.client_id)
            _keep(connection, registration)

    def remove(self, issuer: str, client_id: str) -> None:
        """Forget a registration.

        Raises:
            ConfigurationError: `config.registration_unknown`.
            StorageFailed: the database did not answer.
        """
        with self._database.changing() as connection:
            _remove(connection, issuer, client_id)


def _keep(connection: Connection, registration: Registration) -> None:
    refuse_conflicts([*map(_registration, connection.execute(_SELECT)), registration])
    connection.execute(insert(REGISTRATIONS).values(_row(registration)))


def _remove(connection: Connection, issuer: str, client_id: str) -> None:
    gone = connection.execute(delete(REGISTRATIONS).where(_COLUMNS.key == key_of(issuer, client_id)))
    if gone.rowcount != 1:
        raise ConfigurationError(
            "config.registration_unknown",
            f"There is no registration of issuer {issuer!r} with client id {client_id!r}: add it first.",
        )


def _row(registration: Registration) -> dict[str, object]:
    return {
        "key": registration.key,
        "issuer_key": key_of(registration.issuer),
        "issuer": registration.issuer,
        "client_id": registration.client_id,
        "login_url": registration.login_url,
        "token_url": registration.token_url,
        "audience": registration.audience,
        "key_set_url": registration.key_set_url,
        "key_set": None if registration.key_set is None else json.dumps(registration.key_set, default=dict),
        "deployment_ids": json.dumps(sorted(registration.deployment_ids)),
        "deployments": registration.deployments,
        "private_key": registration.private_key,
        "is_default": registration.default,
    }


def _in_order(rows: Iterable[Sequence[Any]]) -> tuple[Registration, ...]:
    """By issuer and client id; databases differ in how they order texts."""
    return tuple(sorted(map(_registration, rows), key=attrgetter("issuer", "client_id")))


def _registration(row: Sequence[Any]) -> Registration:
    issuer, client_id, login_url, token_url, audience, key_set_url, key_set, ids, deployments, private_key, default = (
        row
    )
    try:
        return Registration(
            issuer=issuer,
            client_id=client_id,
            login_url=login_url,
            token_url=token_url,
            audience=audience,
            key_set_url=key_set_url,
            key_set=None if key_set is None else json.loads(key_set),
            deployment_ids=json.loads(ids),
            deployments=deployments,
            private_key=private_key,
            default=bool(default),
        )
    except ValueError as error:
        raise ConfigurationError(
            "config.registration_unreadable",
            f"key_set or deployment_ids of issuer {issuer!r}, client id {client_id!r}, is not JSON in the database.",
        ) from error
