"""SqlGrants: kept grants in a SQL database."""

from sqlalchemy import bindparam, delete, select

from lti_core.services.grant import ServiceGrant
from lti_storage.expiring import decoded, encoded
from lti_storage.grants import in_order, read_grant, unreadable, written
from lti_storage.sql.database import Database
from lti_storage.sql.schema import GRANTS
from lti_storage.sql.upsert import Values, keeping

_ROW = GRANTS.c
_THIS = _ROW.key == bindparam("name")
_VALUES: Values = {"key": bindparam("name"), "document": bindparam("data")}

FIND = select(_ROW.document).where(_THIS)
ALL = select(_ROW.document)
REVOKE = delete(GRANTS).where(_THIS)


class SqlGrants:
    """Grants that all processes share. Each call is one statement, however many there are.

    Args:
        url: as of `Database`.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._keep = self._database.compiled(keeping(self._database.kind, GRANTS, _VALUES))
        self._find, self._all, self._revoke = map(self._database.compiled, (FIND, ALL, REVOKE))

    def keep(self, grant: ServiceGrant) -> None:
        """See `Grants`."""
        self._database.count(self._keep, name=grant.key, data=encoded(written(grant)))

    def find(self, key: str) -> ServiceGrant | None:
        """See `Grants`."""
        rows = self._database.rows(self._find, name=key)
        return _grant(rows[0][0]) if rows else None

    def all(self) -> tuple[ServiceGrant, ...]:
        """See `Grants`."""
        return in_order(_grant(document) for (document,) in self._database.rows(self._all))

    def revoke(self, key: str) -> bool:
        """See `Grants`."""
        return self._database.count(self._revoke, name=key) > 0


def _grant(document: bytes) -> ServiceGrant:
    try:
        text = decoded(document)
    except UnicodeError:
        raise unreadable("one of them is not text") from None
    return read_grant(text)
