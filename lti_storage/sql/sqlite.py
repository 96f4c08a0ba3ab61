"""SQLite: a file that the processes of one machine share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import OperationalError

from lti_core.errors import ConfigurationError
from lti_storage.sql.pool import LIMITS, WAIT, at_fork

SWITCHES = 20


class Sqlite:
    """Writes ahead (WAL) with `synchronous=NORMAL`.

    What was reported as kept outlives the end of the process, `kill -9` too, since it is with the operating system by
    then. Only when that goes down, as by a loss of power, the last moments may be lost; nonces of that time are good
    for a few minutes more. To wait for the disk each time would make a launch many times slower.
    """

    dialect: Dialect = sqlite.dialect(paramstyle="qmark")
    insert = staticmethod(sqlite.insert)
    alone: IsolationLevel = "SERIALIZABLE"

    def engine(self, url: URL) -> Engine:
        """See `Kind`.

        Raises:
            ConfigurationError: `config.storage_url_invalid`, `config.storage_folder_missing`,
                `config.storage_not_writable`.
        """
        path = _file(url)
        _make_file(path)
        address = URL.create("sqlite", database=str(path.absolute()))
        engine = create_engine(address, connect_args={"timeout": WAIT}, **LIMITS)

        @event.listens_for(engine, "connect")
        def choose_durability(connection: Any, _: object) -> None:
            connection.execute("PRAGMA synchronous=NORMAL")

        # SQLite's connections must not be carried into another process: its locks are this process'.
        at_fork(engine, close_before=True)
        return engine

    @contextmanager
    def making(self, engine: Engine) -> Iterator[Connection]:
        """See `Kind`."""
        with engine.connect() as connection:
            _write_ahead(connection)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")


def _file(url: URL) -> Path:
    if url.host or url.query:
        message = "The storage URL must be sqlite:///relative.db or sqlite:////absolute/path.db."
        raise ConfigurationError("config.storage_url_invalid", message, found=url.drivername)
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise ConfigurationError(
            "config.storage_url_invalid",
            "SQLite in memory is not shared by the tool's processes: write memory:// for a tool of one process,"
            " or sqlite:////absolute/path.db.",
        )
    return Path(url.database)


def _make_file(path: Path) -> None:
    """Make the file, which will hold keys and names, for this user only."""
    if not path.parent.is_dir():
        raise ConfigurationError(
            "config.storage_folder_missing", f"The folder {path.parent} of the database is missing: make it."
        )
    try:
        # Never open a file that is there: to close it would end the locks that SQLite holds on it in this process.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        usable = True
    except FileExistsError:
        usable = path.is_file() and os.access(path, os.R_OK | os.W_OK)
    except OSError:
        usable = False
    if not usable or not os.access(path.parent, os.W_OK):
        raise ConfigurationError(
            "config.storage_not_writable",
            f"The database {path} cannot be written to: let the tool's user write to the file and to its folder.",
        )


def _write_ahead(connection: Connection) -> None:
    """Who switches at the same time as another process is refused at once, whatever the time-out: wait, and see."""
    for _ in range(SWITCHES):
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            return
        except OperationalError:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("ROLLBACK")


KIND = Sqlite()
