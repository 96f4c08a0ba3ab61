import sqlite3
import stat
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from attrs import evolve

from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.registration import Registration
from lti_storage.sql import SqlRegistrations, SqlStore
from tests.fakes import NOON, TOOL_PEM, FixedClock

SOON = NOON + timedelta(minutes=10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """The same file, opened by somebody else."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def count_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM lti_expiring").fetchone()[0]


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("sqlite://", "memory://"),
        ("sqlite:///", "memory://"),
        ("sqlite:///:memory:", "memory://"),
        ("sqlite:///file:kept?mode=memory&uri=true", "sqlite:////"),
        ("sqlite:///kept.db?mode=ro", "sqlite:////"),
        ("sqlite://kept.db", "sqlite:////"),
        ("sqlite+aiosqlite:///kept.db", "sqlite:////"),
        ("oracle://user:pa55word@db/tool", "sqlite:////"),
        ("postgresql+asyncpg://user:pa55word@db/tool", "postgresql://"),
        ("postgres://user:pa55word@db/tool", "postgresql://"),
        ("postgresql://user:pa55word@db:port/tool", "postgresql://"),
        ("postgresql://user:pa55word@db", "host/database"),
        ("postgresql://user:pa55word@db/tool?colour=red", "libpq"),
        ("mysql://user:pa55word@db", "host/database"),
        ("mysql://user:pa55word@db/tool?init_command=DROP", "ssl_ca"),
        ("kept.db", "sqlite:////"),
        ("", "sqlite:////"),
    ],
)
def test_a_url_that_is_not_possible_is_explained(url: str, remedy: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        SqlStore(url, FixedClock())
    assert refusal.value.code == "config.storage_url_invalid"
    assert remedy in refusal.value.message
    assert "pa55word" not in repr(refusal.value)


@pytest.mark.parametrize(
    ("scheme", "driver", "module"), [("postgresql", "psycopg", "postgresql"), ("mysql", "pymysql", "mysql")]
)
def test_a_missing_driver_is_one_sentence_that_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, scheme: str, driver: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    monkeypatch.delitem(sys.modules, f"lti_storage.sql.{module}", raising=False)
    with pytest.raises(ConfigurationError) as refusal:
        SqlStore(f"{scheme}://user:pa55word@db/tool", FixedClock())
    assert (refusal.value.code, refusal.value.found) == ("config.extra_missing", driver)
    assert "lti-advantage-tool[sql]" in refusal.value.message


@pytest.mark.parametrize("url", ["postgresql://tool:pa55word@db/tool", "mysql://tool:pa55word@db/tool"])
def test_no_connection_is_made_before_it_is_needed(url: str) -> None:
    SqlStore(url, FixedClock())


def test_a_url_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = SqlStore("sqlite:///kept.db", FixedClock())
    monkeypatch.chdir("/")
    store.set("a", "1", SOON)
    assert count_of(tmp_path / "kept.db") == 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        SqlStore(f"sqlite:///{tmp_path}/missing/kept.db", FixedClock())
    assert refusal.value.code == "config.storage_folder_missing"
    assert str(tmp_path / "missing") in refusal.value.message


def test_a_folder_in_the_place_of_the_file_is_refused(path: Path, url: str) -> None:
    path.mkdir()
    with pytest.raises(ConfigurationError) as refusal:
        SqlStore(url, FixedClock())
    assert refusal.value.code == "config.storage_not_writable"


def test_the_file_is_for_its_owner_only(path: Path, url: str) -> None:
    store = SqlStore(url, FixedClock())
    store.set("a", "1", SOON)
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_sqlite_writes_ahead(url: str, plain: sqlite3.Connection) -> None:
    SqlStore(url, FixedClock()).set("a", "1", SOON)
    assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_neither_keys_nor_times_stand_in_clear(url: str, plain: sqlite3.Connection) -> None:
    SqlStore(url, FixedClock()).set("launch:secret id", "1", SOON)
    ((key,),) = plain.execute("SELECT key FROM lti_expiring").fetchall()
    assert len(key) == 64


def test_a_file_that_is_no_database_is_a_storage_that_is_down(path: Path, url: str) -> None:
    path.write_text("these are notes, and not a database " * 100)
    with pytest.raises(StorageFailed) as failure:
        SqlStore(url, FixedClock()).get("a")
    assert failure.value.code == "storage.unavailable"
    assert failure.value.found == "SQLITE_NOTADB"


def test_a_database_that_somebody_holds_is_down_after_a_while(url: str, plain: sqlite3.Connection) -> None:
    store = SqlStore(url, FixedClock())
    store.set("kept", "1", SOON)
    plain.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFailed) as failure:
        store.add("a", "secret value", SOON)
    assert failure.value.code == "storage.unavailable"
    assert failure.value.found == "SQLITE_BUSY"
    assert store.get("kept") == "1"  # reading goes on
    plain.execute("ROLLBACK")
    assert store.add("a", "1", SOON) is True


def test_a_failure_shows_no_value(url: str, plain: sqlite3.Connection) -> None:
    registrations = SqlRegistrations(url)
    assert registrations.all() == ()
    plain.execute("DROP TABLE lti_registrations")
    plain.execute("CREATE TABLE lti_registrations (key TEXT)")
    hidden = "-".join(["not", "to", "be", "shown"])
    with pytest.raises(StorageFailed) as failure:
        registrations.add(evolve(FULL, private_key=hidden))
    shown = "".join(traceback.format_exception(failure.value))
    assert hidden not in shown
    assert "INSERT" not in str(failure.value)


def test_a_database_of_another_version_is_refused(url: str, plain: sqlite3.Connection) -> None:
    SqlStore(url, FixedClock()).get("a")
    plain.execute("UPDATE lti_schema SET version = 99")
    with pytest.raises(ConfigurationError) as refusal:
        SqlStore(url, FixedClock()).get("a")
    assert (refusal.value.code, refusal.value.found) == ("config.storage_schema_unknown", 99)


def test_tables_that_were_half_made_are_completed(url: str, plain: sqlite3.Connection) -> None:
    SqlStore(url, FixedClock()).get("a")
    plain.execute("DELETE FROM lti_schema")
    plain.execute("DROP TABLE lti_expiring")
    store = SqlStore(url, FixedClock())
    assert store.add("a", "1", SOON) is True
    assert store.add("a", "1", SOON) is False


def test_what_has_expired_is_removed_along_with_writes(path: Path, url: str) -> None:
    clock = FixedClock()
    store = SqlStore(url, clock)
    for number in range(400):
        store.add(str(number), "1", SOON)
    clock.advance(600)
    for number in range(250):
        store.set(f"new {number}", "1", clock.now() + timedelta(hours=1))
    assert count_of(path) == 250
    assert all(store.get(f"new {number}") == "1" for number in range(250))


def test_what_has_not_expired_is_never_removed(path: Path, url: str) -> None:
    clock = FixedClock()
    store = SqlStore(url, clock)
    for number in range(250):
        assert store.add(str(number), "1", clock.now() + timedelta(seconds=250))
        clock.advance(1)
    assert not any(store.add(str(number), "2", SOON) for number in range(1, 250))


def test_many_may_make_the_same_database_at_once(tmp_path: Path) -> None:
    start = Barrier(8)

    def add(number: int) -> list[bool]:
        added = []
        for round_ in range(20):
            store = SqlStore(f"sqlite:///{tmp_path}/{round_}.db", FixedClock())
            start.wait()
            added.append(store.add("a", str(number), SOON))
        return added

    with ThreadPoolExecutor(8) as threads:
        rounds = list(zip(*threads.map(add, range(8)), strict=True))
    assert [added.count(True) for added in rounds] == [1] * 20


def test_two_stores_of_one_process_share_a_file(url: str) -> None:
    first, second = SqlStore(url, FixedClock()), SqlStore(url, FixedClock())
    assert first.add("a", "1", SOON) is True
    assert second.add("a", "2", SOON) is False
    assert SqlStore(url, FixedClock()).get("a") == "1"


# Registrations


FULL = Registration(
    issuer="https://lms.example",
    client_id="c2",
    login_url="https://lms.example/auth",
    key_set={"keys": [{"kid": "1"}]},
    deployment_ids=["d1"],
    private_key=TOOL_PEM,
)


@pytest.mark.parametrize("column", ["key_set", "deployment_ids"])
def test_a_row_that_was_spoilt_by_hand_is_explained(url: str, plain: sqlite3.Connection, column: str) -> None:
    registrations = SqlRegistrations(url)
    registrations.add(FULL)
    plain.execute(f"UPDATE lti_registrations SET {column} = 'd1, d2'")
    with pytest.raises(ConfigurationError) as refusal:
        registrations.find("https://lms.example", "c2")
    assert refusal.value.code == "config.registration_unreadable"
    assert "c2" in refusal.value.message
