"""Database: a process' connections to a database. What goes wrong in it is a StorageFailed, without content."""

import os
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Engine, create_engine, event, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from lti_core.errors import ConfigurationError, StorageFailed
from lti_storage.sql.schema import SCHEMA, make_tables

WAIT = 2.0  # seconds, until a database that does not answer counts as down
CONNECTIONS = 4  # of one process; SQLite writes one at a time anyway, and who waits for one of these waits in order
SWITCHES = 20


@frozen(eq=False)
class Statement:
    """A statement, compiled once: to have SQLAlchemy's Connection run it takes twice the time."""

    sql: str
    names: Sequence[str]
    fixed: Mapping[str, object]


def compiled(clause: ClauseElement) -> Statement:
    """`clause` for `Database.rows`, which is given a value for each `bindparam` of it."""
    statement = clause.compile(dialect=sqlite.dialect(paramstyle="qmark"))
    assert isinstance(statement, SQLCompiler)
    fixed = {name: value for name, value in statement.params.items() if value is not None}
    return Statement(str(statement), tuple(statement.positiontup or ()), fixed)


class Database:
    """The connections of this process to the database under `url`. Its threads share them; a fork has its own.

    The tables are made at the first use.

    Durability: SQLite writes ahead (WAL) with `synchronous=NORMAL`. What was reported as kept outlives the end of the
    process, `kill -9` too, since it is with the operating system by then. Only when that goes down, as by a loss of
    power, the last moments may be lost; nonces of that time are good for a few minutes more. To wait for the disk
    each time would make a launch many times slower.

    Args:
        url: `sqlite:///relative.db` or `sqlite:////absolute.db`.

    Raises:
        ConfigurationError: `config.storage_url_invalid`, `config.storage_folder_missing`,
            `config.storage_not_writable`.
    """

    def __init__(self, url: str) -> None:
        path = _sqlite_file(url)
        _make_file(path)
        self._prepared = False
        self._engine = _engine(path)
        self._errors = (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error)
        _close_before_fork(self._engine)

    def rows(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        """Run one statement as a transaction of its own.

        Returns:
            What it selects, or returns.

        Raises:
            StorageFailed: `storage.unavailable`.
        """
        every = {**statement.fixed, **values}
        parameters = [every[name] for name in statement.names]
        with self._failing():
            self._prepare()
            with closing(self._engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute(statement.sql, parameters)
                return list(cursor.fetchall())  # to the end: only then SQLite ends the transaction

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """A transaction that no other `changing` of any process runs beside. All or nothing of it is kept.

        Raises:
            StorageFailed: `storage.unavailable`.
        """
        with self._failing():
            self._prepare()
            alone = self._engine.execution_options(isolation_level="SERIALIZABLE")
            with alone.begin() as connection:
                connection.execute(update(SCHEMA).values(version=SCHEMA.c.version))  # locks its row, or more
                yield connection

    def _prepare(self) -> None:
        if not self._prepared:
            with self._engine.connect() as connection:
                _write_ahead(connection)
                make_tables(connection)
            self._prepared = True

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            cause = getattr(error, "orig", None) or error
            raise StorageFailed(
                "storage.unavailable",
                "The database does not answer as it should. Try again in a moment.",
                found=getattr(cause, "sqlite_errorname", type(cause).__name__),
            ) from error


def _sqlite_file(url: str) -> Path:
    try:
        parts = make_url(url)
    except ArgumentError:
        parts = URL.create("")
    if parts.drivername != "sqlite" or parts.host or parts.query:
        raise ConfigurationError(
            "config.storage_url_invalid",
            "The storage URL must be sqlite:///relative.db or sqlite:////absolute/path.db.",
            found=parts.drivername,
        )
    if not parts.database or parts.database.startswith((":memory:", "file:")):
        raise ConfigurationError(
            "config.storage_url_invalid",
            "SQLite in memory is not shared by the tool's processes: write memory:// for a tool of one process,"
            " or sqlite:////absolute/path.db.",
        )
    return Path(parts.database)


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


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path.absolute())),
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": WAIT},
        poolclass=QueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def choose_durability(connection: Any, _: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine


def _write_ahead(connection: Connection) -> None:
    """Who switches at the same time as another process is refused at once, whatever the time-out: wait, and see."""
    for _ in range(SWITCHES):
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            return
        except OperationalError:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("ROLLBACK")


def _close_before_fork(engine: Engine) -> None:
    """SQLite's connections must not be carried into another process: its locks are this process'."""
    known = weakref.ref(engine)

    def disposing(close: bool) -> Callable[[], None]:
        def dispose() -> None:
            if (ours := known()) is not None:
                ours.dispose(close=close)

        return dispose

    if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
        os.register_at_fork(before=disposing(close=True), after_in_child=disposing(close=False))
