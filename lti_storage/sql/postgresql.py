"""PostgreSQL, by psycopg."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import IsolationLevel

from lti_core.errors import ConfigurationError
from lti_storage.sql.pool import WAIT, server_engine

try:
    import psycopg
    from psycopg.conninfo import make_conninfo
except ImportError as error:  # with psycopg, but without libpq, it is no ModuleNotFoundError
    _MISSING = "PostgreSQL needs more packages: pip install 'lti-advantage-tool[sql]'."
    raise ConfigurationError("config.extra_missing", _MISSING, found="psycopg") from error

# The server gives up, too. A pooler makes up the number of the process; there the setting would meet who else uses it.
_GIVE_UP = "SELECT set_config('statement_timeout', %s, false) WHERE pg_backend_pid() = %s"

LOCK = 0x6C74695F  # "lti_": which of a database's advisory locks is this library's

T = TypeVar("T")


class PromptConnection(psycopg.Connection[Any]):
    """A connection that gives up: psycopg and libpq wait for ever for a server that is frozen, but acknowledges."""

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **kwargs: Any) -> T:
        """Wait for the server's answer, for `WAIT` seconds at most; then the connection is closed."""
        return super().wait(self._in_time(gen, monotonic() + WAIT), *args, **kwargs)

    def _in_time(self, gen: Generator[Any, Any, T], until: float) -> Generator[Any, Any, T]:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and monotonic() > until:
                    self.pgconn.finish()
                    raise psycopg.OperationalError("the server does not answer in time")
                wanted = gen.send(ready)
        except StopIteration as done:
            answer: T = done.value
            return answer


class PostgreSql:
    """One server, or one behind PgBouncer: nothing is prepared, since another statement may have another connection."""

    dialect: Dialect = postgresql.psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
    insert = staticmethod(postgresql.insert)
    alone: IsolationLevel = "READ COMMITTED"  # SERIALIZABLE fails where it has waited for a lock

    def engine(self, url: URL) -> Engine:
        """See `Kind`."""
        try:
            make_conninfo(**dict.fromkeys(url.query, "1"))  # looks at names only
        except psycopg.ProgrammingError as error:
            message = "The URL of a PostgreSQL database has an option that libpq does not know."
            raise ConfigurationError("config.storage_url_invalid", message, found=sorted(url.query)) from error
        limits = {"connect_timeout": round(WAIT), "prepare_threshold": None, "application_name": "lti"}
        return server_engine(url, "postgresql+psycopg", _connect, connect_args=limits, use_native_hstore=False)

    @contextmanager
    def making(self, engine: Engine) -> Iterator[Connection]:
        """See `Kind`."""
        with engine.execution_options(isolation_level=self.alone).begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
            yield connection


def _connect(**named: Any) -> PromptConnection:
    connection = PromptConnection.connect(**named, autocommit=True)
    connection.execute(_GIVE_UP, (str(round(WAIT * 1000)), connection.info.backend_pid))
    return connection


KIND = PostgreSql()
