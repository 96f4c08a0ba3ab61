import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import ConfigurationError
from lti_core.keys import new_private_key, public_pem
from lti_storage.registration_files import read_registrations, registrations_of_file
from tests.fakes import TOOL_PEM

ISSUER = "https://lms.example"
ENTRY: dict[str, Any] = {
    "default": True,
    "client_id": "c1",
    "auth_login_url": "https://lms.example/auth",
    "auth_token_url": "https://lms.example/token",
    "auth_audience": None,
    "key_set_url": "https://lms.example/keys",
    "key_set": None,
    "deployment_ids": ["d1", "d2"],
}
REMOVED = object()


def entry(**changes: object) -> dict[str, object]:
    return {name: value for name, value in {**ENTRY, **changes}.items() if value is not REMOVED}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[object], Path]:
    def written(document: object) -> Path:
        path = tmp_path / "tool.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return path

    return written


def refused(document: Any, folder: Path | None = None) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as refusal:
        read_registrations(document, folder)
    return refusal.value


def test_an_old_file_is_read_as_it_is(write: Callable[[object], Path], tmp_path: Path) -> None:
    (tmp_path / "private.key").write_text(TOOL_PEM)
    (tmp_path / "public.key").write_text(public_pem(TOOL_PEM))
    files = {"private_key_file": "private.key", "public_key_file": "public.key"}
    path = write(
        {
            ISSUER: [entry(**files), entry(default=False, client_id="c2", **files)],
            "https://other.example": entry(client_id="c3", auth_audience="https://aud.example", **files),
        }
    )
    first, second, third = registrations_of_file(path)
    assert (first.issuer, first.client_id, first.default) == (ISSUER, "c1", True)
    assert (first.login_url, first.token_url) == ("https://lms.example/auth", "https://lms.example/token")
    assert (first.key_set_url, first.key_set, first.audience) == ("https://lms.example/keys", None, None)
    assert first.deployment_ids == {"d1", "d2"}
    assert first.deployments == "closed"
    assert first.private_key == TOOL_PEM
    assert (second.issuer, second.client_id, second.default) == (ISSUER, "c2", False)
    assert (third.issuer, third.client_id, third.audience) == ("https://other.example", "c3", "https://aud.example")


def test_key_files_may_have_absolute_names(tmp_path: Path) -> None:
    (tmp_path / "private.key").write_text(TOOL_PEM)
    (read,) = read_registrations({ISSUER: entry(private_key_file=str(tmp_path / "private.key"))})
    assert read.private_key == TOOL_PEM


def test_a_key_may_stand_in_the_registration_itself() -> None:
    (read,) = read_registrations({ISSUER: entry(private_key=TOOL_PEM)})
    assert read.private_key == TOOL_PEM


def test_a_registration_may_have_no_key_of_its_own() -> None:
    (read,) = read_registrations({ISSUER: ENTRY})
    assert read.private_key is None


def test_any_deployment_may_be_accepted() -> None:
    (read,) = read_registrations({ISSUER: entry(deployments="any", deployment_ids=REMOVED)})
    assert read.deployments == "any"
    assert read.deployment_ids == frozenset()


def test_a_key_set_may_stand_in_the_registration_itself() -> None:
    key_set = {"keys": [{"kty": "RSA", "kid": "k"}]}
    (read,) = read_registrations({ISSUER: entry(key_set=key_set, key_set_url=None)})
    assert read.key_set == key_set


def test_an_empty_key_set_counts_as_none() -> None:
    (read,) = read_registrations({ISSUER: entry(key_set={})})
    assert read.key_set is None


def test_unknown_members_are_ignored() -> None:
    (read,) = read_registrations({ISSUER: entry(comment=["our test server"])})
    assert read.client_id == "c1"


def test_no_registrations_are_none() -> None:
    assert read_registrations({}) == ()


def test_a_public_key_file_that_is_missing_is_ignored(tmp_path: Path) -> None:
    (read,) = read_registrations({ISSUER: entry(private_key=TOOL_PEM, public_key_file="no.key")}, tmp_path)
    assert read.private_key == TOOL_PEM


@pytest.mark.parametrize("foreign", [public_pem(new_private_key()), "", "-----BEGIN PUBLIC KEY-----\nx\n", "café"])
def test_a_public_key_of_another_private_key_is_refused(tmp_path: Path, foreign: str) -> None:
    (tmp_path / "public.key").write_text(foreign)
    error = refused({ISSUER: entry(private_key=TOOL_PEM, public_key_file="public.key")}, tmp_path)
    assert error.code == "config.public_key_foreign"
    assert error.message.startswith(f"Issuer '{ISSUER}', client id 'c1': public_key_file")


