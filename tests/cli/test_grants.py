"""`lti grants`, `lti members` and `lti lineitems`, against a platform on loopback."""

import json
import os
import pty
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.cli.cells import plain_cell, printable, safe_cell
from lti_adapters.container import container_of
from lti_storage.grants import Grants
from tests.cli.conftest import PROGRAM
from tests.cli.served import Served, rows_of, served_in


def file_of(served: Served) -> Grants:
    """The kept grants, as the tool keeps them: signed."""
    grants: Grants = container_of(served.config).grants()
    return grants


def two(served: Served) -> tuple[str, str]:
    """Keys of two grants: the kept one, and one of another course."""
    [first] = file_of(served).all()
    second = evolve(first, context_id="other", context_title="Other \x1b[31mcourse")
    file_of(served).keep(second)
    return first.key, second.key


@pytest.mark.parametrize("place", ["grants.json", "sqlite:///grants.db"])
def test_a_launch_leaves_a_grant_that_a_command_can_use(run: Callable[..., Result], tmp_path: Path, place: str) -> None:
    with served_in(tmp_path, run, grants=place) as served:
        key = served.keep()
        [listed] = json.loads(served.lti("grants", "list", "--format", "json").output)
        assert listed["key"] == key
        assert {"read_members", "submit_scores", "read_results"} <= set(listed["allows"])
        members = rows_of(served.lti("members").output)
        assert [member["user_id"] for member in members] == [person.id for person in served.platform.members]
        assert served.lti("grants", "revoke", key[:8]).exit_code == 0
        assert served.lti("members").exit_code == 2
        assert served.platform.requests.of("members")[0].status == 200


def test_grants_are_listed_for_people_with_short_keys_and_tame_titles(served: Served) -> None:
    keys = two(served)
    output = served.lti("grants", "list", "--format", "table").output
    assert all(key[:12] in output and key not in output for key in keys)
    assert "Other \ufffd[31mcourse" in output
    assert "\x1b" not in output


def test_a_grant_is_shown_with_what_it_allows(served: Served) -> None:
    first, second = two(served)
    shown = json.loads(served.lti("grants", "show", first[:6]).output)
    assert shown["key"] == first
    assert shown["may"]["read_members"] is True
    assert shown["names_role_service"]["context_memberships_url"].startswith(served.platform.issuer)
    assert json.loads(served.lti("grants", "show", second).output)["context_title"] == "Other \x1b[31mcourse"


def test_among_several_one_must_be_named_and_they_are_told(served: Served) -> None:
    first, second = two(served)
    for arguments in (("members",), ("grants", "show"), ("lineitems", "--grant", "xyz")):
        result = served.lti(*arguments)
        assert result.exit_code == 2
        assert first[:12] in result.output
        assert second[:12] in result.output
        assert "\x1b" not in result.output
    assert served.lti("members", "--grant", first[:10]).exit_code == 0


def test_without_a_kept_grant_the_way_to_one_is_told(run: Callable[..., Result], tmp_path: Path) -> None:
    with served_in(tmp_path, run, grants="sqlite:///grants.db") as served:
        result = served.lti("members")
        assert result.exit_code == 2
        assert "lti.keep_grant(launch)" in result.output
        assert "lti.keep_grant(launch)" in served.lti("grants", "list").output
        assert [path.name for path in tmp_path.iterdir()] == ["lti.json"]


def test_one_whose_time_is_over_opens_nothing_and_is_listed_until_it_is_revoked(served: Served) -> None:
    [grant] = file_of(served).all()
    file_of(served).keep(evolve(grant, expires_at=datetime(2001, 1, 1, tzinfo=UTC)))
    result = served.lti("members")
    assert (result.exit_code, "grant.expired" in result.output) == (1, True)
    assert rows_of(served.lti("grants", "list").output)[0]["expires_at"] == "2001-01-01T00:00:00+00:00"
    assert served.platform.requests.of("members") == ()
    assert served.lti("grants", "revoke", "--expired").exit_code == 0
    assert file_of(served).all() == ()


def test_one_that_somebody_changed_is_not_listed_and_is_revoked_by_its_whole_key(served: Served) -> None:
    path = served.config.parent / "grants.json"
    [grant] = file_of(served).all()
    path.write_text(path.read_text().replace("/lineitems", "/elsewhere"))
    listed = served.lti("grants", "list")
    assert (listed.exit_code, rows_of(listed.stdout)) == (0, [])
    assert served.lti("grants", "revoke", grant.key).exit_code == 0
    assert "elsewhere" not in path.read_text()


def test_revoking_what_is_over_leaves_the_others(served: Served) -> None:
    served.keep("quiz-1", lifetime=timedelta(days=1))
    assert served.lti("grants", "revoke", "--expired").output == ""
    assert len(file_of(served).all()) == 1


@pytest.mark.parametrize("arguments", [(), ("--expired", "ab")])
def test_what_to_revoke_must_be_said(served: Served, arguments: tuple[str, ...]) -> None:
    result = served.lti("grants", "revoke", *arguments)
    assert result.exit_code == 2
    assert len(file_of(served).all()) == 1


def test_damaged_grants_are_told_in_a_sentence(served: Served) -> None:
    (served.config.parent / "grants.json").write_text("{")
    result = served.lti("grants", "list")
    assert result.exit_code == 2
    assert "is not JSON" in result.output
    assert "storage.grant_unreadable" in result.output


def test_a_database_is_told_in_the_check_of_a_configuration(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "lti.json").write_text(json.dumps({"tool": {"grants": "mongo://h"}}))
    assert "There is no storage 'mongo'" in run("config", "check", tmp_path / "lti.json").output


