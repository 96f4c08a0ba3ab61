"""The authorization endpoint looks at a tool's request as real platforms do."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_adapters.simulator.authorization import PlatformRefused
from lti_adapters.simulator.draft import Answer
from lti_adapters.simulator.pending import LIFETIME, MOST


@pytest.fixture
def ask(platform, request_of, authorize):
    """Answers the request for an ordinary launch, with some parameters changed, as a dictionary."""
    return lambda **changes: dict(authorize(request_of(platform.resource_link(), **changes).items()).fields)


def test_a_sound_request_is_answered_with_a_token_and_the_state(ask):
    answer = ask()
    assert set(answer) == {"id_token", "state"}
    assert answer["state"] == "s-1"


WRONG = [
    ("scope", "openid profile", "invalid_scope"),
    ("scope", None, "invalid_scope"),
    ("response_type", "code", "unsupported_response_type"),
    ("response_mode", "fragment", "invalid_request"),
    ("response_mode", None, "invalid_request"),
    ("prompt", "login", "invalid_request"),
    ("nonce", None, "invalid_request"),
    ("nonce", "", "invalid_request"),
    ("login_hint", None, "invalid_request"),
    ("lti_message_hint", None, "invalid_request"),
    ("lti_message_hint", "made up", "launch_no_longer_valid"),
    ("login_hint", "teacher", "launch_no_longer_valid"),
]


@pytest.mark.parametrize(("name", "value", "error"), WRONG)
def test_each_wrong_parameter_is_answered_with_its_error(ask, name, value, error):
    answer = ask(**{name: value})
    assert answer["error"] == error
    assert answer["state"] == "s-1"
    assert "id_token" not in answer


def test_a_request_without_a_state_is_answered_without_one(ask):
    answer = ask(state=None)
    assert (answer["error"], "state" in answer) == ("invalid_request", False)


@pytest.mark.parametrize("client_id", ["another-tool", "", None])
def test_an_unknown_tool_is_never_sent_anywhere(ask, client_id):
    with pytest.raises(PlatformRefused) as refusal:
        ask(client_id=client_id)
    assert refusal.value.code == "platform.client_unknown"


REDIRECTS = ["https://localhost/lti/launch/", "https://localhost/lti/launch?x=1", "http://localhost/lti/launch", None]


@pytest.mark.parametrize("redirect_uri", REDIRECTS)
def test_a_redirect_address_is_compared_letter_for_letter(ask, redirect_uri):
    with pytest.raises(PlatformRefused) as refusal:
        ask(redirect_uri=redirect_uri)
    assert refusal.value.code == "platform.redirect_uri_unknown"


def test_hints_work_once(platform, request_of, authorize):
    request = request_of(platform.resource_link())
    assert "id_token" in dict(authorize(request.items()).fields)
    assert dict(authorize(request.items()).fields)["error"] == "launch_no_longer_valid"


def test_a_wrong_request_does_not_use_the_hints_up(platform, request_of, authorize):
    request = request_of(platform.resource_link())
    assert "error" in dict(authorize({**request, "scope": "all"}.items()).fields)
    assert "id_token" in dict(authorize(request.items()).fields)


def test_hints_are_forgotten_after_a_while(platform, clock, request_of, authorize):
    request = request_of(platform.resource_link())
    clock.advance(LIFETIME.total_seconds())
    assert dict(authorize(request.items()).fields)["error"] == "launch_no_longer_valid"


def test_of_very_many_launches_that_nobody_answers_the_oldest_are_forgotten(platform, request_of, authorize):
    first = request_of(platform.resource_link())
    for _ in range(MOST):
        last = request_of(platform.resource_link())
    assert "error" in dict(authorize(first.items()).fields)
    assert "id_token" in dict(authorize(last.items()).fields)


@pytest.mark.parametrize("name", ["nonce", "state", "scope"])
def test_a_parameter_that_comes_twice_is_refused(platform, request_of, authorize, name):
    request = request_of(platform.resource_link())
    answer = authorize([*request.items(), (name, request[name])])
    assert dict(answer.fields)["error"] == "invalid_request"


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_tool_that_names_itself_twice_is_never_sent_anywhere(platform, request_of, authorize, name):
    request = request_of(platform.resource_link())
    with pytest.raises(PlatformRefused):
        authorize([*request.items(), (name, request[name])])


NAMES = (
    st.sampled_from(["scope", "nonce", "state", "login_hint", "lti_message_hint", "prompt", "client_id"]) | st.text()
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, st.text())))
def test_whatever_a_tool_asks_it_is_answered_or_refused(platform, authorize, pairs):
    known = [("client_id", platform.client_id), ("redirect_uri", platform.launch_url)]
    try:
        answer = authorize([*known, *pairs])
    except PlatformRefused:
        return
    assert isinstance(answer, Answer)
    assert "error" in dict(answer.fields)
