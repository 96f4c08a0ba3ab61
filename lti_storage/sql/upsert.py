"""Statements that insert a row, or change the one with its key: each kind of database has words of its own for it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Table, update
from sqlalchemy.sql.expression import ClauseElement

from lti_storage.sql.database import Database
from lti_storage.sql.kinds import Kind

Values = Mapping[str, BindParameter[Any]]  # by column; each table has its key in the column `key`


def keeping(kind: Kind, table: Table, values: Values) -> ClauseElement:
    """Insert a row, or put its values in the place of the one with its key."""
    new = kind.insert(table).values(values)
    if kind.dialect.name == "mysql":
        statement: ClauseElement = new.on_duplicate_key_update({name: new.inserted[name] for name in _rest(values)})
    else:
        changes = {name: new.excluded[name] for name in _rest(values)}
        statement = new.on_conflict_do_update(index_elements=[table.c.key], set_=changes)
    return statement


class Adding:
    """Insert a row, unless one with its key is there that has not expired. Of many who try at once, one wins.

    SQLite and PostgreSQL: in one statement; a row that comes back tells who won. MySQL counts the same for both
    outcomes of such a statement, so there it is two: who cannot insert takes over an expired row. When the expired row
    is purged between the two, nobody wins: too careful is right for nonces.
    """

    def __init__(self, database: Database, table: Table, values: Values, expired: ColumnElement[bool]) -> None:
        self._database = database
        new, key = database.kind.insert(table).values(values), table.c.key
        self._in_two = database.kind.dialect.name == "mysql"
        if self._in_two:
            self._insert = database.compiled(new)
            taking_over = update(table).where(key == values["key"], expired)
            self._take_over = database.compiled(taking_over.values({name: values[name] for name in _rest(values)}))
        else:
            changes = {name: new.excluded[name] for name in _rest(values)}
            statement = new.on_conflict_do_update(index_elements=[key], set_=changes, where=expired)
            self._insert = database.compiled(statement.returning(key))

    def add(self, **given: object) -> bool:
        """Whether this one won.

        Raises:
            StorageFailed: `storage.unavailable`.
        """
        if not self._in_two:
            return bool(self._database.rows(self._insert, **given))
        return self._database.inserted(self._insert, **given) or self._database.count(self._take_over, **given) == 1


def _rest(values: Values) -> list[str]:
    return [name for name in values if name != "key"]
