"""The tables, and how they are made."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects.mysql import MEDIUMTEXT

from lti_core.errors import ConfigurationError
from lti_storage.expiring import MAX_VALUE

VERSION = 2

_KEY = String(64)  # SHA-256: databases differ in the length, the case and the blanks of keys that they tell apart
_JSON = Text().with_variant(MEDIUMTEXT(), "mysql")  # a TEXT of MySQL holds 64 KiB
_METADATA = MetaData()
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}

SCHEMA = Table(
    "lti_schema",
    _METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    **_MYSQL,
)
EXPIRING = Table(
    "lti_expiring",
    _METADATA,
    Column("key", _KEY, primary_key=True),
    Column("value", LargeBinary(MAX_VALUE), nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),  # microseconds since 1970
    **_MYSQL,
)
REGISTRATIONS = Table(
    "lti_registrations",
    _METADATA,
    Column("key", _KEY, primary_key=True),
    Column("issuer_key", _KEY, nullable=False, index=True),
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("login_url", Text, nullable=False),
    Column("token_url", Text),
    Column("audience", Text),
    Column("key_set_url", Text),
    Column("key_set", _JSON),
    Column("deployment_ids", _JSON, nullable=False),  # a list of texts
    Column("deployments", Text, nullable=False),
    Column("private_key", Text),
    Column("is_default", Boolean, nullable=False),
    **_MYSQL,
)
TOOL_KEYS = Table(
    "lti_tool_keys",
    _METADATA,
    Column("number", Integer, primary_key=True),  # the highest is the newest
    Column("kid", _KEY, nullable=False, unique=True),
    Column("pem", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),  # microseconds since 1970
    **_MYSQL,
)
GRANTS = Table(
    "lti_grants",  # since version 2
    _METADATA,
    Column("key", _KEY, primary_key=True),
    Column("document", LargeBinary(MAX_VALUE), nullable=False),  # JSON
    **_MYSQL,
)
_LACKING = (1,)  # versions that lack whole tables, and nothing else


def has_all_tables(connection: Connection) -> bool:
    """Whether the tables are those of this version.

    Raises:
        ConfigurationError: `config.storage_schema_unknown`.
    """
    found = _version(connection) if inspect(connection).has_table(SCHEMA.name) else None
    if found not in (None, VERSION, *_LACKING):
        raise ConfigurationError(
            "config.storage_schema_unknown",
            "The database was made by another version of this library: use that version, or another database.",
            expected=VERSION,
            found=found,
        )
    return found == VERSION


def make_tables(connection: Connection) -> None:
    """Make what is missing, one process at a time. Each step may be done again; the version comes last.

    Raises:
        ConfigurationError: `config.storage_schema_unknown`.
    """
    if has_all_tables(connection):
        return  # another process was quicker
    for table in _METADATA.sorted_tables:
        table.create(connection, checkfirst=True)
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    if connection.execute(update(SCHEMA).values(version=VERSION)).rowcount == 0:
        connection.execute(insert(SCHEMA).values(id=1, version=VERSION))


def _version(connection: Connection) -> int | None:
    return connection.execute(select(SCHEMA.c.version)).scalar()
