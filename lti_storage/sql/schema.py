"""The tables, and how they are made."""

from contextlib import suppress

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
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from lti_core.errors import ConfigurationError
from lti_storage.expiring import MAX_VALUE

VERSION = 2

_KEY = String(64)  # SHA-256: databases differ in the length, the case and the blanks of keys that they tell apart
_METADATA = MetaData()

SCHEMA = Table(
    "lti_schema",
    _METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)
EXPIRING = Table(
    "lti_expiring",
    _METADATA,
    Column("key", _KEY, primary_key=True),
    Column("value", LargeBinary(MAX_VALUE), nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),  # microseconds since 1970
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
    Column("key_set", Text),  # JSON
    Column("deployment_ids", Text, nullable=False),  # JSON: a list of texts
    Column("deployments", Text, nullable=False),
    Column("private_key", Text),
    Column("is_default", Boolean, nullable=False),
)
TOOL_KEYS = Table(
    "lti_tool_keys",
    _METADATA,
    Column("number", Integer, primary_key=True),  # the highest is the newest
    Column("kid", _KEY, nullable=False, unique=True),
    Column("pem", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),  # microseconds since 1970
)
GRANTS = Table(
    "lti_grants",  # since version 2
    _METADATA,
    Column("key", _KEY, primary_key=True),
    Column("document", LargeBinary(MAX_VALUE), nullable=False),  # JSON
)
_LACKING = (1,)  # versions that lack whole tables, and nothing else


def make_tables(connection: Connection) -> None:
    """Make what is missing. Several processes may do so at once, and each step may be done again.

    Raises:
        ConfigurationError: `config.storage_schema_unknown`.
    """
    if not inspect(connection).has_table(SCHEMA.name) or _version(connection) in (None, *_LACKING):
        _make_all(connection)
    found = _version(connection)
    if found != VERSION:
        raise ConfigurationError(
            "config.storage_schema_unknown",
            "The database was made by another version of this library: use that version, or another database.",
            expected=VERSION,
            found=found,
        )


def _version(connection: Connection) -> int | None:
    return connection.execute(select(SCHEMA.c.version)).scalar()


def _make_all(connection: Connection) -> None:
    """The version comes last: where it stands, all tables do."""
    for table in _METADATA.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
    with suppress(IntegrityError):  # another process was quicker
        connection.execute(insert(SCHEMA).values(id=1, version=VERSION))
    connection.execute(update(SCHEMA).where(SCHEMA.c.version.in_(_LACKING)).values(version=VERSION))
