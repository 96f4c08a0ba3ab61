"""Which browser a launch comes from: by the cookie, or by what the platform's storage had."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lti_core.authentication_response import AuthenticationResponse
from lti_core.browser import check_browser, check_stored
from lti_core.errors import LaunchRefused
from lti_core.launch import storage_to_ask, verified
from lti_core.login import cookie_name
from lti_core.state import LoginState, hash_of, make_state
from tests import good
from tests.fakes import FakeKeys, FixedClock
from tests.good import LAUNCH_URL, NOW, REGISTRATION, SETTINGS

SECRET = "s3cr3t-of-this-browser"
ORIGIN = "https://tool.example"
STATE = evolve(good.STATE, browser=hash_of(SECRET), storage_target="_parent")


def response(state: LoginState = STATE, **fields: Any) -> AuthenticationResponse:
    sealed = make_state(state, FakeKeys().secrets(REGISTRATION, "state")[0])
    claims = {**good.CLAIMS, "nonce": state.nonce}
    sent = {"state": sealed, "id_token": good.token(claims), **fields}
    return AuthenticationResponse.read([(name, value) for name, value in sent.items() if value is not None])


def refused(state: LoginState = STATE, origin: str = ORIGIN, url: str = LAUNCH_URL, **fields: Any) -> LaunchRefused:
    with pytest.raises(LaunchRefused) as refusal:
        check_stored(state, response(state, **fields), url, origin)
    assert refusal.value.code == "launch.browser_mismatch"
    return refusal.value


def test_the_cookie_of_the_login_tells_the_browser() -> None:
    check_browser(STATE, {cookie_name(STATE, LAUNCH_URL): SECRET}, LAUNCH_URL)


@pytest.mark.parametrize("cookies", [{}, {"__Host-lti-login-x": SECRET}, {cookie_name(STATE, LAUNCH_URL): "other"}])
def test_no_cookie_or_another_one_does_not(cookies: dict[str, str]) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        check_browser(STATE, cookies, LAUNCH_URL)
    assert refusal.value.code == "launch.browser_mismatch"


def test_what_the_storage_had_tells_the_browser() -> None:
    check_stored(STATE, response(lti_storage_value=SECRET), LAUNCH_URL, ORIGIN)


@pytest.mark.parametrize("secret", ["", "other", SECRET + "x", hash_of(SECRET), "ü"])
def test_another_secret_does_not(secret: str) -> None:
    refused(lti_storage_value=secret)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://evil.example",
        "http://tool.example",
        "https://tool.example:444",
        "https://tool.example/",
        "*",
    ],
)
def test_the_secret_is_posted_by_a_page_of_this_tool(origin: str) -> None:
    refused(origin=origin, lti_storage_value=SECRET)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Tool.Example:443/lti/launch", "https://tool.example"),
        ("http://localhost:80/lti/launch", "http://localhost"),
        ("http://localhost:443/lti/launch", "http://localhost:443"),
        ("http://[::1]:5000/lti/launch", "http://[::1]:5000"),
    ],
)
def test_an_origin_is_compared_as_browsers_write_it(url: str, origin: str) -> None:
    check_stored(STATE, response(lti_storage_value=SECRET), url, origin)


def test_a_login_that_was_offered_no_storage_is_not_proved_by_one() -> None:
    refused(evolve(STATE, storage_target=None), lti_storage_value=SECRET)


@pytest.mark.parametrize(
    ("problem", "found"), [("timeout", "platform_storage.timeout"), ("wrong_origin", "platform_storage.wrong_origin")]
)
def test_why_the_storage_had_nothing_is_told(problem: str, found: str) -> None:
    assert refused(lti_storage_value="", lti_storage_problem=problem).found == found


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_another_word_for_a_problem_is_not_repeated(problem: str) -> None:
    found = refused(lti_storage_value="", lti_storage_problem=problem).found
    assert found is None or found == f"platform_storage.{problem}"
    assert len(str(found)) < 32


@given(st.text(), st.text())
def test_whatever_is_posted_is_refused_and_nothing_breaks(stored: str, origin: str) -> None:
    whole = stored.encode(errors="replace").decode()
    refused(origin=origin, lti_storage_value=whole)


def test_a_form_without_that_field_leads_to_the_storage() -> None:
    storage = storage_to_ask(response(), REGISTRATION, FakeKeys(), NOW)
    assert storage is not None
    assert (storage.target, storage.login_url) == ("_parent", REGISTRATION.login_url)


def test_an_error_of_the_platform_leads_there_too() -> None:
    assert storage_to_ask(response(id_token=None, error="login_required"), REGISTRATION, FakeKeys(), NOW) is not None


@pytest.mark.parametrize("stored", ["", SECRET])
def test_a_form_that_was_there_never_leads_there_again(stored: str) -> None:
    assert storage_to_ask(response(lti_storage_value=stored), REGISTRATION, FakeKeys(), NOW) is None


def test_a_login_that_was_offered_no_storage_leads_nowhere() -> None:
    without = evolve(STATE, storage_target=None)
    assert storage_to_ask(response(without), REGISTRATION, FakeKeys(), NOW) is None


def test_a_launch_by_storage_is_known_as_one() -> None:
    by = {"settings": SETTINGS, "cookies": {}, "origin": ORIGIN}
    fields = response(lti_storage_value=SECRET)
    _, evidence = verified(fields, REGISTRATION, FakeKeys(), FixedClock(), **by)  # type: ignore[arg-type]
    assert evidence.by_storage