@pytest.mark.parametrize(
    ("code", "member", "changes"),
    [
        ("config.value_missing", "client_id", {"client_id": REMOVED}),
        ("config.value_missing", "client_id", {"client_id": None}),
        ("config.value_invalid", "client_id", {"client_id": ""}),
        ("config.value_invalid", "client_id", {"client_id": 10000000000001}),
        ("config.value_missing", "auth_login_url", {"auth_login_url": REMOVED}),
        ("config.url_invalid", "auth_login_url", {"auth_login_url": "lms.example/auth"}),
        ("config.url_invalid", "auth_login_url", {"auth_login_url": "javascript:alert(1)"}),
        ("config.url_invalid", "auth_token_url", {"auth_token_url": "/token"}),
        ("config.value_invalid", "auth_token_url", {"auth_token_url": ["https://lms.example/token"]}),
        ("config.value_invalid", "auth_audience", {"auth_audience": 5}),
        ("config.url_invalid", "key_set_url", {"key_set_url": "https://"}),
        ("config.key_set_missing", "key_set_url", {"key_set_url": None}),
        ("config.key_set_missing", "key_set", {"key_set_url": None, "key_set": {}}),
        ("config.key_set_invalid", "key_set", {"key_set": {"keys": []}}),
        ("config.key_set_invalid", "key_set", {"key_set": {"kty": "RSA"}}),
        ("config.key_set_invalid", "key_set", {"key_set": "https://lms.example/keys"}),
        ("config.key_set_invalid", "key_set", {"key_set": []}),
        ("config.value_missing", "deployment_ids", {"deployment_ids": REMOVED}),
        ("config.value_missing", "deployment_ids", {"deployment_ids": None}),
        ("config.value_invalid", "deployment_ids", {"deployment_ids": "d1"}),
        ("config.value_invalid", "deployment_ids", {"deployment_ids": [1]}),
        ("config.value_invalid", "deployment_ids", {"deployment_ids": [""]}),
        ("config.deployments_invalid", "deployments", {"deployments": "all"}),
        ("config.deployments_invalid", "deployments", {"deployments": ["any"]}),
        ("config.value_invalid", "default", {"default": "true"}),
        ("config.value_invalid", "private_key_file", {"private_key_file": 5}),
        ("config.key_file_relative", "private_key_file", {"private_key_file": "private.key"}),
        ("config.key_file_unreadable", "private_key_file", {"private_key_file": "/no/such/private.key"}),
        ("config.key_file_unreadable", "private_key_file", {"private_key_file": "/"}),
        ("config.key_file_unreadable", "private_key_file", {"private_key_file": "/a\0b"}),
        ("config.private_key_unreadable", "private_key", {"private_key": "MIIE..."}),
        ("config.private_key_unreadable", "private_key", {"private_key": public_pem(TOOL_PEM)}),
        ("config.private_key_twice", "private_key_file", {"private_key": TOOL_PEM, "private_key_file": "private.key"}),
    ],
)
def test_a_mistake_is_named_with_its_place(code: str, member: str, changes: dict[str, object]) -> None:
    error = refused({ISSUER: [entry(client_id="c0"), entry(**changes)]})
    assert error.code == code
    assert member in error.message
    assert error.message.startswith(f"Issuer '{ISSUER}', client id ")
    assert "PRIVATE KEY-----\nM" not in str(error)


@pytest.mark.parametrize("found", [{}, [], [{}], None, "https://lms.example", [ENTRY, None], [[ENTRY]], 5])
def test_an_issuer_without_a_registration_is_explained(found: object) -> None:
    error = refused({ISSUER: found})
    assert error.code == "config.registration_empty"
    assert ISSUER in error.message


@pytest.mark.parametrize("document", [[], "x", None, 5, [ENTRY]])
def test_registrations_are_an_object_of_issuers(document: object) -> None:
    assert refused(document).code == "config.registrations_not_object"


def test_an_empty_issuer_is_refused() -> None:
    assert refused({"": ENTRY}).code == "config.value_missing"


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        registrations_of_file(tmp_path / "tool.json")
    assert refusal.value.code == "config.registrations_file_unreadable"
    assert "tool.json" in refusal.value.message
    assert "No such file" in refusal.value.message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1, column 1"),
        ('{\n  "https://lms.example": {,\n}', "line 2, column 27"),
        ("{'a': 1}", "line 1, column 2"),
        ('{"a": {}}\n{"b": {}}', "line 2, column 1"),
    ],
)
def test_a_file_that_is_not_json_is_explained_by_line_and_column(
    write: Callable[[object], Path], text: str, place: str
) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        registrations_of_file(write(text))
    assert refusal.value.code == "config.registrations_not_json"
    assert place in refusal.value.message


@pytest.mark.parametrize("data", ["{}".encode("utf-16"), b'{"a": "\xff"}', b"[" * 100_000])
def test_a_file_that_is_no_text_or_too_deep_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "tool.json"
    path.write_bytes(data)
    with pytest.raises(ConfigurationError) as refusal:
        registrations_of_file(path)
    assert refusal.value.code == "config.registrations_not_json"


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tool.json"
    path.write_text(json.dumps({ISSUER: ENTRY}), encoding="utf-8-sig")
    assert len(registrations_of_file(path)) == 1


def test_an_issuer_that_stands_twice_is_refused(write: Callable[[object], Path]) -> None:
    text = f'{{"{ISSUER}": {json.dumps(ENTRY)}, "{ISSUER}": {json.dumps(ENTRY)}}}'
    with pytest.raises(ConfigurationError) as refusal:
        registrations_of_file(write(text))
    assert refusal.value.code == "config.member_twice"
    assert ISSUER in refusal.value.message
    assert "list" in refusal.value.message


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
# The names of key files are left out: to read whatever file a text names is what they are for.
members = st.sampled_from([*ENTRY, "deployments", "private_key"]) | st.text()


@given(st.dictionaries(st.text(), st.dictionaries(members, anything) | anything, max_size=3))
def test_whatever_a_document_holds_it_is_read_or_refused(document: dict[str, Any]) -> None:
    with suppress(ConfigurationError):
        read_registrations(document)


@given(st.dictionaries(members, anything, max_size=3))
def test_whatever_a_registration_holds_it_is_read_or_refused(changes: dict[str, Any]) -> None:
    with suppress(ConfigurationError):
        (read,) = read_registrations({ISSUER: {**ENTRY, **changes}})
        assert read.issuer == ISSUER
