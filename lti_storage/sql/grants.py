"""SqlGrants: kept grants in a SQL database."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from lti_core.services.grant import ServiceGrant
from lti_storage.expiring import decoded, encoded
from lti_storage.grants import in_order, read_grant, unreadable, written
from lti_storage.sql.database import Database, compiled
from lti_storage.sql.schema import GRANTS

_ROW = GRANTS.c
_THIS = _ROW.key == bindparam("name")
_INSERT = insert(GRANTS).values(key=bindparam("name"), document=bindparam("data"))

KEEP = compiled(_INSERT.on_conflict_do_update(index_elements=[_ROW.key], set_={"document": _INSERT.excluded.document}))
FIND = compiled(select(_ROW.document).where(_THIS))
ALL = compiled(select(_ROW.document))
REVOKE = compiled(delete(GRANTS).where(_THIS).returning(_ROW.key))


class SqlGrants:
    """Grants that all processes share. Each call is one statement, however many there are.

    Args:
        url: as of `Database`.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)

    def keep(self, grant: ServiceGrant) -> None:
        """See `Grants`."""
        self._database.rows(KEEP, name=grant.key, data=encoded(written(grant)))

    def find(self, key: str) -> ServiceGrant | None:
        """See `Grants`."""
        rows = self._database.rows(FIND, name=key)
        return _grant(rows[0][0]) if rows else None

    def all(self) -> tuple[ServiceGrant, ...]:
        """See `Grants`."""
        return in_order(_grant(document) for (document,) in self._database.rows(ALL))

    def revoke(self, key: str) -> bool:
        """See `Grants`."""
        return bool(self._database.rows(REVOKE, name=key))


def _grant(document: bytes) -> ServiceGrant:
    try:
        text = decoded(document)
    except UnicodeError:
        raise unreadable("one of them is not text") from None
    return read_grant(text)
