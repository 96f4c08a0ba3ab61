import stat
from collections.abc import Callable
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from lti_core.errors import ConfigurationError
from lti_core.keys import new_private_key, public_pem, read_private_key
from lti_storage.sql import SqlToolKeys
from lti_storage.tool_keys import FolderToolKeys, NoToolKeys, ToolKeys
from tests.fakes import PLATFORM_PEM, TOOL_PEM, FixedClock

Opener = Callable[[], ToolKeys]
THIRD_PEM = new_private_key()


def kid_of(pem: str) -> str:
    return read_private_key(pem).kid


def kids(keys: ToolKeys) -> list[str]:
    return [key.kid for key in keys.all()]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(params=["folder", "sqlite"])
def open_keys(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Opener:
    if request.param == "folder":
        return lambda: FolderToolKeys(tmp_path / "deep" / "keys", clock)
    return lambda: SqlToolKeys(f"sqlite:///{tmp_path}/keys.db", clock)


def test_at_first_there_are_no_keys(open_keys: Opener) -> None:
    assert open_keys().all() == ()


def test_the_newest_key_is_the_first(open_keys: Opener, clock: FixedClock) -> None:
    keys = open_keys()
    for pem in (TOOL_PEM, PLATFORM_PEM, THIRD_PEM):
        assert keys.add(pem).kid == kid_of(pem)
        clock.advance(1)
    assert kids(keys) == [kid_of(THIRD_PEM), kid_of(PLATFORM_PEM), kid_of(TOOL_PEM)]


def test_keys_outlive_the_process_and_are_seen_by_others(open_keys: Opener, clock: FixedClock) -> None:
    ours, theirs = open_keys(), open_keys()
    ours.add(TOOL_PEM)
    assert kids(theirs) == [kid_of(TOOL_PEM)]
    clock.advance(1)
    theirs.add(PLATFORM_PEM)
    assert kids(ours) == kids(open_keys()) == [kid_of(PLATFORM_PEM), kid_of(TOOL_PEM)]


def test_a_key_is_read_once(open_keys: Opener) -> None:
    keys = open_keys()
    keys.add(TOOL_PEM)
    assert keys.all()[0] is keys.all()[0]


def test_a_key_that_is_there_already_stays_as_it_was(open_keys: Opener, clock: FixedClock) -> None:
    keys = open_keys()
    for pem in (TOOL_PEM, PLATFORM_PEM, TOOL_PEM):
        keys.add(pem)
        clock.advance(1)
    assert kids(keys) == [kid_of(PLATFORM_PEM), kid_of(TOOL_PEM)]


@pytest.mark.parametrize("pem", ["", "key", public_pem(TOOL_PEM)], ids=["empty", "no key", "public"])
def test_what_is_no_private_key_is_not_kept(open_keys: Opener, pem: str) -> None:
    keys = open_keys()
    with pytest.raises(ConfigurationError) as refusal:
        keys.add(pem)
    assert refusal.value.code == "config.private_key_unreadable"
    assert keys.all() == ()


def test_folder_and_files_are_for_their_owner_only(tmp_path: Path, clock: FixedClock) -> None:
    folder = tmp_path / "keys"
    FolderToolKeys(folder, clock).add(TOOL_PEM)
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == TOOL_PEM


def test_a_file_is_named_by_the_time_in_utc(tmp_path: Path, clock: FixedClock) -> None:
    clock.time = clock.time.astimezone(timezone(timedelta(hours=9)))
    FolderToolKeys(tmp_path, clock).add(TOOL_PEM)
    assert [file.name for file in tmp_path.iterdir()] == [f"20261124T120000.000000Z-{kid_of(TOOL_PEM)}.pem"]


def test_a_file_that_is_put_in_or_taken_out_is_noticed(tmp_path: Path, clock: FixedClock) -> None:
    keys = FolderToolKeys(tmp_path, clock)
    keys.add(TOOL_PEM)
    (tmp_path / "own.pem").write_text(PLATFORM_PEM)
    assert kids(keys) == [kid_of(PLATFORM_PEM), kid_of(TOOL_PEM)]
    (tmp_path / "own.pem").unlink()
    assert kids(keys) == [kid_of(TOOL_PEM)]


def test_a_file_that_changes_is_read_again(tmp_path: Path, clock: FixedClock) -> None:
    keys = FolderToolKeys(tmp_path, clock)
    (tmp_path / "own.pem").write_text(TOOL_PEM)
    assert kids(keys) == [kid_of(TOOL_PEM)]
    (tmp_path / "own.pem").write_text(PLATFORM_PEM + "\n")
    assert kids(keys) == [kid_of(PLATFORM_PEM)]


def test_the_same_key_in_two_files_is_one_key(tmp_path: Path, clock: FixedClock) -> None:
    for name in ("a.pem", "b.pem"):
        (tmp_path / name).write_text(TOOL_PEM)
    assert kids(FolderToolKeys(tmp_path, clock)) == [kid_of(TOOL_PEM)]


def test_what_is_no_pem_file_is_passed_over(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "README.txt").write_text("keys")
    (tmp_path / "folder.pem").mkdir()
    assert FolderToolKeys(tmp_path, clock).all() == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"no key", "config.private_key_unreadable"), (b"\xff\xfe", "config.tool_keys_folder_unusable")],
)
def test_a_file_that_is_no_key_is_named(tmp_path: Path, clock: FixedClock, content: bytes, code: str) -> None:
    (tmp_path / "own.pem").write_bytes(content)
    with pytest.raises(ConfigurationError) as refusal:
        FolderToolKeys(tmp_path, clock).all()
    assert refusal.value.code == code
    assert "own.pem" in refusal.value.message


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError) as refusal:
        FolderToolKeys(tmp_path / "file" / "keys", clock)
    assert refusal.value.code == "config.tool_keys_folder_unusable"
    assert str(tmp_path / "file" / "keys") in refusal.value.message


def test_a_folder_that_goes_away_is_named(tmp_path: Path, clock: FixedClock) -> None:
    keys = FolderToolKeys(tmp_path / "keys", clock)
    (tmp_path / "keys").rmdir()
    with pytest.raises(ConfigurationError) as refusal:
        keys.all()
    assert refusal.value.code == "config.tool_keys_folder_unusable"


def test_a_tool_without_keys_says_where_to_keep_them() -> None:
    assert NoToolKeys().all() == ()
    with pytest.raises(ConfigurationError) as refusal:
        NoToolKeys().add(TOOL_PEM)
    assert refusal.value.code == "config.tool_keys_missing"
    assert "tool.keys" in refusal.value.message