# members, and how rows are written


def test_members_have_their_roles_and_can_be_chosen_by_one(served: Served) -> None:
    learners = json.loads(served.lti("members", "--role", "Learner", "--format", "json").output)
    assert 0 < len(learners) < len(served.platform.members)
    assert all(any(role.endswith("Learner") for role in one["roles"]) for one in learners)


def test_an_empty_role_was_not_meant(served: Served) -> None:
    result = served.lti("members", "--role", "")
    assert (result.exit_code, "Invalid value for '--role': it is empty." in result.output) == (2, True)
    assert served.platform.requests.of("members") == ()


def test_a_course_that_is_told_by_pages_only_can_be_read(run: Callable[..., Result], tmp_path: Path) -> None:
    with served_in(tmp_path, run, profile="openedx", roster=3000) as served:
        served.keep()
        assert "Ask with a limit" in served.lti("members").output
        result = served.lti("members", "--limit", "1000")
        assert result.exit_code == 0
        assert len(rows_of(result.output)) == len(served.platform.members)
    assert run("members", "--limit", "0").exit_code == 2


def test_groups_are_told_when_they_are_asked_for(served: Served) -> None:
    members = json.loads(served.lti("members", "--groups", "--format", "json").output)
    assert any(member["group_ids"] for member in members)
    assert "group_ids" not in rows_of(served.lti("members").output)[0]


def test_a_file_is_for_its_owner_and_of_the_kind_that_its_name_says(served: Served) -> None:
    for name in ("roster.csv", "roster.json"):
        path = served.config.parent / name
        assert served.lti("members", "--output", path).output == ""
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    names = [member["name"] for member in rows_of((served.config.parent / "roster.csv").read_text())]
    assert names == [one["name"] for one in json.loads((served.config.parent / "roster.json").read_text())]


def test_a_list_that_breaks_off_leaves_the_file_of_before(served: Served) -> None:
    path = served.config.parent / "roster.csv"
    path.write_text("before")
    served.platform.misbehave("status", at="members", status=400)
    result = served.lti("members", "--output", path)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert path.read_text() == "before"
    assert sorted(one.name for one in path.parent.iterdir()) == [
        *("grants.json", "grants.json.lock", "lti.json", "roster.csv")
    ]


def test_a_place_that_cannot_be_written_to_is_named(served: Served) -> None:
    result = served.lti("members", "--output", "/proc/none/roster.csv")
    assert result.exit_code == 1
    assert "/proc/none/roster.csv" in result.output


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1"])
def test_a_name_is_no_formula(served: Served, name: str) -> None:
    served.platform.members.enrol(evolve(served.platform.members[0], id="u-evil", name=name, given_name=name))
    try:
        rows = rows_of(served.lti("members").output)
    finally:
        served.platform.members.drop("u-evil")
    [found] = [row["name"] for row in rows if row["user_id"] == "u-evil"]
    assert found == f"'{name}"


@given(st.text() | st.text(alphabet="'=+-@\t1a"))
def test_every_text_comes_back_from_its_safe_cell(text: str) -> None:
    cell = safe_cell(text)
    assert plain_cell(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.text())
def test_a_terminal_obeys_nothing_that_is_shown(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


def test_line_items_are_listed(served: Served) -> None:
    [item] = json.loads(served.lti("lineitems", "--format", "json").output)
    assert (item["label"], item["score_maximum"], item["resource_link_id"]) == ("Quiz 1", 10, "quiz-1")
    assert item["id"].startswith(served.platform.issuer)


def test_an_empty_list_is_an_empty_list(served: Served) -> None:
    assert json.loads(served.lti("members", "--role", "Nobody", "--format", "json").output) == []
    assert rows_of(served.lti("members", "--role", "Nobody").output) == []
    assert "user_id" in served.lti("members", "--role", "Nobody", "--format", "table").output


def test_what_the_platform_did_not_offer_is_told(served: Served) -> None:
    [grant] = file_of(served).all()
    file_of(served).keep(evolve(grant, names_role_service=None))
    result = served.lti("members")
    assert (result.exit_code, "service.nrps.not_offered" in result.output) == (1, True)


def at_a_terminal(*arguments: object) -> str:
    """What the command writes at a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*PROGRAM, *map(str, arguments)], stdout=theirs, stderr=theirs, stdin=theirs)
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 65536):
            written += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait(60) == 0
    return written.decode()


def test_at_a_terminal_there_is_a_table_with_progress_and_in_a_pipe_neither(served: Served) -> None:
    written = at_a_terminal("members", "--config", served.config)
    assert "\x1b[" in written
    assert "user_id" in written
    assert "user_id,name" not in written
    piped = subprocess.run(
        [*PROGRAM, "members", "--config", str(served.config)], capture_output=True, text=True, check=True
    )
    assert piped.stdout.startswith("user_id,name,")
    assert piped.stderr == ""
    assert "\x1b" not in piped.stdout


def test_an_old_database_of_the_tool_gets_the_table_of_grants(run: Callable[..., Result], tmp_path: Path) -> None:
    with served_in(tmp_path, run, grants="sqlite:///lti.db") as served:
        served.keep()
        with closing(sqlite3.connect(tmp_path / "lti.db", isolation_level=None)) as connection:
            connection.execute("DROP TABLE lti_grants")
            connection.execute("UPDATE lti_schema SET version = 1")
        served.keep()
        assert served.lti("members").exit_code == 0
