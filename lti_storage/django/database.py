"""What goes wrong in Django's database is a StorageFailed, without content."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, Error, connections, transaction

from lti_core.errors import ConfigurationError, StorageFailed
from lti_storage.django.alias import alias_of
from lti_storage.django.models import LtiExpiring
from lti_storage.expiring import stored_key

_ALWAYS = 2**62
_used: set[str] = set()
_LOCK = stored_key("lock of the registrations")


def database_of(url: str) -> str:
    """The alias of the database that `url` names.

    Raises:
        ConfigurationError: `config.storage_url_invalid`.
    """
    alias = alias_of(url)
    if alias not in connections:
        known = ", ".join(connections)
        message = f"There is no database {alias!r} in Django's setting DATABASES: write django:// for the default one."
        raise ConfigurationError("config.storage_url_invalid", message, expected=known, found=alias)
    return alias


@contextmanager
def using(alias: str) -> Iterator[None]:
    """Work with a database. A connection that broke is closed, so that the next one finds the database again.

    Raises:
        StorageFailed: `storage.unavailable`.
    """
    _used.add(alias)
    try:
        yield
    except Error as error:
        connections[alias].close_if_unusable_or_obsolete()
        raise StorageFailed(
            "storage.unavailable",
            "The database does not answer as it should. Try again in a moment.",
            found=type(error).__name__,
        ) from error


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
