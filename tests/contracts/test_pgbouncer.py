"""SQL by way of PgBouncer in transaction mode, where a session is shared with whoever else uses the pooler."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic

import psycopg
import pytest

from lti_core.errors import StorageFailed
from lti_storage.sql import SqlGrants, SqlRegistrations, SqlStore, SqlToolKeys, prepare
from tests.contracts.test_grants import FULL
from tests.contracts.test_sql_servers import GIVEN
from tests.fakes import NOON, TOOL_PEM, FixedClock
from tests.servers.pgbouncer import PgBouncer
from tests.servers.postgresql import PostgreSql
from tests.servers.process import PATIENCE

SOON = NOON + timedelta(minutes=10)
KEYS, PROCESSES = 100, 8


@pytest.fixture(scope="module")
def database() -> Iterator[PostgreSql]:
    started = PostgreSql()
    yield started
    started.process.close()


@pytest.fixture(scope="module")
def pooler(database: PostgreSql) -> Iterator[PgBouncer]:
    started = PgBouncer(database)
    yield started
    started.process.close()


def test_of_many_stores_each_key_is_won_once(pooler: PgBouncer) -> None:
    with ThreadPoolExecutor(PROCESSES) as threads:
        list(threads.map(lambda _: prepare(pooler.url), range(PROCESSES)))
        stores = [SqlStore(pooler.url, FixedClock()) for _ in range(PROCESSES)]
        won = threads.map(lambda store: [n for n in range(KEYS) if store.add(str(n), "1", SOON)], stores)
        assert sorted(number for numbers in won for number in numbers) == list(range(KEYS))


def test_everything_may_stand_behind_it(pooler: PgBouncer) -> None:
    SqlGrants(pooler.url).keep(FULL)
    SqlRegistrations(pooler.url).add(GIVEN)
    key = SqlToolKeys(pooler.url, FixedClock()).add(TOOL_PEM)
    assert SqlGrants(pooler.url).all() == (FULL,)
    assert [one.client_id for one in SqlRegistrations(pooler.url).all()] == [GIVEN.client_id]
    assert [one.kid for one in SqlToolKeys(pooler.url, FixedClock()).all()] == [key.kid]


def test_no_setting_of_ours_meets_others_who_use_the_same_pooler(pooler: PgBouncer) -> None:
    with ThreadPoolExecutor(PROCESSES) as threads:
        stores = [SqlStore(pooler.url, FixedClock()) for _ in range(PROCESSES)]
        list(threads.map(lambda store: store.get("a"), stores))
    assert [pooler.shown("statement_timeout") for _ in range(PROCESSES)] == ["0"] * PROCESSES


def test_without_a_pooler_the_server_itself_gives_up_what_takes_too_long(database: PostgreSql) -> None:
    store = SqlStore(database.url, FixedClock())
    store.set("held", "1", SOON)
    with psycopg.connect(database.url) as holder, psycopg.connect(database.url, autocommit=True) as watcher:
        holder.execute("UPDATE lti_expiring SET expires_at = expires_at")
        with pytest.raises(StorageFailed):
            store.set("held", "2", SOON)
        give_up = monotonic() + PATIENCE
        while watcher.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone():
            assert monotonic() < give_up, "the server still waits"
    assert store.get("held") == "1"
