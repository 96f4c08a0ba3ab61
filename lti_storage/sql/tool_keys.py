"""SqlToolKeys: the tool's own keys in a SQL database."""

from sqlalchemy import bindparam, insert, select

from lti_core.keys import SigningKey, read_private_key
from lti_core.ports import Clock
from lti_storage.expiring import microseconds
from lti_storage.sql.database import Database
from lti_storage.sql.schema import TOOL_KEYS

ALL = select(TOOL_KEYS.c.pem).order_by(TOOL_KEYS.c.number.desc())
ADD = insert(TOOL_KEYS).values(kid=bindparam("name"), pem=bindparam("text"), added_at=bindparam("now"))


class SqlToolKeys:
    """Keys that all processes share. They stand in the database in clear: who reads it can sign as this tool.

    Args:
        url: as of `Database`.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._database = Database(url)
        self._clock = clock
        self._all, self._add = map(self._database.compiled, (ALL, ADD))
        self._read: dict[str, SigningKey] = {}  # by PEM text; to read one takes milliseconds

    def all(self) -> tuple[SigningKey, ...]:
        """See `ToolKeys`."""
        pems = [pem for (pem,) in self._database.rows(self._all)]
        self._read = {pem: self._read.get(pem) or read_private_key(pem) for pem in pems}
        return tuple(self._read.values())

    def add(self, pem: str) -> SigningKey:
        """See `ToolKeys`."""
        key = read_private_key(pem)
        self._database.inserted(self._add, name=key.kid, text=pem, now=microseconds(self._clock.now()))
        return key
