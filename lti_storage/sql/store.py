"""SqlStore: an ExpiringStore in a SQL database."""

import logging
from datetime import datetime
from itertools import count

from sqlalchemy import bindparam, delete, select, text

from lti_core.errors import StorageFailed
from lti_core.ports import Clock
from lti_storage.expiring import decoded, encoded, microseconds, stored_key
from lti_storage.sql.database import Database
from lti_storage.sql.schema import EXPIRING
from lti_storage.sql.upsert import Adding, Values, keeping

PURGE_EVERY = 100  # writes
PURGE_MOST = 300  # rows; more than are written meanwhile

_ROW = EXPIRING.c
_VALUES: Values = {"key": bindparam("name"), "value": bindparam("data"), "expires_at": bindparam("until")}
_THIS = _ROW.key == bindparam("name")
_EXPIRED = _ROW.expires_at <= bindparam("now")

GET = select(_ROW.value).where(_THIS, ~_EXPIRED)
DELETE = delete(EXPIRING).where(_THIS)
_OLD = select(_ROW.key).where(_EXPIRED).limit(PURGE_MOST).with_for_update(skip_locked=True)
PURGE = {
    "mysql": text("DELETE FROM lti_expiring WHERE expires_at <= :now LIMIT :most").bindparams(most=PURGE_MOST),
    "sqlite": delete(EXPIRING).where(_ROW.key.in_(_OLD)),
    "postgresql": delete(EXPIRING).where(_ROW.key.in_(_OLD)),
}

logger = logging.getLogger(__name__)


class SqlStore:
    """Shared by all processes that use the same database. What has expired is removed bit by bit, along with writes.

    Args:
        url: as of `Database`.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._database = Database(url)
        self._clock = clock
        self._writes = count(1)
        self._add = Adding(self._database, EXPIRING, _VALUES, _EXPIRED)
        self._set = self._database.compiled(keeping(self._database.kind, EXPIRING, _VALUES))
        self._get, self._delete = self._database.compiled(GET), self._database.compiled(DELETE)
        self._old = self._database.compiled(PURGE[self._database.kind.dialect.name])

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """See `ExpiringStore`."""
        now, data, until = microseconds(self._clock.now()), encoded(value), microseconds(expires_at)
        added = self._add.add(name=stored_key(key), data=data, until=until, now=now)
        self._purge(now)
        return added

    def get(self, key: str) -> str | None:
        """See `ExpiringStore`."""
        now = microseconds(self._clock.now())
        rows = self._database.rows(self._get, name=stored_key(key), now=now)
        return decoded(rows[0][0]) if rows else None

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """See `ExpiringStore`."""
        data, until = encoded(value), microseconds(expires_at)
        self._database.count(self._set, name=stored_key(key), data=data, until=until)
        self._purge(microseconds(self._clock.now()))

    def delete(self, key: str) -> None:
        """See `ExpiringStore`."""
        self._database.count(self._delete, name=stored_key(key))

    def _purge(self, now: int) -> None:
        """Now and then. What was asked for is done by then, so that it must not fail for this."""
        if next(self._writes) % PURGE_EVERY:
            return
        try:
            self._database.count(self._old, now=now)
        except StorageFailed as error:
            logger.warning("Expired entries were not removed this time: %s", error.found)
