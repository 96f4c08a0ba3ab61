"""Storage in a SQL database, by SQLAlchemy Core: SQLite, PostgreSQL, MySQL or MariaDB."""

from lti_storage.sql.database import prepare
from lti_storage.sql.grants import SqlGrants
from lti_storage.sql.registrations import SqlRegistrations
from lti_storage.sql.store import SqlStore
from lti_storage.sql.tool_keys import SqlToolKeys

__all__ = ["SqlGrants", "SqlRegistrations", "SqlStore", "SqlToolKeys", "prepare"]
