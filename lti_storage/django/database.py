"""What goes wrong in Django's database is a StorageFailed, without content."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db import DatabaseError, Error, connections, transaction

from lti_core.errors import ConfigurationError, StorageFailed
from lti_storage.django.alias import alias_of
from lti_storage.django.models import LtiExpiring
from lti_storage.expiring import stored_key

_ALWAYS = 2**62
_NONE = "django.db.backends.dummy"  # what Django puts in the place of a missing default
_used: set[str] = set()
_failed_at: dict[str, float] = {}
_IDLE = 1.0  # seconds, after which a server may have closed a connection, or have been started again
_USED_AT = "lti_used_at"  # an attribute of a connection
_LOCK = stored_key("lock of the registrations")


def database_of(url: str) -> str:
    """The alias of the database that `url` names.

    Raises:
        ConfigurationError: `config.storage_url_invalid`.
    """
    alias = alias_of(url)
    if alias not in connections or connections.settings[alias]["ENGINE"] == _NONE:
        known = ", ".join(connections)
        message = f"There is no database {alias!r} in Django's setting DATABASES: write django:// for the default one."
        raise ConfigurationError("config.storage_url_invalid", message, expected=known, found=alias)
    return alias


@contextmanager
def using(alias: str) -> Iterator[None]:
    """Work with a database. A connection is looked at before use, once it idled or one failed; what broke is closed.

    Django looks at connections itself, but only at the edges of its own requests.

    Raises:
        StorageFailed: `storage.unavailable`.
    """
    _used.add(alias)
    connection = connections[alias]
    try:
        _look_before_use(connection)
        yield
        vars(connection)[_USED_AT] = monotonic()
    except Error as error:
        _failed_at[alias] = monotonic()
        connection.close_if_unusable_or_obsolete()
        raise StorageFailed(
            "storage.unavailable",
            "The database does not answer as it should. Try again in a moment.",
            found=type(error).__name__,
        ) from error


def _look_before_use(connection: Any) -> None:
    if connection.connection is None or connection.in_atomic_block:
        return
    now = monotonic()
    trusted = max(_failed_at.get(connection.alias, 0.0), now - _IDLE)
    if vars(connection).get(_USED_AT, 0.0) < trusted and not connection.is_usable():
        connection.close()


@contextmanager
def changing(alias: str) -> Iterator[None]:
    """A transaction that no other `changing` of any process runs beside. All or nothing of it is kept.

    Raises:
        StorageFailed: `storage.unavailable`.
    """
    lock = LtiExpiring.objects.using(alias).filter(key=_LOCK)
    with using(alias), transaction.atomic(using=alias):
        if not lock.update(expires_at=_ALWAYS):
            _insert_lock(alias)
            lock.update(expires_at=_ALWAYS)
        yield


def _insert_lock(alias: str) -> None:
    try:
        with transaction.atomic(using=alias):
            LtiExpiring.objects.using(alias).create(key=_LOCK, value=b"", expires_at=_ALWAYS)
    except DatabaseError:  # another process was quicker
        return


def _close_before_fork() -> None:
    """A connection must not be carried into another process; the one that forks opens another when it needs one."""
    for alias in _used.intersection(connections):
        if not connections[alias].in_atomic_block:
            connections[alias].close()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(before=_close_before_fork)
