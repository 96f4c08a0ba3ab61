"""MySQL and MariaDB, by PyMySQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, func, select
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import IsolationLevel

from lti_core.errors import ConfigurationError, StorageFailed
from lti_storage.sql.pool import WAIT, server_engine

try:
    import pymysql
except ImportError as error:
    _MISSING = "MySQL and MariaDB need more packages: pip install 'lti-advantage-tool[sql]'."
    raise ConfigurationError("config.extra_missing", _MISSING, found="pymysql") from error

LOCK = "lti_schema"  # the name of this library's lock, among those of the whole server
TRIES = 10  # seconds, while another process makes the tables
PARTS = frozenset({"ssl_ca", "ssl_cert", "ssl_key", "ssl_check_hostname", "ssl_disabled", "unix_socket"})

# Strict: what does not fit must be refused, not cut. Less isolation means fewer locks: each statement stands alone.
_SESSION = (
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES', innodb_lock_wait_timeout = 1, lock_wait_timeout = 1",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
)


class MySql:
    """One server. Without `ssl_ca` in the URL TLS is used where the server offers it, and not verified."""

    dialect: Dialect = mysql.pymysql.dialect(paramstyle="format")
    insert = staticmethod(mysql.insert)
    alone: IsolationLevel = "READ COMMITTED"

    def engine(self, url: URL) -> Engine:
        """See `Kind`."""
        if unknown := sorted(set(url.query) - PARTS):
            known = ", ".join(sorted(PARTS))
            message = f"{unknown[0]!r} is not possible in the URL of a MySQL database. Known are {known}."
            raise ConfigurationError("config.storage_url_invalid", message, found=unknown[0])
        limits = {"connect_timeout": WAIT, "read_timeout": WAIT, "write_timeout": WAIT, "charset": "utf8mb4"}
        return server_engine(url, "mysql+pymysql", _connect, connect_args=limits)

    @contextmanager
    def making(self, engine: Engine) -> Iterator[Connection]:
        """See `Kind`. To make a table ends a transaction here, so the lock is one of the session."""
        with engine.connect() as connection:
            if not any(connection.execute(select(func.GET_LOCK(LOCK, 1))).scalar() for _ in range(TRIES)):
                message = "Another process makes the tables of the database, and does not end. Try again in a moment."
                raise StorageFailed("storage.unavailable", message)
            try:
                yield connection
            finally:
                connection.execute(select(func.RELEASE_LOCK(LOCK)))


def _connect(**named: Any) -> "pymysql.Connection[Any]":
    named["passwd"] = (named.get("passwd") or "").encode()  # PyMySQL itself would write it as Latin-1
    named["ssl_disabled"] = named.get("ssl_disabled", "false") != "false"
    connection: pymysql.Connection[Any] = pymysql.connect(**named)
    with connection.cursor() as cursor:
        for statement in _SESSION:
            cursor.execute(statement)
    return connection


KIND = MySql()
