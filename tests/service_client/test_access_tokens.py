"""Access tokens: asked for with as little as suffices, shared, renewed in time, and never asked for twice at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from attrs import evolve

from lti_adapters.services import access_tokens
from lti_adapters.services.access_tokens import AccessTokens
from lti_adapters.services.retries import Retries
from lti_core import scopes
from lti_core.claims import Endpoint
from lti_core.errors import ConfigurationError, LtiError, ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.tokens import take_apart
from tests.fakes import NOON, FakeKeys
from tests.good import REGISTRATION, registration
from tests.service_client.scene import (
    ALL,
    COURSE,
    GRANT,
    SILENCE,
    Ask,
    Scene,
    Scripted,
    Sleeper,
    client_of,
    command,
    even,
    grant_of,
    said,
)

GOOD = said(body="good")
LATER = NOON + timedelta(minutes=1)


def scope_of(request: HttpRequest) -> str:
    return parse_qs((request.body or b"").decode())["scope"][0]


def token(value: str = "t", **members: Any) -> HttpResponse:
    return said(body={"access_token": value, "token_type": "bearer", "expires_in": 3600, **members})


def bearer(request: HttpRequest) -> str:
    return request.headers["Authorization"]


@pytest.mark.parametrize(
    ("granted", "asked"),
    [
        (ALL, scopes.LINE_ITEM_READ),
        ((scopes.LINE_ITEM,), scopes.LINE_ITEM),
        ((scopes.SCORE, scopes.LINE_ITEM_READ), scopes.LINE_ITEM_READ),
    ],
)
def test_the_least_scope_that_was_granted_and_suffices_is_asked_for(granted: tuple[str, ...], asked: str) -> None:
    http = Scripted(GOOD)
    client_of(http).run(Ask(), grant_of(Endpoint(scopes=granted, line_items=f"{COURSE}/lineitems")))
    assert [scope_of(request) for request in http.tokens] == [asked]


@pytest.mark.parametrize("wanted", [scopes.MEMBERS_READ, scopes.GROUPS_READ, "https://lms.example/scope/progress"])
def test_a_scope_that_no_claim_lists_is_asked_for_as_it_is(wanted: str) -> None:
    http = Scripted(GOOD)
    client_of(http).run(command(scopes=(wanted,)), grant_of(endpoint=Endpoint()))
    assert [scope_of(request) for request in http.tokens] == [wanted]


def test_fifty_launches_share_one_token(scene: Scene) -> None:
    for _ in range(50):
        assert list(scene.class_list().members())
    assert len(scene.platform.requests.of("token")) == 1
    assert len(scene.platform.requests.of("members")) == 50


def test_each_use_has_a_token_of_its_own(scene: Scene) -> None:
    list(scene.class_list().members())
    list(scene.grades().results())
    list(scene.grades().results())
    assert scene.asked().count("POST token") == 2


def test_each_platform_has_tokens_of_its_own() -> None:
    http = Scripted(GOOD)
    tokens = tokens_of(http)
    for changed in ({}, {"issuer": "https://other.example"}, {"client_id": "tool-2"}, {"audience": "https://aud"}):
        tokens.get(registration(**changed), (scopes.SCORE,), LATER)
    assert len(http.tokens) == 3


def tokens_of(http: Any, clock: Sleeper | None = None) -> AccessTokens:
    clock = clock or Sleeper()
    return AccessTokens(Retries(http, clock, even), FakeKeys(), clock)


@pytest.mark.parametrize(("life", "used"), [(3600, 3539), (7200, 7139), (300, 269), (10, 8.9)])
def test_a_token_is_renewed_shortly_before_its_end(life: int, used: float) -> None:
    http, clock = Scripted(GOOD), Sleeper()
    http.token = token(expires_in=life)
    client = client_of(http, clock)
    client.run(Ask(), GRANT)
    clock.advance(used)
    client.run(Ask(), GRANT)
    assert len(http.tokens) == 1
    clock.advance(2)
    client.run(Ask(), GRANT)
    assert len(http.tokens) == 2


def test_a_token_may_end_between_two_pages(scene_of: Callable[..., Scene], clock: Sleeper) -> None:
    scene = scene_of(roster=30, access_token_lifetime=60)
    listed = scene.class_list().members(limit=10)
    first = [next(listed) for _ in range(10)]
    clock.advance(120)
    assert len(first) + len(list(listed)) == len(scene.platform.members)
    assert scene.asked().count("POST token") == 2
    assert all(exchange.status == 200 for exchange in scene.platform.requests)


def test_a_token_that_the_platform_revoked_is_replaced_once_without_anybody_noticing(scene: Scene) -> None:
    list(scene.class_list().members())
    scene.platform.revoke_tokens()
    assert list(scene.class_list().members())
    assert scene.asked() == ["POST token", "GET members", "GET members", "POST token", "GET members"]


def test_the_second_refusal_of_a_token_is_the_last() -> None:
    http = Scripted(said(401))
    with pytest.raises(ServiceFailed) as failure:
        client_of(http).run(Ask(), GRANT)
    assert (failure.value.code, failure.value.status) == ("service.unauthorized", 401)
    assert scopes.LINE_ITEM_READ in failure.value.remedy
    assert [bearer(request) for request in http.requests] == ["Bearer t-1", "Bearer t-2"]


def test_what_must_be_done_once_is_repeated_with_a_new_token() -> None:
    http = Scripted(said(401), GOOD)
    assert client_of(http).run(Ask(method="POST"), GRANT) == b'"good"'


def test_a_platform_that_forbids_gets_no_new_token() -> None:
    http = Scripted(said(403))
    with pytest.raises(ServiceFailed, match=r"service\.forbidden"):
        client_of(http).run(Ask(), GRANT)
    assert (len(http.tokens), len(http.requests)) == (1, 1)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_of_a_token_that_allows_less_names_the_scope(status: int) -> None:
    http = Scripted(said(status, {"message": "insufficient"}))
    http.token = token(scope="https://lms.example/scope/other")
    with pytest.raises(ServiceFailed) as failure:
        client_of(http).run(Ask(), GRANT)
    assert (failure.value.code, failure.value.status) == ("service.scope_not_granted", status)
    assert scopes.LINE_ITEM_READ in failure.value.remedy
    assert "insufficient" in failure.value.platform_says
    assert (len(http.tokens), len(http.requests)) == (1, 1)


@pytest.mark.parametrize("status", [401, 403])
def test_what_an_administrator_grants_later_is_granted_at_the_next_request(status: int) -> None:
    http = Scripted(said(status), GOOD)
    http.token = token(scope="https://lms.example/scope/other")
    client = client_of(http)
    with pytest.raises(ServiceFailed, match=r"service\.scope_not_granted"):
        client.run(Ask(), GRANT)
    http.token = token(scope=scopes.LINE_ITEM_READ)
    assert client.run(Ask(), GRANT) == b'"good"'
    assert len(http.tokens) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_second_token_that_allows_less_names_the_scope_too(status: int) -> None:
    http = Scripted(said(401), said(status))
    http.token = lambda _: token() if len(http.tokens) == 1 else token(scope="https://lms.example/scope/other")
    with pytest.raises(ServiceFailed) as failure:
        client_of(http).run(Ask(), GRANT)
    assert (failure.value.code, failure.value.status) == ("service.scope_not_granted", status)
    assert scopes.LINE_ITEM_READ in failure.value.remedy


def test_a_token_that_allows_less_is_tried_all_the_same() -> None:
    http = Scripted(GOOD)
    http.token = token(scope=scopes.LINE_ITEM)
    assert client_of(http).run(Ask(), GRANT) == b'"good"'


def test_many_threads_ask_for_one_token() -> None:
    http, let = Scripted(GOOD), Event()
    given = http.token

    def after_all_came(request: HttpRequest) -> HttpResponse:
        let.wait(30)
        return given(request)

    http.token = after_all_came
    client = client_of(http)
    with ThreadPoolExecutor(16) as people:
        answers = [people.submit(client.run, Ask(), GRANT) for _ in range(64)]
        let.set()
        assert {answer.result() for answer in answers} == {b'"good"'}
    assert len(http.tokens) == 1
    assert {bearer(request) for request in http.requests} == {"Bearer t-1"}


def test_many_threads_whose_token_was_revoked_ask_for_one_more() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return said(401) if bearer(request) == "Bearer t-1" else GOOD

    http = Scripted(answer)
    client = client_of(http)
    with ThreadPoolExecutor(16) as people:
        assert set(people.map(lambda _: client.run(Ask(), GRANT), range(64))) == {b'"good"'}
    assert len(http.tokens) == 2


def test_who_learns_late_that_an_old_token_is_no_good_leaves_the_new_one() -> None:
    http = Scripted(GOOD)
    tokens, asked = tokens_of(http), (scopes.SCORE,)
    old = tokens.get(REGISTRATION, asked, LATER)
    for _ in range(2):
        tokens.drop(REGISTRATION, asked, old.value)
        assert tokens.get(REGISTRATION, asked, LATER).value == "t-2"
    assert len(http.tokens) == 2


def test_a_new_token_gives_one_more_try_after_the_third() -> None:
    http = Scripted(SILENCE, SILENCE, said(401), GOOD)
    assert client_of(http).run(Ask(), GRANT) == b'"good"'


class Stuck:
    """A platform whose token endpoint hangs until it is let go; then it does what it was told to."""

    def __init__(self, then: Callable[[], HttpResponse]) -> None:
        self.then, self.asked, self.let_go = then, Event(), Event()
        self.count = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        self.count += 1
        self.asked.set()
        self.let_go.wait(30)
        return self.then()


def in_thread(work: Callable[[], object]) -> tuple[Thread, list[object]]:
    """A thread that works, and what comes of it."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001  # looked at by the test
            outcome.append(error)

    thread = Thread(target=run)
    thread.start()
    return thread, outcome


