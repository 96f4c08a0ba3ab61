"""SqlStore: an ExpiringStore in a SQL database."""

from datetime import datetime
from itertools import count

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from lti_core.ports import Clock
from lti_storage.expiring import decoded, encoded, microseconds, stored_key
from lti_storage.sql.database import Database, compiled
from lti_storage.sql.schema import EXPIRING

PURGE_EVERY = 100  # writes
PURGE_MOST = 300  # rows; more than are written meanwhile

_ROW = EXPIRING.c
_INSERT = insert(EXPIRING).values(key=bindparam("name"), value=bindparam("data"), expires_at=bindparam("until"))
_NEW = {"value": _INSERT.excluded.value, "expires_at": _INSERT.excluded.expires_at}
_THIS = _ROW.key == bindparam("name")
_EXPIRED = _ROW.expires_at <= bindparam("now")

# In one statement, so that of many who add at once one wins. A row that comes back tells who; databases differ in
# what they count.
ADD = compiled(_INSERT.on_conflict_do_update(index_elements=[_ROW.key], set_=_NEW, where=_EXPIRED).returning(_ROW.key))
SET = compiled(_INSERT.on_conflict_do_update(index_elements=[_ROW.key], set_=_NEW))
GET = compiled(select(_ROW.value).where(_THIS, ~_EXPIRED))
DELETE = compiled(delete(EXPIRING).where(_THIS))
PURGE = compiled(delete(EXPIRING).where(_ROW.key.in_(select(_ROW.key).where(_EXPIRED).limit(PURGE_MOST))))


class SqlStore:
    """Shared by all processes that use the same database. What has expired is removed bit by bit, along with writes.

    Args:
        url: as of `Database`.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._database = Database(url)
        self._clock = clock
        self._writes = count(1)

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """See `ExpiringStore`."""
        now, data = microseconds(self._clock.now()), encoded(value)
        self._purge(now)
        until = microseconds(expires_at)
        return bool(self._database.rows(ADD, name=stored_key(key), data=data, until=until, now=now))

    def get(self, key: str) -> str | None:
        """See `ExpiringStore`."""
        now = microseconds(self._clock.now())
        rows = self._database.rows(GET, name=stored_key(key), now=now)
        return decoded(rows[0][0]) if rows else None

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """See `ExpiringStore`."""
        data = encoded(value)
        self._purge(microseconds(self._clock.now()))
        self._database.rows(SET, name=stored_key(key), data=data, until=microseconds(expires_at))

    def delete(self, key: str) -> None:
        """See `ExpiringStore`."""
        self._database.rows(DELETE, name=stored_key(key))

    def _purge(self, now: int) -> None:
        if next(self._writes) % PURGE_EVERY == 0:
            self._database.rows(PURGE, now=now)
