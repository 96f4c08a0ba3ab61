"""Registrations: what a good agreement with a platform needs, and what is told about a bad one."""

from typing import Any

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import assume, given
from hypothesis import strategies as st

from lti_core.errors import ConfigurationError
from lti_core.registration import Registration, key_of
from tests import good

GOOD: dict[str, Any] = {
    "issuer": "https://lms.example",
    "client_id": "tool-1",
    "login_url": "https://lms.example/auth",
    "key_set_url": "https://lms.example/keys",
}


def refused(**changes: Any) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as refusal:
        Registration(**{**GOOD, **changes})
    return refusal.value


def test_a_registration_needs_issuer_client_login_address_and_keys() -> None:
    registration = Registration(**GOOD)
    assert (registration.deployments, registration.deployment_ids) == ("closed", frozenset())
    assert not registration.default
    assert Registration(**{**GOOD, "key_set_url": None, "key_set": {"keys": []}}).key_set == {"keys": []}


@pytest.mark.parametrize("name", ["issuer", "client_id"])
@pytest.mark.parametrize("value", ["", None, 5, ["a"]])
def test_issuer_and_client_id_are_texts(name: str, value: object) -> None:
    refusal = refused(**{name: value})
    assert refusal.code == "config.value_missing"
    assert name in refusal.message


@pytest.mark.parametrize("name", ["login_url", "token_url", "key_set_url"])
@pytest.mark.parametrize(
    "value",
    [
        "", "lms.example/auth", "/auth", "//lms.example/auth", "ftp://lms.example", "javascript:alert(1)", "https://",
        "https:///auth", "https://[::1/auth", 5, ["https://lms.example"], b"https://lms.example", "https://:443/auth",
    ],
)  # fmt: skip
def test_an_address_is_absolute_and_of_the_web(name: str, value: object) -> None:
    refusal = refused(**{name: value})
    assert refusal.code == "config.url_invalid"
    assert name in refusal.message


def test_a_platform_on_this_machine_may_be_plain_http() -> None:
    assert Registration(**{**GOOD, "login_url": "http://127.0.0.1:8800/auth"}).login_url.startswith("http:")


def test_the_login_address_and_some_keys_must_be_there() -> None:
    assert refused(login_url=None).code == "config.value_missing"
    assert refused(key_set_url=None).code == "config.key_set_missing"


@pytest.mark.parametrize("value", ["open", "", None, True, "ANY"])
def test_deployments_are_closed_or_any(value: object) -> None:
    assert refused(deployments=value).code == "config.deployments_invalid"


def test_only_the_agreed_deployments_are_known_unless_any_is() -> None:
    closed = Registration(**GOOD, deployment_ids=["1", "2"])
    assert [closed.knows(deployment) for deployment in ("1", "2", "3", "", "12")] == [True, True, False, False, False]
    assert not Registration(**GOOD).knows("1")
    assert Registration(**GOOD, deployments="any").knows("never seen")


def test_a_lone_deployment_is_one_and_not_its_letters() -> None:
    assert Registration(**GOOD, deployment_ids="12").deployment_ids == {"12"}


def test_a_registration_cannot_be_changed() -> None:
    registration = Registration(**GOOD)
    for name, value in (("issuer", "https://evil.example"), ("deployments", "any"), ("key", "k"), ("more", 1)):
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(registration, name, value)


def test_private_key_and_keys_are_not_shown() -> None:
    shown = repr(good.registration(private_key="-----BEGIN PRIVATE KEY-----"))
    assert "PRIVATE" not in shown
    assert "keys" not in shown


def test_the_key_of_a_registration_follows_from_issuer_and_client() -> None:
    registration = Registration(**GOOD)
    assert registration.key == Registration(**{**GOOD, "login_url": "https://lms.example/other"}).key
    assert len(registration.key) == 64
    assert evolve(registration, client_id="tool-2").key == Registration(**{**GOOD, "client_id": "tool-2"}).key
    others = (
        {"issuer": "https://lms.example/"},
        {"client_id": "tool-2"},
        {"issuer": "tool-1", "client_id": GOOD["issuer"]},
    )
    assert len({registration.key, *(Registration(**{**GOOD, **change}).key for change in others)}) == 4


def test_registrations_are_compared_and_hashed_by_what_they_say() -> None:
    one, same = good.registration(), good.registration()
    assert one == same
    assert hash(one) == hash(same)
    assert one != good.registration(deployments="any")


names = st.lists(st.text(st.sampled_from('a",\\[]é\0'), max_size=3), max_size=4)


@given(names, names)
def test_the_key_of_several_names_is_their_own(first: list[str], second: list[str]) -> None:
    assume(first != second)
    assert key_of(*first) != key_of(*second)