def test_who_waits_for_another_ones_token_does_not_wait_for_ever() -> None:
    http = Stuck(token)
    tokens = tokens_of(http)
    until = tokens.clock.now()
    first, outcome = in_thread(lambda: tokens.get(REGISTRATION, (scopes.SCORE,), until.replace(hour=13)))
    assert http.asked.wait(30)
    with pytest.raises(ServiceFailed) as failure:
        tokens.get(REGISTRATION, (scopes.SCORE,), until)
    http.let_go.set()
    first.join(30)
    assert (failure.value.code, failure.value.not_sent) == ("http.timeout", True)
    assert outcome[0].value == "t"
    assert http.count == 1


def test_who_waits_gets_the_failure_too_and_the_next_one_tries_anew() -> None:
    http = Stuck(lambda: said(400, {"error": "invalid_scope"}))
    tokens = tokens_of(http)
    until = tokens.clock.now().replace(hour=13)
    waiting = [in_thread(lambda: tokens.get(REGISTRATION, (scopes.SCORE,), until)) for _ in range(4)]
    assert http.asked.wait(30)
    http.let_go.set()
    for thread, _ in waiting:
        thread.join(30)
    failures = [outcome[0] for _, outcome in waiting]
    assert [failure.code for failure in failures] == ["token.invalid_scope"] * 4
    assert len({id(failure) for failure in failures}) == 4
    http.then = token
    assert tokens.get(REGISTRATION, (scopes.SCORE,), until).value == "t"


