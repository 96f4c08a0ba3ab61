"""Database: a process' connections to a database. What goes wrong in it is a StorageFailed, without content."""

import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Dialect, Engine, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from lti_core.errors import StorageFailed
from lti_storage.sql.kinds import kind_of
from lti_storage.sql.schema import SCHEMA, has_all_tables, make_tables


@frozen(eq=False)
class Statement:
    """A statement, compiled once: to have SQLAlchemy's Connection run it takes twice the time."""

    sql: str
    names: Sequence[str]
    fixed: Mapping[str, object]

    @classmethod
    def of(cls, clause: ClauseElement, dialect: Dialect) -> "Statement":
        """`clause`, to be given a value for each `bindparam` of it."""
        statement = clause.compile(dialect=dialect)
        assert isinstance(statement, SQLCompiler)
        fixed = {name: value for name, value in statement.params.items() if value is not None}
        return cls(str(statement), tuple(statement.positiontup or ()), fixed)


class Database:
    """The connections of this process to the database under `url`. Its threads share them; a fork has its own.

    The tables are made, or those of an older version completed, at the first use.

    Args:
        url: `sqlite:///relative.db`, `sqlite:////absolute.db`, `postgresql://user:password@host:port/database` or
            `mysql://user:password@host:port/database`.

    Attributes:
        kind: which of the three it is.

    Raises:
        ConfigurationError: `config.storage_url_invalid`, `config.storage_folder_missing`,
            `config.storage_not_writable`, `config.extra_missing`.
    """

    def __init__(self, url: str) -> None:
        self.kind, parts = kind_of(url)
        self._engine = self.kind.engine(parts)
        self._driver = self._engine.dialect.loaded_dbapi
        self._prepared = False
        weakref.finalize(self, Engine.dispose, self._engine)

    def prepare(self) -> None:
        """Make what is missing of the tables. Several processes may do so at once.

        Raises:
            ConfigurationError: `config.storage_schema_unknown`.
            StorageFailed: `storage.unavailable`.
        """
        if self._prepared:
            return
        with self._failing():
            with self._engine.connect() as connection:
                ready = has_all_tables(connection)
            if not ready:
                with self.kind.making(self._engine) as connection:
                    make_tables(connection)
        self._prepared = True

    def compiled(self, clause: ClauseElement) -> Statement:
        """`clause` for the methods below."""
        return Statement.of(clause, self.kind.dialect)

    def rows(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        """Run one statement as a transaction of its own.

        Returns:
            What it selects, or returns.

        Raises:
            StorageFailed: `storage.unavailable`. Each method may.
        """
        with self._run(statement, values) as cursor:
            return list(cursor.fetchall())  # to the end: only then SQLite ends the transaction

    def count(self, statement: Statement, **values: object) -> int:
        """Run an UPDATE or DELETE as a transaction of its own.

        Returns:
            How many rows it found.
        """
        with self._run(statement, values) as cursor:
            return int(cursor.rowcount)

    def inserted(self, statement: Statement, **values: object) -> bool:
        """Run an INSERT of one row as a transaction of its own.

        Returns:
            False when a row with its key is there.
        """
        try:
            with self._run(statement, values):
                return True
        except StorageFailed as error:
            if isinstance(error.__cause__, self._driver.IntegrityError):
                return False
            raise

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """A transaction that no other `changing` of any process runs beside. All or nothing of it is kept."""
        self.prepare()
        with self._failing():
            alone = self._engine.execution_options(isolation_level=self.kind.alone)
            with alone.begin() as connection:
                connection.execute(update(SCHEMA).values(version=SCHEMA.c.version))  # locks its row, or more
                yield connection

    @contextmanager
    def _run(self, statement: Statement, values: Mapping[str, object]) -> Iterator[Any]:
        self.prepare()
        every = {**statement.fixed, **values}
        with self._failing():
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(statement.sql, [every[name] for name in statement.names])
                yield cursor
            except self._driver.IntegrityError:
                raise
            except BaseException as error:  # an interrupt, too: half an answer must not wait for the next statement
                connection.invalidate(error)
                raise
            finally:
                connection.close()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, self._driver.Error) as error:
            raise StorageFailed(
                "storage.unavailable",
                "The database does not answer as it should. Try again in a moment.",
                found=_reason(getattr(error, "orig", None) or error),
            ) from error


def prepare(url: str) -> None:
    """Make what is missing of the tables in the database under `url`, as its first use would.

    Raises:
        ConfigurationError: as of `Database`; `config.storage_schema_unknown`.
        StorageFailed: `storage.unavailable`.
    """
    Database(url).prepare()


def _reason(error: BaseException) -> str:
    """The database's own name or number for what went wrong; its sentences may hold values."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else None  # MySQL's
    named = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return str(named or number or type(error).__name__)
