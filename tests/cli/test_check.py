"""`lti config check`: each kind of mistake is named, with its line and what to do."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_adapters.cli.check.files import check_file
from lti_adapters.cli.check.opening import Mistake
from lti_adapters.cli.commands import lti
from lti_core.errors import LoginRefused
from lti_core.keys import public_pem
from lti_core.login import LoginInitiation, choose
from lti_core.registration import Registration
from lti_storage.registration_files import read_registrations
from lti_storage.sql import SqlRegistrations
from tests.fakes import PLATFORM_KEY, TOOL_KEY, TOOL_PEM

LMS = "https://lms.example"
GOOD: dict[str, Any] = {
    "client_id": "c1",
    "auth_login_url": f"{LMS}/auth",
    "auth_token_url": f"{LMS}/token",
    "key_set_url": f"{LMS}/jwks",
    "deployment_ids": ["1"],
    "private_key_file": "private.pem",
}
PLATFORM_JWK = dict(PLATFORM_KEY.public)


def pem_of(key: Any, password: bytes = b"") -> str:
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return str(key.private_bytes(serialization.Encoding.PEM, form, locked).decode())


WEAK = pem_of(rsa.generate_private_key(65537, 1024))
CURVED = pem_of(ec.generate_private_key(ec.SECP256R1()))
LOCKED = pem_of(rsa.generate_private_key(65537, 2048), b"secret")


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path) -> None:
    (tmp_path / "private.pem").write_text(TOOL_PEM)


def check(tmp_path: Path, document: object, name: str = "tool.json") -> tuple[Mistake, ...]:
    (tmp_path / name).write_text(document if isinstance(document, str) else json.dumps(document, indent=2))
    return check_file(tmp_path / name)


def names(mistakes: tuple[Mistake, ...]) -> list[str]:
    return sorted(mistake.finding.name for mistake in mistakes)


def changed(**members: object) -> dict[str, Any]:
    """A good registration with other members; ... removes one."""
    return {name: value for name, value in {**GOOD, **members}.items() if value is not ...}


def test_a_good_registration_has_no_mistake(tmp_path: Path) -> None:
    assert check(tmp_path, {LMS: GOOD}) == ()
    assert check(tmp_path, {LMS: [GOOD]}) == ()


def test_every_member_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "public.pem").write_text(public_pem(TOOL_PEM))
    whole = changed(key_set=None, auth_audience=None, default=True, deployments="any", public_key_file="public.pem")
    assert check(tmp_path, {LMS: [whole]}) == ()


MISTAKES: list[tuple[str, dict[str, object]]] = [
    ("member-missing", {"client_id": ...}),
    ("member-missing", {"auth_login_url": None}),
    ("member-missing", {"deployment_ids": ...}),
    ("member-type", {"client_id": 17}),
    ("member-type", {"client_id": ""}),
    ("member-type", {"auth_audience": ["x"]}),
    ("member-type", {"default": "true"}),
    ("member-type", {"deployments": "all"}),
    ("member-type", {"deployment_ids": [1, 2]}),
    ("member-type", {"deployment_ids": "1"}),
    ("member-blank", {"client_id": "c1 "}),
    ("deployments-none", {"deployment_ids": []}),
    ("url-invalid", {"auth_login_url": "lms.example/auth"}),
    ("url-invalid", {"auth_login_url": "https://["}),
    ("url-not-https", {"auth_login_url": "http://lms.example/auth"}),
    ("url-not-https", {"key_set_url": "http://192.168.0.7/jwks"}),
    ("key-set-missing", {"key_set_url": ...}),
    ("key-set-empty", {"key_set_url": ..., "key_set": {}}),
    ("key-set-malformed", {"key_set_url": ..., "key_set": {"keys": []}}),
    ("key-set-malformed", {"key_set_url": ..., "key_set": "{}"}),
    ("key-set-malformed", {"key_set_url": ..., "key_set": {"keys": ["x"]}}),
    ("key-set-single", {"key_set_url": ..., "key_set": PLATFORM_JWK}),
    ("key-set-own-key", {"key_set_url": ..., "key_set": {"keys": [dict(TOOL_KEY.public)]}}),
    ("key-set-private", {"key_set_url": ..., "key_set": {"keys": [{**PLATFORM_JWK, "d": "AQAB"}]}}),
    ("key-set-useless", {"key_set_url": ..., "key_set": {"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}}),
    ("private-key-missing", {"private_key_file": ...}),
    ("private-key-twice", {"private_key": TOOL_PEM}),
    ("private-key-file-missing", {"private_key_file": "gone.pem"}),
    ("private-key-file-unreadable", {"private_key_file": "."}),
    ("private-key-no-lines", {"private_key_file": ..., "private_key": TOOL_PEM.split("\n")[1]}),
    ("private-key-escaped", {"private_key_file": ..., "private_key": TOOL_PEM.replace("\n", "\\n")}),
    ("private-key-is-public", {"private_key_file": ..., "private_key": public_pem(TOOL_PEM)}),
    ("private-key-encrypted", {"private_key_file": ..., "private_key": LOCKED}),
    ("private-key-weak", {"private_key_file": ..., "private_key": WEAK}),
    ("private-key-unreadable", {"private_key_file": ..., "private_key": CURVED}),
    ("private-key-unreadable", {"private_key_file": ..., "private_key": TOOL_PEM[:200] + TOOL_PEM[-60:]}),
    (
        "brightspace-audience",
        {"auth_token_url": "https://auth.brightspace.com/core/connect/token", "auth_audience": None},
    ),
]


@pytest.mark.parametrize(("name", "members"), MISTAKES)
def test_a_mistake_is_an_error_with_a_name(tmp_path: Path, name: str, members: dict[str, object]) -> None:
    (mistake,) = check(tmp_path, {LMS: [changed(**members)]})
    assert (mistake.finding.name, mistake.finding.is_error) == (name, True)
    assert mistake.finding.what.strip()
    assert mistake.finding.remedy


WARNINGS: list[tuple[str, dict[str, object]]] = [
    ("member-unknown", {"client_idd": "x"}),
    ("token-url-missing", {"auth_token_url": ...}),
    ("key-set-empty", {"key_set": {}}),
    ("key-set-twice", {"key_set": {"keys": [PLATFORM_JWK]}}),
    ("key-set-key-unusable", {"key_set_url": ..., "key_set": {"keys": [PLATFORM_JWK, {"kty": "OKP", "kid": "x"}]}}),
    ("canvas-old-address", {"auth_login_url": "https://canvas.instructure.com/api/lti/authorize_redirect"}),
]


@pytest.mark.parametrize(("name", "members"), WARNINGS)
def test_what_is_only_odd_is_a_warning(tmp_path: Path, name: str, members: dict[str, object]) -> None:
    (mistake,) = check(tmp_path, {LMS: changed(**members)})
    assert (mistake.finding.name, mistake.finding.is_error) == (name, False)


@pytest.mark.parametrize(
    ("issuer", "name", "is_error"),
    [
        ("https://lms.example/", "issuer-slash", False),
        ("lms", "issuer-not-https", False),
        ("http://lms.example", "issuer-not-https", False),
        ("https://lms.example ", "issuer-blank", True),
        ("https://school.instructure.com", "canvas-issuer", False),
    ],
)
def test_an_odd_issuer_is_told(tmp_path: Path, issuer: str, name: str, is_error: bool) -> None:
    (mistake,) = check(tmp_path, {issuer: [GOOD]})
    assert (mistake.finding.name, mistake.finding.is_error, mistake.line) == (name, is_error, 2)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "tool.localhost"])
def test_plain_http_is_good_enough_on_this_machine(tmp_path: Path, host: str) -> None:
    assert check(tmp_path, {LMS: changed(auth_login_url=f"http://{host}:8800/auth")}) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://canvas.instructure.com/api/lti/security/jwks", "https://sso.canvaslms.com/api/lti/security/jwks"),
        (
            "https://canvas.beta.instructure.com/api/lti/security/jwks",
            "https://sso.beta.canvaslms.com/api/lti/security/jwks",
        ),
        (
            "https://canvas.test.instructure.com/api/lti/security/jwks",
            "https://sso.test.canvaslms.com/api/lti/security/jwks",
        ),
        ("https://school.instructure.com/api/lti/security/jwks", "https://sso.canvaslms.com/api/lti/security/jwks"),
    ],
)
def test_an_old_address_of_canvas_is_told_with_the_new_one(tmp_path: Path, old: str, new: str) -> None:
    (mistake,) = check(tmp_path, {LMS: changed(key_set_url=old)})
    assert (mistake.finding.name, mistake.finding.remedy) == ("canvas-old-address", f"Write {new}.")
    assert check(tmp_path, {LMS: changed(key_set_url=new)}) == ()


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({}, "registrations-missing"),
        ([], "registrations-missing"),
        ("null", "registrations-missing"),
        ({LMS: []}, "registration-empty"),
        ({LMS: {}}, "registration-empty"),
        ({LMS: "x"}, "registration-empty"),
        ({LMS: [GOOD, None]}, "registration-empty"),
        ({LMS: [GOOD, GOOD]}, "registration-twice"),
        ({LMS: [GOOD, changed(client_id="c2", key_set_url="https://evil.example/jwks")]}, "key-set-foreign"),
        (
            {LMS: GOOD, "https://b.example": changed(auth_token_url="https://b/t", auth_audience=f"{LMS}/token")},
            "audience-shared",
        ),
        ({LMS: [changed(default=True), changed(client_id="c2", default=True)]}, "default-twice"),
    ],
)
def test_registrations_must_go_together(tmp_path: Path, document: object, name: str) -> None:
    (mistake,) = check(tmp_path, document)
    assert (mistake.finding.name, mistake.finding.is_error) == (name, True)


def test_two_defaults_are_refused_as_the_check_says(tmp_path: Path) -> None:
    document = {LMS: [changed(default=True), changed(client_id="c2", default=True)]}
    (mistake,) = check(tmp_path, document)
    registrations = read_registrations(document, tmp_path)
    asked = LoginInitiation(issuer=LMS, login_hint="h", target_link_uri="https://tool.example/lti/launch")
    with pytest.raises(LoginRefused) as refusal:
        choose(asked, registrations)
    assert refusal.value.code in mistake.finding.what


def test_a_public_key_that_belongs_to_another_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "public.pem").write_text(public_pem(pem_of(rsa.generate_private_key(65537, 2048))))
    assert names(check(tmp_path, {LMS: changed(public_key_file="public.pem")})) == ["public-key-foreign"]


def test_a_private_key_in_the_place_of_the_public_one_is_told(tmp_path: Path) -> None:
    assert names(check(tmp_path, {LMS: changed(public_key_file="private.pem")})) == ["public-key-is-private"]


def test_every_mistake_is_told_and_not_only_the_first(tmp_path: Path) -> None:
    text = f"""{{
  "{LMS}/": [
    {{
      "client_id": 5,
      "auth_login_url": "http://lms.example/auth",
      "deployment_ids": [],
      "private_key_file": "gone.pem",
      "key_set": {{}},
      "defaul": true
    }}
  ]
}}"""
    found = [(mistake.line, mistake.finding.name) for mistake in check(tmp_path, text)]
    assert found == [
        (2, "issuer-slash"),
        (3, "token-url-missing"),
        (4, "member-type"),
        (5, "url-not-https"),
        (6, "deployments-none"),
        (7, "private-key-file-missing"),
        (8, "key-set-empty"),
        (9, "member-unknown"),
    ]


def test_an_issuer_that_stands_twice_is_told_with_its_second_line(tmp_path: Path) -> None:
    entry = json.dumps(GOOD)
    (mistake,) = check(tmp_path, f'{{\n"{LMS}": {entry},\n"{LMS}": {entry}\n}}')
    assert (mistake.finding.name, mistake.line) == ("member-twice", 3)


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ('{\n"a": 1\n"b": 2}', 3, "comma is missing"),
        ("{\n'a': 1}", 2, "double quotes"),
        ('{"a": {}}\n}', 2, "Remove what follows"),
        ('{\n"private_key": "-----BEGIN\nabc"}', 2, "private_key_file"),
        ('{"a": "C:\\keys"}', 1, "backslash"),
        ("", 1, "value is missing"),
    ],
)
def test_what_is_no_json_is_told_with_line_and_hint(tmp_path: Path, text: str, line: int, hint: str) -> None:
    (mistake,) = check(tmp_path, text)
    assert (mistake.finding.name, mistake.line) == ("not-json", line)
    assert hint in mistake.finding.remedy


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert names(check_file(tmp_path / "gone.json")) == ["settings-file-unreadable"]
    assert names(check_file(tmp_path)) == ["settings-file-unreadable"]


# settings files


def test_a_good_settings_file_has_no_mistake(tmp_path: Path) -> None:
    text = f"""
    storage.url = "sqlite:///kept.db"
    tool.url = "https://tool.example"
    [registrations.document."{LMS}"]
    client_id = "c1"
    auth_login_url = "{LMS}/auth"
    auth_token_url = "{LMS}/token"
    key_set_url = "{LMS}/jwks"
    deployment_ids = ["1"]
    private_key_file = "private.pem"
    """
    assert check(tmp_path, text, "settings.toml") == ()
    assert not (tmp_path / "kept.db").exists()


def test_every_mistake_of_settings_is_told_with_its_line(tmp_path: Path) -> None:
    text = '[http]\ntotl = 3\n[time]\nleeway = 900\n[storage]\nurl = 5\n[registrations]\nfile = "tool.json"\n'
    found = [(mistake.line, mistake.finding.name) for mistake in check(tmp_path, text, "settings.toml")]
    assert found == [
        (2, "setting-unknown"),
        (4, "setting-invalid"),
        (6, "setting-invalid"),
        (1, "settings-file-unreadable"),  # of tool.json
    ]


@pytest.mark.parametrize(
    "section", [{"time": {"leeway": 900}}, {"storage": 5}, {"tol": {}}, {"state": {"secrets": "x"}}]
)
def test_a_mistake_of_settings_hides_none_of_the_registrations(tmp_path: Path, section: dict[str, object]) -> None:
    check(tmp_path, {LMS: changed(deployment_ids=[])})
    of_file = check(tmp_path, {**section, "registrations": {"file": "tool.json"}}, "settings.json")
    assert [mistake.finding.name for mistake in of_file][-1] == "deployments-none"
    document = {**section, "registrations": {"document": {LMS: changed(deployment_ids=[])}}}
    assert "deployments-none" in names(check(tmp_path, document, "settings.json"))
    assert len(of_file) == 2


def test_with_a_mistake_about_keys_none_is_said_to_be_missing(tmp_path: Path) -> None:
    document = {"tool": {"keys": 5}, "registrations": {"document": {LMS: changed(private_key_file=...)}}}
    assert names(check(tmp_path, document, "settings.json")) == ["setting-invalid"]


def test_a_mistake_among_the_registrations_themselves_is_told_once(tmp_path: Path) -> None:
    document = {"registrations": {"file": 5}, "storage": {"url": "mongo://h"}}
    assert names(check(tmp_path, document, "settings.json")) == ["setting-invalid", "storage-unknown"]


def in_database(tmp_path: Path, *kept: Registration) -> tuple[Mistake, ...]:
    registrations = SqlRegistrations(f"sqlite:///{tmp_path / 'lti.db'}")
    registrations.all()  # makes the tables
    for one in kept:
        registrations.add(one)
    return check(tmp_path, {"registrations": {"url": "sqlite:///lti.db"}}, "settings.json")


def registration(**changes: Any) -> Registration:
    values: dict[str, Any] = {
        "issuer": LMS,
        "client_id": "c1",
        "login_url": f"{LMS}/auth",
        "token_url": f"{LMS}/token",
        "key_set_url": f"{LMS}/jwks",
        "deployment_ids": ["1"],
        "private_key": TOOL_PEM,
    }
    return Registration(**{**values, **changes})


def test_good_registrations_in_a_database_have_no_mistake(tmp_path: Path) -> None:
    assert in_database(tmp_path, registration(), registration(client_id="c2", default=True, audience="a")) == ()


def test_an_absent_and_an_empty_database_hold_no_registration(tmp_path: Path) -> None:
    (mistake,) = check(tmp_path, {"registrations": {"url": "sqlite:///gone.db"}}, "settings.json")
    assert (mistake.finding.name, mistake.line) == ("registrations-missing", 3)
    assert not (tmp_path / "gone.db").exists()
    assert names(in_database(tmp_path)) == ["registrations-missing"]


def test_mistakes_in_a_database_are_told_with_their_registration(tmp_path: Path) -> None:
    (mistake,) = in_database(tmp_path, registration(), registration(client_id="c2", deployment_ids=[]))
    assert (mistake.finding.name, mistake.line) == ("deployments-none", 3)
    assert mistake.finding.what.startswith(f"Issuer {LMS}, client id c2: ")
    slashed = in_database(tmp_path, registration(issuer=f"{LMS}/"))
    assert any(one.finding.what.startswith(f"Issuer {LMS}/: ") for one in slashed)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("memory://", "storage-unknown"),
        ("mongo://h", "storage-unknown"),
        ("sqlite:///:memory:", "storage-url-invalid"),
        ("sqlite:///lti.db?x=1", "storage-url-invalid"),
        ("sqlite:///settings.json", "storage-unavailable"),
        ("sqlite:////dev", "storage-not-writable"),
    ],
)
def test_a_database_that_cannot_be_read_is_told(tmp_path: Path, url: str, name: str) -> None:
    assert names(check(tmp_path, {"registrations": {"url": url}}, "settings.json")) == [name]


def test_the_registrations_file_of_a_settings_file_is_checked_too(tmp_path: Path) -> None:
    check(tmp_path, {LMS: changed(deployment_ids=[])})
    (mistake,) = check(tmp_path, {"registrations": {"file": "tool.json"}}, "settings.json")
    assert (mistake.path, mistake.finding.name) == (tmp_path / "tool.json", "deployments-none")
    (mistake,) = check(tmp_path, {"registrations": {"file": "gone.json"}}, "settings.json")
    assert mistake.path == tmp_path / "gone.json"


def test_registrations_in_a_settings_file_are_checked_where_they_stand(tmp_path: Path) -> None:
    document = {"registrations": {"document": {LMS: [changed(deployment_ids=[])]}}}
    (mistake,) = check(tmp_path, document, "settings.json")
    assert (mistake.finding.name, mistake.line) == ("deployments-none", 10)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"storage": {"url": "mongo://h"}}, ["storage-unknown"]),
        ({"tool": {"keys": "mongo://h"}}, ["storage-unknown"]),
        ({"tool": {"url": LMS}}, ["key-set-own-address"]),
        ({"state": {"secrets": ["short"]}}, ["state-secret-short"]),
        ({"pages": {"texts": {"nothing": "x"}}}, ["text-unknown"]),
    ],
)
def test_settings_are_checked_beside_the_registrations(
    tmp_path: Path, values: dict[str, object], found: list[str]
) -> None:
    document = {**values, "registrations": {"document": {LMS: [GOOD]}}}
    assert names(check(tmp_path, document, "settings.json")) == found


def test_settings_without_registrations_are_told(tmp_path: Path) -> None:
    assert names(check(tmp_path, {"storage": {"url": "memory://"}}, "settings.json")) == ["registrations-missing"]
    assert names(check(tmp_path, "a = ", "settings.toml")) == ["not-toml"]


def test_the_tools_common_keys_are_known(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    settings_with = {"tool": {"keys": "keys"}, "registrations": {"document": {LMS: [changed(private_key_file=...)]}}}
    assert names(check(tmp_path, settings_with, "settings.json")) == ["private-key-missing"]
    assert not keys.exists()
    keys.mkdir()
    (keys / "1.pem").write_text(TOOL_PEM)
    assert check(tmp_path, settings_with, "settings.json") == ()
    own = changed(private_key_file=..., key_set_url=..., key_set={"keys": [dict(TOOL_KEY.public)]})
    document = {"tool": {"keys": "keys"}, "registrations": {"document": {LMS: [own]}}}
    assert names(check(tmp_path, document, "settings.json")) == ["key-set-own-key"]
    (keys / "2.pem").write_text("oops")
    assert names(check(tmp_path, settings_with, "settings.json")) == ["private-key-unreadable"]


def test_with_a_secret_launches_need_no_key(tmp_path: Path) -> None:
    document = {"state": {"secrets": ["s" * 32]}, "registrations": {"document": {LMS: changed(private_key_file=...)}}}
    (mistake,) = check(tmp_path, document, "settings.json")
    assert (mistake.finding.name, mistake.finding.is_error) == ("private-key-missing", False)


# whatever stands there

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
members = st.dictionaries(st.sampled_from([*GOOD, "key_set", "deployments", "default", "private_key"]), anything)
entries = members.map(lambda given: {**GOOD, **given}) | anything


@given(st.dictionaries(st.sampled_from([LMS]) | st.text(), entries | st.lists(entries, max_size=3)) | anything)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_file_holds_is_checked(tmp_path: Path, document: object) -> None:
    for mistake in check(tmp_path, document):
        assert mistake.line >= 1


# the command


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(lti, ["config", "check", *map(str, arguments)])
    return result.exit_code, result.output


def test_the_command_prints_place_severity_mistake_and_remedy(tmp_path: Path) -> None:
    check(tmp_path, {LMS: changed(deployment_ids=[], extra=1)})
    status, output = run(tmp_path / "tool.json")
    assert status == 1
    path = re.escape(str(tmp_path / "tool.json"))
    assert re.search(rf"^{path}:7: error: No deployment may launch.*\[deployments-none\]\n    Copy", output, re.M)
    assert re.search(rf"^{path}:9: warning: .*\[member-unknown\]\n    Known", output, re.M)
    assert output.endswith("1 error, 1 warning.\n")


def test_warnings_alone_are_no_failure(tmp_path: Path) -> None:
    check(tmp_path, {LMS: changed(extra=1)})
    assert run(tmp_path / "tool.json") == (0, run(tmp_path / "tool.json")[1])


def test_a_good_file_is_said_to_be_good(tmp_path: Path) -> None:
    check(tmp_path, {LMS: GOOD})
    assert run(tmp_path / "tool.json") == (0, f"{tmp_path / 'tool.json'}: no mistake was found.\n")


@pytest.mark.parametrize(("name", "members"), [*MISTAKES, *WARNINGS])
def test_no_part_of_a_private_key_is_printed(tmp_path: Path, name: str, members: dict[str, object]) -> None:
    check(tmp_path, {LMS: [changed(**members)]})
    _, output = run(tmp_path / "tool.json")
    assert TOOL_PEM.split("\n")[1] not in output
    assert "AQAB" not in output