def test_where_the_one_who_asked_was_ended_the_next_one_asks() -> None:
    def ended() -> HttpResponse:
        http.then = token
        raise KeyboardInterrupt

    http = Stuck(ended)
    tokens = tokens_of(http)
    until = tokens.clock.now().replace(hour=13)
    first, ending = in_thread(lambda: tokens.get(REGISTRATION, (scopes.SCORE,), until))
    assert http.asked.wait(30)
    second, outcome = in_thread(lambda: tokens.get(REGISTRATION, (scopes.SCORE,), until))
    http.let_go.set()
    first.join(30)
    second.join(30)
    assert isinstance(ending[0], KeyboardInterrupt)
    assert outcome[0].value == "t"


def test_a_busy_token_endpoint_is_asked_again_with_an_assertion_of_its_own() -> None:
    http, clock = Scripted(GOOD), Sleeper()
    answers = [SILENCE, said(503, retry_after="3"), token()]

    def in_turn(request: HttpRequest) -> HttpResponse:
        answer = answers.pop(0)
        if isinstance(answer, ServiceFailed):
            raise answer
        return answer

    http.token = in_turn
    assert client_of(http, clock).run(Ask(), GRANT) == b'"good"'
    forms = [parse_qs((request.body or b"").decode()) for request in http.tokens]
    assert len({take_apart(form["client_assertion"][0]).claims["jti"] for form in forms}) == 3
    assert clock.slept == [1.0, 4.0]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("invalid_client", "token.invalid_client"),
        ("invalid_scope", "token.invalid_scope"),
        ("unauthorized_client", "token.unauthorized_client"),
        ("who knows", "token.refused"),
    ],
)
def test_a_refused_token_is_not_asked_for_again_and_says_what_to_do(error: str, code: str) -> None:
    http = Scripted(GOOD)
    http.token = said(400, {"error": error, "error_description": "because"})
    with pytest.raises(ServiceFailed) as failure:
        client_of(http).run(Ask(), GRANT)
    assert (failure.value.code, len(http.tokens), http.requests) == (code, 1, [])
    assert failure.value.remedy


