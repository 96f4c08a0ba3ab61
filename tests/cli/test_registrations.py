"""`lti registrations`: agreements in a database, changed while the tool runs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dependency_injector.providers import Object

from lti_adapters.cli.commands import lti
from lti_adapters.container import LtiContainer, container_of
from lti_adapters.settings import load_settings
from tests.fakes import TOOL_PEM, FixedClock

ISSUER = "https://lms.example"
GIVEN = (
    *("--issuer", ISSUER, "--client-id", "c1", "--login-url", f"{ISSUER}/auth"),
    *("--token-url", f"{ISSUER}/token", "--key-set-url", f"{ISSUER}/jwks", "--deployment", "1"),
)
NAMED = ("--issuer", ISSUER, "--client-id", "c1")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "settings.json"
    url = f"sqlite:///{tmp_path}/tool.db"
    file.write_text(json.dumps({"registrations": {"url": url}, "storage": {"url": url}, "tool": {"keys": url}}))
    return file


def run(config: Path, command: str, *arguments: str) -> Result:
    return CliRunner().invoke(lti, ["registrations", command, "--config", str(config), *arguments])


def listed(config: Path) -> list[dict[str, object]]:
    return list(json.loads(run(config, "list", "--format", "json").stdout))


def test_a_registration_is_added_and_listed(config: Path) -> None:
    added = run(config, "add", *GIVEN)
    assert (added.exit_code, added.stdout.startswith("Added c1 at https://lms.example.")) == (0, True)
    (row,) = listed(config)
    assert (row["issuer"], row["client_id"], row["deployments"]) == (ISSUER, "c1", ["1"])


def test_a_database_that_is_still_to_be_made_has_none(config: Path) -> None:
    shown = run(config, "list", "--format", "json")
    assert (shown.exit_code, json.loads(shown.stdout)) == (0, [])
    assert list(config.parent.glob("*.db")) == []


def test_what_is_given_is_changed_and_the_rest_stays(config: Path) -> None:
    run(config, "add", *GIVEN)
    assert run(config, "edit", *NAMED, "--deployment", "any", "--deployment", "2", "--default").exit_code == 0
    found = container_of(config).registrations().find(ISSUER, "c1")
    assert (found.deployments, found.deployment_ids, found.default) == ("any", {"2"}, True)
    assert found.login_url == f"{ISSUER}/auth"


def test_a_registration_is_removed(config: Path) -> None:
    run(config, "add", *GIVEN)
    assert run(config, "remove", *NAMED).exit_code == 0
    assert listed(config) == []
    again = run(config, "remove", *NAMED)
    assert (again.exit_code, "There is no" in again.output) == (2, True)


def test_a_running_tool_knows_of_a_change_within_seconds(config: Path) -> None:
    run(config, "add", *GIVEN)
    clock = FixedClock()
    found = LtiContainer(settings=Object(load_settings(config)), clock=Object(clock)).registrations()
    assert found.find(ISSUER, "c1") is not None
    run(config, "remove", *NAMED)
    clock.sleep(4.9)
    assert found.find(ISSUER, "c1") is not None
    clock.sleep(0.1)
    assert found.find(ISSUER, "c1") is None


def test_a_private_key_is_read_from_its_file_and_never_shown(config: Path, tmp_path: Path) -> None:
    (tmp_path / "tool.pem").write_text(TOOL_PEM)
    run(config, "add", *GIVEN, "--private-key-file", str(tmp_path / "tool.pem"))
    shown = run(config, "list", "--format", "json").stdout
    assert "PRIVATE KEY" not in shown
    assert json.loads(shown)[0]["own_key"] is True
    (tmp_path / "tool.pem").write_text("no key")
    refused = run(config, "edit", *NAMED, "--private-key-file", str(tmp_path / "tool.pem"))
    assert refused.exit_code == 2


def test_all_of_a_registrations_file_is_added(config: Path, tmp_path: Path) -> None:
    entry = {"auth_login_url": f"{ISSUER}/auth", "key_set_url": f"{ISSUER}/jwks", "deployment_ids": ["1"]}
    file = tmp_path / "old.json"
    file.write_text(json.dumps({ISSUER: [{**entry, "client_id": "c1"}, {**entry, "client_id": "c2"}]}))
    assert run(config, "add", "--from", str(file)).exit_code == 0
    assert [row["client_id"] for row in listed(config)] == ["c1", "c2"]
    both = run(config, "add", "--from", str(file), *GIVEN)
    assert (both.exit_code, "not both" in both.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "--issuer", ISSUER), "--client-id is missing"),
        (("add", *GIVEN[:6]), "needs the platform's keys"),
        (("add", *GIVEN[:4], "--login-url", "lms", "--key-set-url", f"{ISSUER}/k"), "login_url must be an absolute"),
        (("edit", *NAMED, "--default"), "There is no registration"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(config: Path, arguments: tuple[str, ...], told: str) -> None:
    refused = run(config, *arguments)
    assert (refused.exit_code, told in refused.output) == (2, True)


def test_one_that_is_there_already_is_not_added_twice(config: Path) -> None:
    run(config, "add", *GIVEN)
    assert run(config, "add", *GIVEN).exit_code == 2
    assert len(listed(config)) == 1


def test_registrations_in_a_file_are_edited_there(tmp_path: Path) -> None:
    file = tmp_path / "tool.json"
    file.write_text("{}")
    refused = run(file, "remove", *NAMED)
    assert (refused.exit_code, "edit the file" in refused.output) == (2, True)
