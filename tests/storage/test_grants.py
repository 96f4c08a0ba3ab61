"""Kept grants: the same promises for a file and for a database."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_adapters.clock import SystemClock
from lti_core import claims as c
from lti_core.claims import Endpoint, NamesRoleService
from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.services.grant import ServiceGrant
from lti_core.structuring import structure
from lti_storage.grant_files import FileGrants
from lti_storage.grants import Grants, NoGrants, grant_of, read_grant, written
from lti_storage.sql import SqlGrants
from tests.fakes import NOON, FixedClock
from tests.good import CLAIMS, launch

Opener = Callable[[], Grants]
PROCESSES, EACH = 8, 6
SENT = {
    c.AGS_ENDPOINT: {
        "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        "lineitems": "https://lms.example/c/3/lineitems",
        "lineitem": "https://lms.example/c/3/lineitems/9?type_id=1",
        "https://vendor.example/extra": {"deep": [1, 2.5, None, {"ключ": True}]},
    },
    c.NRPS: {"context_memberships_url": "https://lms.example/c/3/members", "service_versions": ["2.0"]},
    c.GROUPS: {"context_groups_url": "https://lms.example/c/3/groups", "scope": ["s"], "service_versions": ["1.0"]},
}
FULL = ServiceGrant(
    issuer="https://lms.example",
    client_id="tool-1",
    deployment_id="dep-1",
    context_id="c-3",
    context_title="Biologie — 生物学",
    resource_link_id="rl-7",
    resource_link_title="Quiz 7",
    platform="moodle",
    endpoint=structure(Endpoint, SENT[c.AGS_ENDPOINT]),
    names_role_service=structure(NamesRoleService, SENT[c.NRPS]),
    groups_service=structure(c.GroupsService, SENT[c.GROUPS]),
    expires_at=NOON + timedelta(days=30),
)
BARE = ServiceGrant(issuer="https://lms.example", client_id="tool-1", deployment_id="dep-1", resource_link_id="rl-1")


def numbered(number: int) -> ServiceGrant:
    return evolve(FULL, context_id=f"c-{number:04}")


@pytest.fixture(params=["file", "sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


def opened(kind: str, folder: Path) -> Grants:
    if kind == "file":
        return FileGrants(folder / "grants.json", SystemClock())
    return SqlGrants(f"sqlite:///{folder}/grants.db")


@pytest.fixture
def open_grants(kind: str, tmp_path: Path) -> Opener:
    return lambda: opened(kind, tmp_path)


def test_at_first_there_are_none(open_grants: Opener) -> None:
    grants = open_grants()
    assert grants.all() == ()
    assert grants.find(FULL.key) is None
    assert grants.revoke(FULL.key) is False


@pytest.mark.parametrize("grant", [FULL, BARE], ids=["full", "bare"])
def test_a_grant_comes_back_as_it_was_with_what_the_platform_sent(open_grants: Opener, grant: ServiceGrant) -> None:
    open_grants().keep(grant)
    assert open_grants().find(grant.key) == grant
    assert open_grants().all() == (grant,)
    assert [dict(one.endpoint.claims) for one in open_grants().all() if one.endpoint] in ([], [SENT[c.AGS_ENDPOINT]])


def test_a_grant_that_was_made_by_hand_comes_back_too(open_grants: Opener) -> None:
    endpoint = Endpoint(scopes=("s1", "s2"), line_items="https://lms.example/l")
    open_grants().keep(evolve(BARE, endpoint=endpoint))
    found = open_grants().find(BARE.key)
    assert found is not None
    assert found.endpoint is not None
    assert (found.endpoint.scopes, found.endpoint.line_items) == (endpoint.scopes, endpoint.line_items)
    assert found.endpoint.line_item is None


def test_the_seal_of_a_grant_is_kept_with_it(open_grants: Opener) -> None:
    open_grants().keep(evolve(FULL, seal="s"))
    assert [grant.seal for grant in open_grants().all()] == ["s"]


def test_a_grant_has_the_names_of_course_and_link_of_its_launch() -> None:
    link = {**CLAIMS, c.RESOURCE_LINK: {"id": "rl-7", "title": "Quiz 7"}, c.CONTEXT: {"id": "c-3", "title": "Maths"}}
    grant = ServiceGrant.of(launch(link))
    assert (grant.context_id, grant.context_title) == ("c-3", "Maths")
    assert (grant.resource_link_id, grant.resource_link_title) == ("rl-7", "Quiz 7")


def test_what_was_changed_since_the_launch_is_what_is_kept(open_grants: Opener) -> None:
    assert FULL.endpoint is not None
    fewer = evolve(FULL, endpoint=evolve(FULL.endpoint, scopes=(), line_item=None))
    open_grants().keep(fewer)
    found = open_grants().find(FULL.key)
    assert found is not None
    assert found.endpoint is not None
    assert (found.endpoint.scopes, found.endpoint.line_item) == ((), None)


def test_a_later_grant_of_the_same_course_takes_the_place_of_the_first(open_grants: Opener) -> None:
    grants = open_grants()
    grants.keep(FULL)
    grants.keep(evolve(FULL, resource_link_id="rl-8", expires_at=None))
    (found,) = grants.all()
    assert (found.resource_link_id, found.expires_at) == ("rl-8", None)


def test_a_revoked_grant_is_gone_for_everybody(open_grants: Opener) -> None:
    ours, theirs = open_grants(), open_grants()
    ours.keep(FULL)
    ours.keep(BARE)
    assert theirs.revoke(FULL.key) is True
    assert theirs.revoke(FULL.key) is False
    assert ours.all() == (BARE,)
    assert ours.find(FULL.key) is None


def test_one_whose_time_is_over_stays_until_it_is_revoked(open_grants: Opener) -> None:
    grants = open_grants()
    grants.keep(evolve(FULL, expires_at=datetime(2001, 1, 1, tzinfo=UTC)))
    assert [grant.expires_at for grant in grants.all()] == [datetime(2001, 1, 1, tzinfo=UTC)]


def test_the_end_is_the_same_moment_whatever_the_zone(open_grants: Opener) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=9)))
    open_grants().keep(evolve(FULL, expires_at=there))
    (found,) = open_grants().all()
    assert found.expires_at == NOON


def test_grants_of_one_platform_and_deployment_stand_together(open_grants: Opener) -> None:
    grants = open_grants()
    several = [evolve(FULL, issuer=f"https://{issuer}.example", context_id=f"c{n}") for n in (2, 1) for issuer in "ba"]
    for grant in several:
        grants.keep(grant)
    names = [(grant.issuer, grant.context_id) for grant in grants.all()]
    assert names == sorted(names)


def test_tenants_never_share_a_grant(open_grants: Opener) -> None:
    grants = open_grants()
    for changes in ({}, {"deployment_id": "dep-2"}, {"client_id": "tool-2"}, {"issuer": "https://other.example"}):
        grants.keep(evolve(FULL, **changes))
    assert len(grants.all()) == 4


def keep_many(kind: str, folder: Path, number: int, wait: Callable[[], object]) -> None:
    grants = opened(kind, folder)
    wait()
    for count in range(EACH):
        grants.keep(numbered(number * EACH + count))
        assert len(grants.all()) >= count
    grants.revoke(numbered(number * EACH).key)


def test_eight_processes_at_once_lose_nothing(kind: str, tmp_path: Path) -> None:
    context = get_context("fork")
    barrier = context.Barrier(PROCESSES, timeout=60)
    everybody = [
        context.Process(target=keep_many, args=(kind, tmp_path, number, barrier.wait)) for number in range(PROCESSES)
    ]
    for process in everybody:
        process.start()
    for process in everybody:
        process.join()
    assert [process.exitcode for process in everybody] == [0] * PROCESSES
    assert len(opened(kind, tmp_path).all()) == PROCESSES * (EACH - 1)


@pytest.mark.parametrize("part", ["endpoint", "names_role_service", "groups_service"])
def test_the_kept_text_holds_nothing_but_the_services_and_the_names_of_the_course(part: str) -> None:
    document = json.loads(written(FULL))
    assert set(document[part]) <= {name for sent in SENT.values() for name in sent}
    assert set(document) == {
        *("issuer", "client_id", "deployment_id", "context_id", "context_title", "platform", "expires_at"),
        *("resource_link_id", "resource_link_title", "endpoint", "names_role_service", "groups_service"),
    }


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("issuer", None, "issuer is missing"),
        ("issuer", 5, "issuer must be a text"),
        ("context_id", ["c"], "context_id must be a text"),
        ("endpoint", "https://lms.example", "endpoint must be an object"),
        ("endpoint", {"scope": [1]}, "endpoint.scope must be an array of texts"),
        ("names_role_service", {}, "names_role_service.context_memberships_url is missing"),
        ("expires_at", 5, "expires_at must be a time"),
        ("expires_at", "soon", "expires_at must be a time"),
        ("expires_at", "2026-11-24T12:00:00", "expires_at must be a time with its zone"),
        ("expires_at", "0001-01-01T00:00:00+09:00", "expires_at must be a time with its zone"),
        ("seal", 5, "seal must be a text"),
    ],
)
def test_a_grant_that_is_damaged_is_refused_by_name(name: str, value: object, problem: str) -> None:
    with pytest.raises(StorageFailed) as refusal:
        read_grant(json.dumps({**json.loads(written(FULL)), name: value}))
    assert refusal.value.code == "storage.grant_unreadable"
    assert problem in refusal.value.message


anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(json.loads(written(FULL)))), anything))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_kept_is_a_grant_or_is_refused(changed: dict[str, object]) -> None:
    try:
        grant = grant_of({**json.loads(written(FULL)), **changed})
    except StorageFailed:
        return
    assert written(read_grant(written(grant))) == written(grant)


@given(st.text())
def test_a_text_that_is_no_grant_is_refused(text: str) -> None:
    with pytest.raises(StorageFailed, match="grant_unreadable"):
        read_grant(text)


# A tool without a place for them


def test_without_a_place_nothing_is_kept_and_the_setting_is_named() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        NoGrants().keep(FULL)
    assert refusal.value.code == "config.grants_missing"
    assert "tool.grants" in refusal.value.message
    assert (NoGrants().all(), NoGrants().find(FULL.key), NoGrants().revoke(FULL.key)) == ((), None, False)


# Files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "grants.json"


@pytest.fixture
def file(path: Path) -> FileGrants:
    return FileGrants(path, FixedClock())


def test_files_are_for_their_owner_only(path: Path, file: FileGrants) -> None:
    file.keep(FULL)
    path.chmod(0o644)
    file.keep(BARE)
    assert {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()} == {0o600}


def test_looking_makes_no_file(path: Path, file: FileGrants) -> None:
    file.all(), file.find(FULL.key), file.revoke(FULL.key)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"grants": {}}', b'{"grants": [{}]}', b'{"grants": [], "grants": []}', b"\xff", b"\0"],
)
def test_a_damaged_file_is_told_and_stays_as_it_is(path: Path, file: FileGrants, content: bytes) -> None:
    path.write_bytes(content)
    for use in (file.all, lambda: file.find(FULL.key), lambda: file.keep(FULL), lambda: file.revoke(FULL.key)):
        with pytest.raises(StorageFailed) as refusal:
            use()
        assert refusal.value.code == "storage.grant_unreadable"
    assert path.read_bytes() == content


def test_a_half_written_draft_of_a_process_that_was_ended_harms_nobody(path: Path, file: FileGrants) -> None:
    file.keep(FULL)
    path.with_name("grants.json.new").write_text('{"grants": [')
    file.keep(BARE)
    assert set(file.all()) == {FULL, BARE}


@pytest.mark.parametrize("place", ["missing/grants.json", "."])
def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path, place: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        FileGrants(tmp_path / place / "", FixedClock()).keep(FULL)
    assert refusal.value.code == "config.grants_file_unusable"
    assert str(tmp_path) in refusal.value.message


def test_a_file_that_somebody_holds_all_the_time_is_down(path: Path, file: FileGrants) -> None:
    fcntl = pytest.importorskip("fcntl")
    file.keep(FULL)
    with open(path.with_name("grants.json.lock")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StorageFailed) as failure:
            file.keep(BARE)
        assert failure.value.code == "storage.unavailable"
        assert file.all() == (FULL,)  # reading goes on
    file.keep(BARE)


def test_a_file_of_hundreds_of_courses_is_read_by_line(path: Path, file: FileGrants) -> None:
    for number in range(3):
        file.keep(numbered(number))
    assert len(path.read_text().splitlines()) == 5


# SQL


def test_a_database_of_version_1_gets_the_table_and_keeps_the_rest(tmp_path: Path) -> None:
    database = tmp_path / "lti.db"
    SqlGrants(f"sqlite:///{database}").keep(BARE)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("INSERT INTO lti_expiring VALUES ('k', 'v', 1)")
        connection.execute("DROP TABLE lti_grants")
        connection.execute("UPDATE lti_schema SET version = 1")
        assert SqlGrants(f"sqlite:///{database}").all() == ()
        assert connection.execute("SELECT id, version FROM lti_schema").fetchall() == [(1, 2)]
        assert connection.execute("SELECT key, value, expires_at FROM lti_expiring").fetchall() == [("k", "v", 1)]
    SqlGrants(f"sqlite:///{database}").keep(FULL)
    assert SqlGrants(f"sqlite:///{database}").all() == (FULL,)


def upgrade(url: str, wait: Callable[[], object], results: Any) -> None:
    grants = SqlGrants(url)
    wait()
    grants.keep(numbered(os.getpid()))
    results.put(len(grants.all()))


def test_eight_processes_may_add_the_table_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lti.db"
    SqlGrants(url).all()
    with closing(sqlite3.connect(tmp_path / "lti.db", isolation_level=None)) as connection:
        connection.execute("DROP TABLE lti_grants")
        connection.execute("UPDATE lti_schema SET version = 1")
    context = get_context("fork")
    barrier, results = context.Barrier(PROCESSES, timeout=60), context.Queue()
    everybody = [context.Process(target=upgrade, args=(url, barrier.wait, results)) for _ in range(PROCESSES)]
    for process in everybody:
        process.start()
    assert max(results.get(timeout=60) for _ in everybody) == PROCESSES
    for process in everybody:
        process.join()


def test_a_damaged_row_is_told_and_can_be_revoked(tmp_path: Path) -> None:
    grants = SqlGrants(f"sqlite:///{tmp_path}/lti.db")
    grants.keep(FULL)
    with closing(sqlite3.connect(tmp_path / "lti.db", isolation_level=None)) as connection:
        connection.execute("UPDATE lti_grants SET document = ?", [b"\xff{}"])
    with pytest.raises(StorageFailed, match="grant_unreadable"):
        grants.all()
    assert grants.revoke(FULL.key)
    assert grants.all() == ()
