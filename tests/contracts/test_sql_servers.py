"""What is particular to SQL on a server: PostgreSQL and MariaDB."""

import logging
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.pool import QueuePool

from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.registration import Registration
from lti_storage.sql import SqlGrants, SqlRegistrations, SqlStore, prepare
from lti_storage.sql.pool import CONNECTIONS
from tests.contracts.backends import Backend, named
from tests.contracts.conftest import NewUrl
from tests.contracts.test_grants import FULL
from tests.fakes import NOON, TOOL_PEM, FixedClock

SOON = NOON + timedelta(minutes=10)
DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
GIVEN = Registration(
    issuer="https://lms.example", client_id="c1", login_url="https://lms.example/auth",
    key_set_url="https://lms.example/keys", deployment_ids=["d1"],
)  # fmt: skip

pytestmark = pytest.mark.parametrize(
    "backend", [named("postgresql"), named("mariadb")], indirect=True, ids=lambda backend: backend.name
)


@pytest.fixture
def plain(url: str) -> Iterator[Connection]:
    """The same database, opened by somebody else."""
    scheme, rest = url.split(":", 1)
    engine = create_engine(f"{DRIVERS[scheme]}:{rest}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def do(plain: Connection, *statements: str) -> None:
    for statement in statements:
        plain.execute(text(statement))
    plain.commit()


def count_of(plain: Connection) -> int:
    plain.commit()
    found: int = plain.execute(text("SELECT count(*) FROM lti_expiring")).scalar_one()
    return found


def test_a_row_that_somebody_holds_is_a_store_that_is_down(url: str, plain: Connection) -> None:
    store = SqlStore(url, FixedClock())
    store.set("held", "1", SOON)
    plain.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))  # or MariaDB locks what is between, too
    plain.execute(text("UPDATE lti_expiring SET expires_at = 1"))
    with pytest.raises(StorageFailed) as failure:
        store.set("held", "2", SOON)
    assert failure.value.code == "storage.unavailable"
    assert store.add("other", "1", SOON) is True
    plain.rollback()
    store.set("held", "2", SOON)
    assert store.get("held") == "2"


@pytest.mark.parametrize("mistake", ["password", "user", "database"])
def test_who_is_not_let_in_is_told_the_reason_in_the_log_without_password(
    url: str, mistake: str, caplog: pytest.LogCaptureFixture
) -> None:
    parts = make_url(url)
    wrong = parts.set(**{mistake.replace("user", "username"): "wr0ng"}).render_as_string(hide_password=False)
    with pytest.raises(StorageFailed) as failure:
        SqlStore(wrong, FixedClock()).get("a")
    shown = caplog.text + "".join(traceback.format_exception(failure.value))
    assert failure.value.code == "storage.unavailable"
    assert [(record.name, record.levelno) for record in caplog.records] == [("lti_storage.sql.pool", logging.WARNING)]
    assert ("wr0ng" if mistake == "password" else "pa55word") not in shown


def test_a_failure_shows_no_value(url: str, plain: Connection) -> None:
    registrations = SqlRegistrations(url)
    registrations.all()
    do(plain, "DROP TABLE lti_registrations", "CREATE TABLE lti_registrations (issuer TEXT)")
    hidden = "-".join(["not", "to", "be", "shown"])
    with pytest.raises(StorageFailed) as failure:
        registrations.add(evolve(GIVEN, private_key=TOOL_PEM, audience=hidden))
    assert hidden not in "".join(traceback.format_exception(failure.value))


def test_what_has_expired_is_removed_by_many_who_write(url: str, plain: Connection) -> None:
    clock = FixedClock()
    store = SqlStore(url, clock)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: store.add(str(number), "1", SOON), range(600)))
        clock.advance(600)
        later = clock.now() + timedelta(hours=1)
        list(threads.map(lambda number: store.set(f"new {number}", "1", later), range(600)))
    assert count_of(plain) == 600
    assert all(store.get(f"new {number}") == "1" for number in range(600))


def test_a_database_of_version_1_gets_what_it_lacks_and_keeps_the_rest(url: str, plain: Connection) -> None:
    SqlStore(url, FixedClock()).set("kept", "1", SOON)
    do(plain, "DROP TABLE lti_grants", "UPDATE lti_schema SET version = 1")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: prepare(url), range(8)))
    SqlGrants(url).keep(FULL)
    assert SqlGrants(url).all() == (FULL,)
    assert SqlStore(url, FixedClock()).get("kept") == "1"
    assert plain.execute(text("SELECT id, version FROM lti_schema")).all() == [(1, 2)]


def test_tables_that_were_half_made_are_completed(url: str, plain: Connection, backend: Backend) -> None:
    prepare(url)
    dropping = "DROP INDEX ix_lti_expiring_expires_at" + (" ON lti_expiring" if backend.name == "mariadb" else "")
    do(plain, "DELETE FROM lti_schema", dropping, "DROP TABLE lti_tool_keys")
    prepare(url)
    do(plain, dropping, "DROP TABLE lti_tool_keys")  # they are there again


def test_a_database_of_a_later_version_is_refused(url: str, plain: Connection) -> None:
    prepare(url)
    do(plain, "UPDATE lti_schema SET version = 99")
    with pytest.raises(ConfigurationError) as refusal:
        SqlStore(url, FixedClock()).get("a")
    assert (refusal.value.code, refusal.value.found) == ("config.storage_schema_unknown", 99)


def test_a_user_who_may_not_make_tables_uses_those_that_are_there(url: str, plain: Connection) -> None:
    prepare(url)
    if url.startswith("postgresql"):
        schema = plain.execute(text("SELECT current_schema()")).scalar_one()
        do(
            plain,
            "DROP OWNED BY guest" if _has_guest(plain) else "CREATE USER guest PASSWORD 'guest'",
            f"GRANT USAGE ON SCHEMA {schema} TO guest",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO guest",
        )
    else:
        do(
            plain,
            "CREATE OR REPLACE USER guest@127.0.0.1 IDENTIFIED BY 'guest'",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {plain.engine.url.database}.* TO guest@127.0.0.1",
        )
    store = SqlStore(url.replace("tool:pa55word@", "guest:guest@"), FixedClock())
    assert store.add("a", "1", SOON) is True
    assert store.add("a", "2", SOON) is False


def _has_guest(plain: Connection) -> bool:
    return bool(plain.execute(text("SELECT 1 FROM pg_roles WHERE rolname = 'guest'")).scalar())


def test_many_threads_share_few_connections(url: str) -> None:
    store, connections = SqlStore(url, FixedClock()), set()

    def note(connection: Any, record: object) -> None:
        connections.add(connection)

    event.listen(QueuePool, "connect", note)
    try:
        with ThreadPoolExecutor(64) as threads:
            list(threads.map(lambda number: store.set(str(number), "1", SOON), range(256)))
    finally:
        event.remove(QueuePool, "connect", note)
    assert 0 < len(connections) <= CONNECTIONS


def test_text_of_any_kind_stands_in_the_tables_as_it_is(new_url: NewUrl) -> None:
    registrations = SqlRegistrations(new_url())
    odd = evolve(GIVEN, client_id="a\\'\"%s :x 😀", audience="\u202e%(name)s")
    registrations.add(odd)
    (found,) = registrations.all()
    assert (found.client_id, found.audience) == (odd.client_id, odd.audience)


def test_a_connection_may_be_encrypted(url: str) -> None:
    """As far as the server offers it; by the driver's own rules."""
    store: Callable[..., Any] = SqlStore(url.replace("?ssl_disabled=true", ""), FixedClock()).add
    assert store("a", "1", SOON) is True
