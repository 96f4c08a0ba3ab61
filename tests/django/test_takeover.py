"""A database that the `pylti1p3` package made is taken over as it is. tests/data says how it was made."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connections

from lti_storage.django.models import LtiTool, LtiToolKey
from lti_storage.django.registrations import DjangoRegistrations
from lti_storage.django.tool_keys import DjangoToolKeys

OLD = Path(__file__).parents[1] / "data" / "pylti1p3-2.0.0-django.sqlite3"
TOOL = "id, title, is_active, issuer, client_id, use_by_default, auth_login_url, auth_token_url, auth_audience, "
AUDIENCE = "https://moodle.example/mod/lti/token.php"
KEPT = {
    "lti1p3_tool": TOOL + "key_set_url, key_set, tool_key_id, deployment_ids",
    "lti1p3_tool_key": "id, name, private_key, public_key, public_jwk",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLD, tmp_path / "old.sqlite3"))


@pytest.fixture
def old(file: Path) -> Iterator[str]:
    """The alias of the old database."""
    connections.settings["old"] = {**connections.settings["default"], "NAME": str(file)}
    yield "old"
    connections["old"].close()
    del connections.settings["old"], connections["old"]


def rows(file: Path) -> dict[str, list[Any]]:
    with sqlite3.connect(file) as database:
        found = {table: database.execute(f"SELECT {names} FROM {table}").fetchall() for table, names in KEPT.items()}
    database.close()
    return found


def migrate(alias: str) -> None:
    call_command("migrate", "lti1p3_tool_config", database=alias, verbosity=0, skip_checks=True)


def test_nothing_of_it_is_lost(file: Path, old: str) -> None:
    before = rows(file)
    migrate(old)
    assert rows(file) == before
    assert [len(kept) for kept in before.values()] == [4, 2]


def test_only_what_was_added_is_made(old: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("migrate", "lti1p3_tool_config", database=old, no_color=True, skip_checks=True)
    done = [line.split()[1].rstrip(".") for line in capsys.readouterr().out.splitlines() if "Applying" in line]
    assert done == ["lti1p3_tool_config.0002_added"]


def test_the_models_are_those_of_the_migrations(database: None) -> None:
    call_command("makemigrations", "lti1p3_tool_config", check=True, dry_run=True, verbosity=0, skip_checks=True)


def test_its_active_registrations_are_found_with_their_keys(old: str) -> None:
    migrate(old)
    registrations = DjangoRegistrations(f"django://{old}")
    assert [one.issuer for one in registrations.all()] == [
        "https://canvas.instructure.com",
        "https://inline.example",
        "https://moodle.example",
    ]
    (moodle,) = registrations.of_issuer("https://moodle.example")
    assert (moodle.default, moodle.deployment_ids, moodle.deployments) == (True, {"1", "7"}, "closed")
    assert moodle.private_key == LtiToolKey.objects.using(old).get(name="main key").private_key
    inline = registrations.find("https://inline.example", "inline")
    assert inline is not None
    assert inline.key_set is not None
    assert [key["kid"] for key in inline.key_set["keys"]] == ["k1"]  # type: ignore[attr-defined]
    assert registrations.find("https://old.example", "old") is None


def test_rows_with_which_the_old_package_worked_work(old: str) -> None:
    migrate(old)
    conf, rows = DjangoRegistrations(f"django://{old}"), LtiTool.objects.using(old)
    for ids, known in (('["1", 2]', {"1"}), ('["1", ""]', {"1"})):
        rows.filter(issuer="https://moodle.example").update(deployment_ids=ids, key_set='{"keys": []}')
        (moodle,) = conf.of_issuer("https://moodle.example")
        assert (moodle.deployment_ids, moodle.key_set) == (known, None)


@pytest.mark.parametrize("key_set", ["{}", "[]", "null", '""', '{"keys": []}', ""])
def test_an_empty_key_set_beside_its_address_is_none(old: str, key_set: str) -> None:
    migrate(old)
    LtiTool.objects.using(old).filter(issuer="https://moodle.example").update(key_set=key_set)
    (moodle,) = DjangoRegistrations(f"django://{old}").of_issuer("https://moodle.example")
    assert moodle.key_set is None


def test_a_row_that_was_never_filled_in_is_found_and_knows_no_deployment(old: str) -> None:
    migrate(old)
    LtiTool.objects.using(old).filter(issuer="https://moodle.example").update(deployment_ids="")
    (moodle,) = DjangoRegistrations(f"django://{old}").of_issuer("https://moodle.example")
    assert not moodle.knows("1")


def test_a_key_that_was_never_filled_in_can_be_saved_and_signs_nothing(old: str) -> None:
    migrate(old)
    LtiToolKey.objects.using(old).create()
    assert DjangoToolKeys(f"django://{old}").all() == ()
    row = LtiToolKey.objects.using(old).get(private_key="")
    assert (row.public_key, row.public_jwk) == (None, None)
    row.save()


def test_its_keys_sign_for_nobody_else_unless_somebody_says_so(old: str) -> None:
    migrate(old)
    keys = DjangoToolKeys(f"django://{old}")
    assert keys.all() == ()
    LtiToolKey.objects.using(old).update(is_common=True)
    assert [key.kid for key in keys.all()] == [
        "vsiSHgHDDMY6pUCb_k8MZ5cBtgfpNKZ3A8QAsnmvuLk",
        "-6YJKsx7VdvgWdlHgduNJaPkYsjmEydcmyuv92VlQBk",
    ]


def test_the_old_package_can_still_write_to_it(file: Path, old: str) -> None:
    migrate(old)
    with sqlite3.connect(file) as database:
        database.execute(
            f"INSERT INTO lti1p3_tool ({TOOL.removeprefix('id, ').removesuffix(', ')}, key_set_url, tool_key_id,"
            " deployment_ids) VALUES ('t', 1, 'https://new.example', 'c', 0, 'https://new.example/a', '', NULL,"
            " 'https://new.example/k', 1, '[\"d\"]')"
        )
    database.close()
    found = DjangoRegistrations(f"django://{old}").find("https://new.example", "c")
    assert found is not None
    assert (found.deployments, found.token_url) == ("closed", None)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"auth_login_url": "moodle"}, "auth_login_url", "auth_login_url must be an absolute https address"),
        ({"auth_token_url": "ftp://x"}, "auth_token_url", "auth_token_url must be an absolute https address"),
        ({"key_set_url": "x"}, "key_set_url", "key_set_url must be an absolute https address"),
        ({"key_set_url": ""}, "key_set_url", "give key_set_url or key_set"),
        ({"key_set": "{}", "key_set_url": ""}, "key_set", '{"keys": [...]}'),
        ({"key_set": "[]"}, "key_set", '{"keys": [...]}'),
        ({"key_set": "{"}, "key_set", "is not JSON"),
        ({"deployment_ids": "1, 2"}, "deployment_ids", "is not JSON"),
        ({"deployment_ids": "[1]"}, "deployment_ids", '["1", "2"]'),
        ({"deployment_ids": '["1", 2]'}, "deployment_ids", '["1", "2"]'),
        ({"deployment_ids": "[]"}, "deployment_ids", "choose any"),
        ({"deployments": "some"}, "deployments", '"closed" or "any"'),
        ({"issuer": "https://moodle.example"}, "key_set_url", "keys from another place"),
        (
            {"client_id": "moodle-1", "auth_audience": "https://moodle.example/mod/lti/token.php"},
            "auth_audience",
            "of its own",
        ),
    ],
)
def test_a_mistake_is_told_next_to_its_field(old: str, changes: dict[str, str], field: str, said: str) -> None:
    migrate(old)
    values = {
        "title": "t", "issuer": "https://new.example", "client_id": "c", "auth_login_url": "https://new.example/a",
        "auth_token_url": "https://new.example/t", "key_set_url": "https://new.example/k", "deployment_ids": '["d"]',
    }  # fmt: skip
    row = LtiTool(**values)
    row._state.db = old
    row.clean()
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as refusal:
        row.clean()
    assert said in refusal.value.message_dict[field][0]
