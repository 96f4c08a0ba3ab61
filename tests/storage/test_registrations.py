from typing import Any

import pytest

from lti_core.errors import ConfigurationError
from lti_core.registration import Registration
from lti_storage.registrations import FixedRegistrations, refuse_conflicts


def registration(**changes: Any) -> Registration:
    values: dict[str, Any] = {
        "issuer": "https://lms.example",
        "client_id": "c1",
        "login_url": "https://lms.example/auth",
        "token_url": "https://lms.example/token",
        "key_set_url": "https://lms.example/keys",
    }
    return Registration(**{**values, **changes})


FIRST = registration()
SECOND = registration(client_id="c2")
OTHER = registration(
    issuer="https://other.example",
    token_url="https://other.example/token",
    key_set_url="https://other.example/keys",
)


def test_a_registration_is_found_by_issuer_and_client_id() -> None:
    registrations = FixedRegistrations((FIRST, SECOND, OTHER))
    assert registrations.find("https://lms.example", "c2") is SECOND
    assert registrations.of_issuer("https://lms.example") == (FIRST, SECOND)
    assert registrations.all() == (FIRST, SECOND, OTHER)


@pytest.mark.parametrize(
    ("issuer", "client_id"),
    [
        ("https://lms.example/", "c1"),
        ("https://LMS.example", "c1"),
        ("https://lms.example", "C1"),
        ("https://lms.example", ""),
        ("https://other.example", "c2"),
    ],
)
def test_names_are_compared_letter_for_letter(issuer: str, client_id: str) -> None:
    assert FixedRegistrations((FIRST, SECOND, OTHER)).find(issuer, client_id) is None


def test_an_unknown_issuer_has_no_registrations() -> None:
    assert FixedRegistrations((FIRST,)).of_issuer("https://other.example") == ()


@pytest.mark.parametrize(
    "second",
    [
        SECOND,
        OTHER,
        registration(client_id="c2", key_set_url="https://LMS.example:443/other/keys"),
        registration(issuer="https://inline.example", key_set_url=None, key_set={"keys": []}),
        registration(issuer="https://canvas.test", audience="https://canvas.test", token_url="https://x.test/t"),
        registration(issuer="https://same.example"),
        registration(issuer="https://tokenless.example", audience="https://lms.example/token", token_url=None),
    ],
    ids=["client id", "issuer", "same origin", "inline keys", "audience", "same token url", "no token url"],
)
def test_registrations_that_do_not_disturb_each_other_are_accepted(second: Registration) -> None:
    refuse_conflicts([FIRST, second])
    refuse_conflicts([second, FIRST])


@pytest.mark.parametrize(
    ("code", "second"),
    [
        ("config.registration_twice", registration()),
        ("config.registration_twice", registration(deployment_ids=["d2"])),
        ("config.key_set_foreign", registration(client_id="c2", key_set_url="https://evil.example/keys")),
        ("config.key_set_foreign", registration(client_id="c2", key_set_url="http://lms.example/keys")),
        ("config.key_set_foreign", registration(client_id="c2", key_set={"keys": []})),
        ("config.key_set_foreign", registration(client_id="c2", key_set_url=None, key_set={"keys": []})),
        ("config.key_set_foreign", registration(client_id="c2", key_set_url="https://lms.example:444/keys")),
        ("config.key_set_foreign", registration(client_id="c2", key_set_url="https://lms.example:99999/keys")),
        ("config.key_set_foreign", registration(client_id="c2", key_set_url="https://lms.example.evil.example/keys")),
        (
            "config.audience_shared",
            registration(
                issuer="https://evil.example", audience="https://lms.example/token", token_url="https://evil.example/t"
            ),
        ),
    ],
)
def test_registrations_that_could_speak_for_each_other_are_refused(code: str, second: Registration) -> None:
    for pair in ((FIRST, second), (second, FIRST)):
        with pytest.raises(ConfigurationError) as refusal:
            FixedRegistrations(pair)
        assert refusal.value.code == code
        assert "issuer" in refusal.value.message


def test_one_key_set_may_stand_in_several_registrations_of_an_issuer() -> None:
    first, second = (registration(client_id=name, key_set_url=None, key_set={"keys": []}) for name in ("c1", "c2"))
    refuse_conflicts([first, second])
    other = registration(client_id="c3", key_set_url=None, key_set={"keys": [{"kty": "RSA"}]})
    with pytest.raises(ConfigurationError, match=r"config\.key_set_foreign"):
        refuse_conflicts([first, second, other])


def test_a_conflict_is_found_behind_other_registrations() -> None:
    middle = registration(client_id="c2", key_set_url="https://lms.example/other-keys")
    foreign = registration(client_id="c3", key_set_url="https://evil.example/keys")
    with pytest.raises(ConfigurationError) as refusal:
        refuse_conflicts([FIRST, OTHER, middle, foreign])
    assert refusal.value.code == "config.key_set_foreign"
    assert "c3" in refusal.value.message
