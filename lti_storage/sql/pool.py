"""Connections of a process to a database: how many, how long to wait for one, and when one is looked at before use."""

import logging
import os
import weakref
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from sqlalchemy import Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from lti_core.errors import ConfigurationError

WAIT = 2.0  # seconds, until a database that does not answer counts as down
CONNECTIONS = 4  # of one process and one use; who waits for one of these waits in order
IDLE = 1.0  # seconds, after which a server may have closed a connection, or have been started again

LIMITS: Mapping[str, Any] = {
    "isolation_level": "AUTOCOMMIT",
    "poolclass": QueuePool,
    "pool_size": CONNECTIONS,
    "max_overflow": 0,
    "pool_timeout": WAIT,
    "pool_reset_on_return": None,  # each statement stands alone, and MySQL's ROLLBACK after it would be a round trip
    "hide_parameters": True,
}

logger = logging.getLogger(__name__)


def server_engine(url: URL, driver: str, connect: Callable[..., Any], **more: Any) -> Engine:
    """The connections of this process to a server. They are looked at before use, once they idled or one failed.

    So a server that was started again works without a restart of the tool, and no launch pays for the look.

    Args:
        driver: its SQLAlchemy name, as "postgresql+psycopg".
        connect: opens a connection of the driver, given what SQLAlchemy made of the URL.
        more: arguments of `create_engine`.

    Raises:
        ConfigurationError: `config.storage_url_invalid`.
    """
    if not url.database:
        message = f"The storage URL names no database: write {url.drivername}://user:password@host/database."
        raise ConfigurationError("config.storage_url_invalid", message)
    engine = create_engine(url.set(drivername=driver), **LIMITS, **more)
    errors = engine.dialect.loaded_dbapi.Error

    @event.listens_for(engine, "do_connect")
    def told(dialect: Dialect, record: object, positional: list[Any], named: dict[str, Any]) -> Any:
        try:
            return connect(*positional, **named)
        except errors as error:  # drivers name the server, the user and the reason, never the password
            logger.warning("No connection to the database: %s", " ".join(str(error).split()))
            raise

    _look_before_use(engine, errors)
    at_fork(engine, close_before=False)
    return engine


def _look_before_use(engine: Engine, errors: type[Exception]) -> None:
    failed_at = [0.0]

    @event.listens_for(engine, "checkin")
    def note(connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "invalidate")
    def distrust(connection: Any, record: Any, error: object) -> None:
        failed_at[0] = monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _: object) -> None:
        now = monotonic()
        if record.info.get("used", now) >= max(failed_at[0], now - IDLE):
            return
        try:
            engine.dialect.do_ping(connection)
        except errors as error:
            if monotonic() - now > IDLE:
                raise  # it hangs, and so would the next
            raise DisconnectionError from error  # another one is opened


def at_fork(engine: Engine, *, close_before: bool) -> None:
    """A child has connections of its own, and leaves those of its parent alone."""
    known = weakref.ref(engine)

    def disposing(close: bool) -> Callable[[], None]:
        def dispose() -> None:
            if (ours := known()) is not None:
                ours.dispose(close=close)

        return dispose

    if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
        os.register_at_fork(after_in_child=disposing(close=False))
        if close_before:
            os.register_at_fork(before=disposing(close=True))
