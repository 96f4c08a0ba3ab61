"""Kind: what differs between SQLite, PostgreSQL and MySQL. The tables and statements are otherwise the same."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Engine, Table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import ArgumentError

from lti_core.errors import ConfigurationError

_MODULES = {"sqlite": "sqlite", "postgresql": "postgresql", "mysql": "mysql"}  # by the scheme of a storage's URL


class Kind(Protocol):
    """One kind of database.

    Attributes:
        dialect: what statements are compiled for; its parameters have no names.
        insert: the INSERT of that dialect.
        alone: the isolation of a transaction that begins with locking a row, and then sees all that was kept before.
    """

    @property
    def dialect(self) -> Dialect: ...

    @property
    def insert(self) -> Callable[[Table], Any]: ...

    @property
    def alone(self) -> IsolationLevel: ...

    def engine(self, url: URL) -> Engine:
        """The connections of this process. None is opened yet.

        Raises:
            ConfigurationError: `config.storage_url_invalid`, and what else the kind names.
        """

    def making(self, engine: Engine) -> AbstractContextManager[Connection]:
        """A connection to make tables with: of all processes that ask for one, one has it at a time."""


def kind_of(url: str) -> tuple[Kind, URL]:
    """The kind of database under a storage's URL, and the URL taken apart.

    Raises:
        ConfigurationError: `config.storage_url_invalid`, `config.extra_missing`.
    """
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number
        parts = URL.create("")
    if parts.drivername not in _MODULES:
        message = (
            "The storage URL must be sqlite:////absolute/path.db, postgresql://user:password@host/database"
            " or mysql://user:password@host/database."
        )
        raise ConfigurationError("config.storage_url_invalid", message, found=parts.drivername)
    module = import_module(f"lti_storage.sql.{_MODULES[parts.drivername]}")  # its driver may not be installed
    kind: Kind = module.KIND
    return kind, parts