def test_clocks_that_differ_are_named() -> None:
    http = Scripted(GOOD)
    http.token = said(400, {"error": "invalid_client"}, date="Tue, 24 Nov 2026 12:10:00 GMT")
    with pytest.raises(ServiceFailed) as failure:
        client_of(http).run(Ask(), GRANT)
    assert "600 seconds behind" in failure.value.remedy


def test_a_registration_without_a_token_url_says_what_is_missing() -> None:
    client = client_of(Scripted(GOOD), registration=registration(token_url=None))
    with pytest.raises(ConfigurationError, match=r"config\.token_endpoint_missing"):
        client.run(Ask(), GRANT)


def test_a_command_that_takes_no_token_gets_none() -> None:
    http = Scripted(GOOD)
    client_of(http).run(command(scopes=()), GRANT)
    assert http.tokens == []
    assert "Authorization" not in http.requests[0].headers


def test_where_there_are_too_many_the_longest_unused_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_tokens, "MOST_TOKENS", 2)
    http = Scripted(GOOD)
    tokens = tokens_of(http)
    for client_id in ("a", "b", "a", "c", "a", "b"):
        tokens.get(registration(client_id=client_id), (scopes.SCORE,), LATER)
    assert len(http.tokens) == 4


def test_no_token_is_shown_by_anything_that_is_logged_or_raised(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    http = Scripted(SILENCE, said(400, {"reason": "Bearer abcdefgh12345678 is strange"}))
    http.token = token("abcdefgh12345678")
    with pytest.raises(LtiError) as failure:
        client_of(http).run(Ask(), GRANT)
    assert "abcdefgh" not in f"{failure.value} {failure.value!r} {caplog.text}"


def test_tokens_come_in_small_answers_only() -> None:
    http = Scripted(GOOD)
    client_of(http).run(Ask(), GRANT)
    assert (http.tokens[0].max_bytes, http.tokens[0].trusted_url) == (1024 * 1024, REGISTRATION.token_url)
    assert evolve(http.tokens[0]).method == "POST"
    assert json.loads(http.token(http.tokens[0]).body)["access_token"] == "t-1"
