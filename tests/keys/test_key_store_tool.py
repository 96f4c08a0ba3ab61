"""The tool's own keys, and the secrets that are derived from them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lti_adapters.key_store import CachedKeyStore
from lti_core.errors import ConfigurationError
from lti_core.keys import SigningKey, derive_secret, new_private_key, read_private_key
from lti_core.ports import HttpResponse
from lti_core.registration import Registration
from lti_core.tokens import read_key_set, take_apart
from lti_storage.registrations import FixedRegistrations
from lti_storage.tool_keys import FolderToolKeys, NoToolKeys, ToolKeys
from tests.fakes import PLATFORM_PEM, TOOL_KEY, TOOL_PEM, FakeHttp, FixedClock

OLD_KEY = read_private_key(PLATFORM_PEM)
SECRET, OLD_SECRET = "s" * 32, "o" * 32


class TwoKeys:
    """The tool's keys, newest first."""

    def all(self) -> tuple[SigningKey, ...]:
        return (TOOL_KEY, OLD_KEY)

    def add(self, pem: str) -> SigningKey:
        raise NotImplementedError


def registration(
    client_id: str = "c1", private_key: str | None = None, issuer: str = "https://lms.example"
) -> Registration:
    return Registration(
        issuer=issuer,
        client_id=client_id,
        login_url="https://lms.example/login",
        key_set={"keys": []},
        private_key=private_key,
    )


def key_store(*registrations: Registration, tool_keys: ToolKeys | None = None, **more: Any) -> CachedKeyStore:
    http = FakeHttp(lambda _: HttpResponse(status=500))
    return CachedKeyStore(http, FixedClock(), FixedRegistrations(registrations), tool_keys or NoToolKeys(), **more)


def test_a_registration_with_a_key_of_its_own_signs_with_it() -> None:
    keys = key_store(tool_keys=TwoKeys())
    assert keys.signing_key(registration(private_key=PLATFORM_PEM)).kid == OLD_KEY.kid


def test_any_other_registration_signs_with_the_newest_key_of_the_tool() -> None:
    assert key_store(tool_keys=TwoKeys()).signing_key(registration()) is TOOL_KEY


def test_what_is_signed_is_verified_with_what_is_published() -> None:
    keys = key_store(registration(private_key=TOOL_PEM))
    signed = take_apart(keys.signing_key(registration(private_key=TOOL_PEM)).sign({"iss": "c1"}))
    published = read_key_set({"keys": list(keys.public_keys())}).find(str(signed.header["kid"]))
    assert [key.verifies(signed) for key in published] == [True]


def test_without_any_key_nothing_is_signed() -> None:
    with pytest.raises(ConfigurationError) as mistake:
        key_store().signing_key(registration())
    assert mistake.value.code == "config.signing_key_missing"
    assert "lti keys new" in mistake.value.message


def test_a_private_key_is_loaded_once_for_all_threads() -> None:
    keys, start = key_store(), threading.Barrier(16)

    def key(_: int) -> SigningKey:
        start.wait(30)
        return keys.signing_key(registration(private_key=TOOL_PEM))

    with ThreadPoolExecutor(16) as people:
        assert len({id(found) for found in people.map(key, range(16))}) == 1


def test_all_keys_are_published_each_once_and_without_their_private_part() -> None:
    third = new_private_key()
    keys = key_store(
        registration("c1", TOOL_PEM),
        registration("c2", third),
        registration("c3", third),
        registration("c4"),
        tool_keys=TwoKeys(),
    )
    published = keys.public_keys()
    assert [key["kid"] for key in published] == [TOOL_KEY.kid, OLD_KEY.kid, read_private_key(third).kid]
    assert {name for key in published for name in key} == {"kty", "n", "e", "kid", "alg", "use"}


def test_a_key_that_cannot_be_read_keeps_no_other_from_being_published(caplog: pytest.LogCaptureFixture) -> None:
    broken = registration("c1", "-----BEGIN secret-----")
    keys = key_store(broken, registration("c2", TOOL_PEM))
    assert [key["kid"] for key in keys.public_keys()] == [TOOL_KEY.kid]
    assert "config.private_key_unreadable" in caplog.text
    assert "secret" not in caplog.text
    with pytest.raises(ConfigurationError) as mistake:
        keys.signing_key(broken)
    assert mistake.value.code == "config.private_key_unreadable"


def test_a_tool_without_keys_publishes_an_empty_set() -> None:
    assert key_store().public_keys() == ()


def test_a_new_key_in_the_folder_signs_and_is_published_and_the_old_one_still_verifies(tmp_path: Path) -> None:
    clock = FixedClock()
    folder = FolderToolKeys(tmp_path, clock)
    first = folder.add(TOOL_PEM)
    keys = key_store(tool_keys=folder)
    old = keys.secrets(registration(), "state")
    clock.advance(seconds=1)
    second = folder.add(PLATFORM_PEM)
    assert keys.signing_key(registration()).kid == second.kid
    assert [key["kid"] for key in keys.public_keys()] == [second.kid, first.kid]
    assert keys.secrets(registration(), "state")[1:] == old


def test_configured_secrets_come_before_any_key() -> None:
    keys = key_store(tool_keys=TwoKeys(), state_secrets=(SECRET, OLD_SECRET))
    expected = [derive_secret(text.encode(), "state", "https://lms.example", "c1") for text in (SECRET, OLD_SECRET)]
    assert list(keys.secrets(registration(private_key=TOOL_PEM), "state")) == expected


def test_without_them_the_registrations_own_key_serves() -> None:
    keys = key_store(tool_keys=TwoKeys())
    expected = derive_secret(OLD_KEY.material, "state", "https://lms.example", "c1")
    assert keys.secrets(registration(private_key=PLATFORM_PEM), "state") == (expected,)


def test_without_that_the_tools_keys_serve_newest_first() -> None:
    expected = [derive_secret(key.material, "state", "https://lms.example", "c1") for key in (TOOL_KEY, OLD_KEY)]
    assert list(key_store(tool_keys=TwoKeys()).secrets(registration(), "state")) == expected


def test_without_anything_there_is_no_secret() -> None:
    with pytest.raises(ConfigurationError) as mistake:
        key_store().secrets(registration(), "state")
    assert mistake.value.code == "config.state_secret_missing"
    assert "state.secrets" in mistake.value.message


@pytest.mark.parametrize("more", [{"state_secrets": (SECRET,)}, {"tool_keys": TwoKeys()}])
def test_secrets_differ_by_purpose_and_registration_and_agree_between_workers(more: dict[str, Any]) -> None:
    asked = [
        (registration("c1"), "state"),
        (registration("c1"), "launch"),
        (registration("c2"), "state"),
        (registration("c1", issuer="https://other.example"), "state"),
    ]
    one, another = key_store(**more), key_store(**more)
    secrets = [one.secrets(*question) for question in asked]
    assert len(set(secrets)) == 4
    assert {len(secret) for each in secrets for secret in each} == {32}
    assert (
        secrets == [another.secrets(*question) for question in asked] == [one.secrets(*question) for question in asked]
    )


@pytest.mark.parametrize("secrets", [("",), ("s" * 31,), (SECRET, "short")])
def test_a_short_secret_is_refused_and_not_repeated(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as mistake:
        key_store(state_secrets=secrets)
    assert mistake.value.code == "config.state_secret_short"
    assert "sss" not in repr(mistake.value)


def test_secrets_are_not_shown() -> None:
    assert SECRET not in repr(key_store(state_secrets=(SECRET,)))
