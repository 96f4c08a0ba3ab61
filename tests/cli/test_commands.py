"""The `lti` command: its help, its answers to mistakes, and the commands that only print."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from lti_adapters.cli.present import SCHEMA_TABLE
from lti_core.keys import public_pem
from lti_core.keys import read_private_key as read
from lti_core.registration import Registration
from lti_storage.sql import SqlRegistrations, schema
from tests.fakes import TOOL_KEY, TOOL_PEM

Run = Callable[..., Result]
HEAVY = {
    "attr_never",
    "cattrs",
    "cryptography",
    "dependency_injector",
    "flask",
    "gunicorn",
    "jinja2",
    "jose",
    "rich",
    "sqlalchemy",
    "urllib3",
    "werkzeug",
}
REGISTRATION = {
    "client_id": "c1",
    "auth_login_url": "https://lms.example/auth",
    "key_set_url": "https://lms.example/jwks",
    "deployment_ids": ["1"],
}


def registered() -> Registration:
    """A registration as databases hold them."""
    return Registration(
        issuer="https://lms.example",
        client_id="c1",
        login_url="https://lms.example/auth",
        token_url="https://lms.example/token",
        key_set_url="https://lms.example/jwks",
        deployment_ids=["1"],
    )


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "private.pem").write_text(TOOL_PEM)
    document = {"https://lms.example": [{**REGISTRATION, "private_key_file": "private.pem"}]}
    (tmp_path / "tool.json").write_text(json.dumps(document))
    return tmp_path / "tool.json"


def modules_after(arguments: list[str]) -> set[str]:
    """The modules that a run of the command has loaded."""
    program = (
        "import json, sys\n"
        "from lti_adapters.cli import main\n"
        f"sys.argv = ['lti', *{arguments!r}]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    print('\\n' + json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["tool", "--help"], ["config", "check", "--help"]])
def test_help_loads_neither_container_nor_framework(arguments: list[str]) -> None:
    loaded = modules_after(arguments)
    assert not {name.partition(".")[0] for name in loaded} & HEAVY
    assert {name for name in loaded if name.startswith("lti_")} == {
        "lti_adapters",
        "lti_adapters.cli",
        "lti_adapters.cli.command_group",
        "lti_adapters.cli.commands",
        "lti_adapters.cli.registration_commands",
        "lti_adapters.cli.service_commands",
        "lti_core",
        "lti_core.errors",
    }


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("demo",),
        ("tool",),
        ("platform",),
        ("keys", "new"),
        ("keys", "show"),
        ("config", "check"),
        ("config", "show"),
        ("storage", "init"),
        ("registrations", "list"),
        ("registrations", "add"),
        ("registrations", "edit"),
        ("registrations", "remove"),
        ("grants", "list"),
        ("grants", "show"),
        ("grants", "revoke"),
        ("members",),
        ("lineitems",),
        ("grades", "export"),
        ("grades", "import"),
    ],
)
def test_every_command_explains_itself_with_an_example(run: Run, path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert f"lti {' '.join(path)}".strip() in result.output.split("Usage:")[1].split("\n", 1)[1]
    assert max(map(len, result.output.splitlines())) <= 100


GROUPS = [(), ("keys",), ("config",), ("storage",), ("registrations",), ("grants",), ("grades",)]


@pytest.mark.parametrize("group", GROUPS)
def test_no_command_is_described_with_half_a_sentence(run: Run, group: tuple[str, ...]) -> None:
    assert "..." not in run(*group, "--help").output.split("Commands:")[1]


def test_the_version_is_told(run: Run) -> None:
    assert "version" in run("--version").output


@pytest.mark.parametrize(
    "arguments",
    [
        ("oops",),
        ("tool",),
        ("tool", "--config", "x", "--framework", "cobol"),
        ("demo", "--port", "70000"),
        ("platform",),
    ],
)
def test_a_wrong_command_line_is_answered_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage: lti" in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("tool", "--config", "gone.json"), "gone.json cannot be read: No such file or directory."),
        (("tool", "--config", "{config}", "--storage", "mongo://h"), "There is no storage 'mongo'"),
        (("tool", "--config", "{config}", "--workers", "2"), "give --storage sqlite:////path/to/file.db"),
        (("keys", "show", "--config", "gone.json"), "gone.json cannot be read"),
        (("config", "show", "--config", "gone.json"), "gone.json cannot be read"),
        (("keys", "new", "--folder", "/proc/none"), "cannot be used"),
    ],
)
def test_a_wrong_configuration_is_one_sentence(
    run: Run, config: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    result = run(*(argument.format(config=config) for argument in arguments))
    assert result.exit_code == 2
    assert result.output.startswith("Error: ")
    assert sentence in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("keys", "new"), "Give one of --folder and --config."),
        (("keys", "show", "--folder", "a", "--config", "b"), "Give one of --folder and --config."),
        (("keys", "show", "--folder", "gone"), "lti keys new makes it"),
        (("config", "show"), "Give --config, --url, or both."),
        (("config", "show", "--url", "tool.example"), 'as "https://tool.example"'),
        (("platform", "--tool", "http://localhost/path"), "without a path"),
    ],
)
def test_options_that_do_not_go_together_are_explained(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("host", "sentence"),
    [("no-such-host.invalid", "There is no host no-such-host.invalid"), ("192.0.2.1", "does not have the address")],
)
def test_a_host_that_cannot_be_served_is_one_sentence(run: Run, host: str, sentence: str) -> None:
    result = run("platform", "--tool", "http://localhost:1", "--host", host, "--port", "0")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert sentence in result.output


def test_ctrl_c_is_answered_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(path: Path) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("lti_adapters.cli.check.print_mistakes", interrupted)
    result = run("config", "check", tmp_path)
    assert (result.exit_code, result.output) == (130, "")


def test_without_click_the_extra_is_named() -> None:
    program = "import sys; sys.modules['click'] = None; from lti_adapters.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "The lti command needs more packages: pip install 'lti-advantage-tool[cli]'.\n"


# keys


def test_a_new_key_is_kept_and_only_its_public_part_is_shown(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    result = run("keys", "new", "--folder", folder)
    assert result.exit_code == 0
    (file,) = folder.glob("*.pem")
    key = read(file.read_text())
    assert key.kid in result.output
    assert public_pem(file.read_text()) in result.output
    assert "PRIVATE" not in result.output
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_keys_are_shown_newest_first_as_pem_and_as_key_set(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        run("keys", "new", "--folder", tmp_path)
    files = sorted(tmp_path.glob("*.pem"), reverse=True)
    result = run("keys", "show", "--folder", tmp_path)
    document = json.loads(result.output[result.output.index("{") :])
    assert [key["kid"] for key in document["keys"]] == [read(file.read_text()).kid for file in files]
    assert all(set(key) == {"kty", "n", "e", "kid", "alg", "use"} for key in document["keys"])
    for file in files:
        assert public_pem(file.read_text()) in result.output
    assert "PRIVATE" not in result.output


def test_an_empty_folder_is_told(run: Run, tmp_path: Path) -> None:
    result = run("keys", "show", "--folder", tmp_path)
    assert "There is no key yet" in result.output


def test_keys_of_a_configuration_are_those_that_are_published(run: Run, config: Path) -> None:
    result = run("keys", "show", "--config", config)
    assert json.loads(result.output[result.output.index("{") :]) == {"keys": [dict(TOOL_KEY.public)]}


def test_a_key_can_be_made_where_the_settings_say(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('tool.keys = "sqlite:///keys.db"\n')
    assert run("keys", "new", "--config", settings).exit_code == 0
    shown = run("keys", "show", "--config", settings).output
    assert len(json.loads(shown[shown.index("{") :])["keys"]) == 1


def test_without_a_place_a_key_is_not_made(run: Run, config: Path) -> None:
    result = run("keys", "new", "--config", config)
    assert result.exit_code == 2
    assert "set tool.keys to a folder" in result.output


# config show


def test_an_administrator_is_told_addresses_and_keys(run: Run, config: Path) -> None:
    result = run("config", "show", "--config", config, "--url", "https://tool.example/")
    assert result.exit_code == 0
    for path in ("login", "launch", "jwks"):
        assert f"https://tool.example/lti/{path}\n" in result.output
    assert "Platform https://lms.example, client id c1" in result.output
    assert json.loads(result.output[result.output.index("{") :]) == dict(TOOL_KEY.public)
    start, end = result.output.index("-----BEGIN"), result.output.index("{")
    assert load_pem_public_key(result.output[start:end].encode())
    assert "PRIVATE" not in result.output


def test_the_address_may_come_from_the_settings(run: Run, tmp_path: Path, config: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('registrations.file = "tool.json"\ntool.url = "https://set.example"\n')
    assert "https://set.example/lti/launch\n" in run("config", "show", "--config", settings).output
    assert "https://YOUR-TOOL/lti/launch\n" in run("config", "show", "--config", config).output


def test_before_any_registration_the_addresses_are_known(run: Run) -> None:
    result = run("config", "show", "--url", "https://tool.example")
    assert result.exit_code == 0
    assert "https://tool.example/lti/jwks\n" in result.output


@pytest.mark.parametrize("secrets", ["", f'state.secrets = ["{"s" * 32}"]\n'])
def test_a_registration_without_any_key_is_told(run: Run, tmp_path: Path, secrets: str) -> None:
    (tmp_path / "tool.json").write_text(json.dumps({"https://lms.example": REGISTRATION}))
    settings = tmp_path / "settings.toml"
    settings.write_text(f'registrations.file = "tool.json"\n{secrets}')
    result = run("config", "show", "--config", settings)
    assert result.exit_code == 0
    assert "Platform https://lms.example, client id c1\nNo key: " in result.output
    assert "There is no key yet" in run("keys", "show", "--config", settings).output


def test_a_key_that_cannot_be_read_is_told(run: Run, tmp_path: Path, config: Path) -> None:
    (tmp_path / "private.pem").write_text("oops")
    result = run("config", "show", "--config", config)
    assert result.exit_code == 2
    assert "private-key" in result.output or "private_key" in result.output


@pytest.mark.parametrize("command", [("config", "show"), ("keys", "show"), ("config", "check")])
@pytest.mark.parametrize("keys", ["keys", "sqlite:///keys.db"])
def test_who_looks_at_a_configuration_makes_nothing(
    run: Run, tmp_path: Path, command: tuple[str, ...], keys: str
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f'registrations.url = "sqlite:///lti.db"\ntool.keys = "{keys}"\nstorage.url = "sqlite:///s.db"\n'
    )
    option = () if command == ("config", "check") else ("--config",)
    result = run(*command, *option, settings)
    assert result.exit_code == (1 if command == ("config", "check") else 0)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("command", [("config", "show", "--config"), ("config", "check")])
def test_a_database_that_is_looked_at_stays_as_it_is(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    database = tmp_path / "lti.db"
    SqlRegistrations(f"sqlite:///{database}").add(registered())
    settings = tmp_path / "settings.toml"
    settings.write_text(f'registrations.url = "sqlite:///lti.db"\nstate.secrets = ["{"s" * 32}"]\n')
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = connection.serialize()
        result = run(*command, settings)
        assert connection.serialize() == before
    assert result.exit_code == 0
    if command[1] == "show":
        assert "Platform https://lms.example, client id c1\n" in result.output


def test_a_database_of_another_program_gets_no_tables(run: Run, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "lti.db")) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = (tmp_path / "lti.db").read_bytes()
    settings = tmp_path / "settings.toml"
    settings.write_text('registrations.url = "sqlite:///lti.db"\n')
    assert run("config", "show", "--config", settings).exit_code == 0
    assert run("config", "check", settings).exit_code == 1
    assert (tmp_path / "lti.db").read_bytes() == before


def test_the_table_that_is_looked_for_is_the_one_that_is_made() -> None:
    assert schema.SCHEMA.name == SCHEMA_TABLE


def test_what_is_shown_is_what_the_tool_publishes(run: Run, config: Path) -> None:
    from lti_adapters.reference_tool.flask_app import create_app

    published: Any = create_app(config).test_client().get("/lti/jwks").json
    shown = run("keys", "show", "--config", config).output
    assert json.loads(shown[shown.index("{") :]) == published
