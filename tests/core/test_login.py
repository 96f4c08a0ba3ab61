"""Login: whom it is for, where it may lead, what is sent to the platform, and what binds it to the browser."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from lti_core.errors import LoginRefused
from lti_core.login import (
    LONGEST_PARAMETER,
    LONGEST_URL,
    MOST_LOGINS,
    AuthenticationRequest,
    LoginInitiation,
    begin_login,
    choose,
    cookie_name,
)
from lti_core.registration import Registration
from lti_core.rules.rule import TargetUrls
from lti_core.state import LIFETIME, LoginState, hash_of, read_state
from tests import good
from tests.fakes import FakeKeys, FixedClock
from tests.good import CLIENT_ID, ISSUER, LAUNCH_URL, NOW, TARGET, TARGET_URLS, initiation, registration


def read(pairs: Iterable[tuple[str, str]]) -> LoginInitiation:
    return LoginInitiation.read(pairs)


def begin(
    pairs: Iterable[tuple[str, str]] | None = None,
    to: Registration = good.REGISTRATION,
    redirect_uri: str = LAUNCH_URL,
    urls: TargetUrls = TARGET_URLS,
    **more: Any,
) -> AuthenticationRequest:
    clock = more.pop("clock", None) or FixedClock()
    asked = read(initiation() if pairs is None else pairs)
    return begin_login(asked, to, FakeKeys(), clock, redirect_uri=redirect_uri, target_urls=urls, **more)


def without(*names: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in initiation() if name not in names]


def opened(request: AuthenticationRequest) -> LoginState:
    secrets = FakeKeys().secrets(good.REGISTRATION, "state")
    return read_state(dict(request.parameters)["state"]).open(secrets, NOW)


def test_a_login_initiation_is_read() -> None:
    asked = read([*initiation(), ("canvas_region", "eu"), ("utf8", "✓")])
    assert (asked.issuer, asked.client_id, asked.deployment_id) == (ISSUER, CLIENT_ID, "dep-1")
    assert (asked.login_hint, asked.lti_message_hint, asked.target_link_uri) == ("h-1", "m-1", TARGET)


def test_only_issuer_hint_and_target_are_required() -> None:
    asked = read(without("client_id", "lti_deployment_id", "lti_message_hint"))
    assert (asked.client_id, asked.deployment_id, asked.lti_message_hint) == (None, None, None)
    empty = read(initiation(client_id="", lti_deployment_id="", lti_message_hint=""))
    assert (empty.client_id, empty.deployment_id, empty.lti_message_hint) == (None, None, "")


TOO_LONG = "x" * (LONGEST_PARAMETER + 1)


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([], "login.issuer_missing"),
        (without("iss"), "login.issuer_missing"),
        (initiation(iss=""), "login.issuer_missing"),
        (without("login_hint"), "login.login_hint_missing"),
        (initiation(login_hint=""), "login.login_hint_missing"),
        (without("target_link_uri"), "login.target_link_uri_missing"),
        (initiation(target_link_uri=""), "login.target_link_uri_missing"),
        ([*initiation(), ("iss", ISSUER)], "login.parameter_repeated"),
        ([*initiation(), ("target_link_uri", "https://evil.example")], "login.parameter_repeated"),
        ([*initiation(), ("client_id", CLIENT_ID)], "login.parameter_repeated"),
        (initiation(login_hint=TOO_LONG), "login.parameter_too_long"),
        (initiation(lti_message_hint=TOO_LONG), "login.parameter_too_long"),
        (initiation(login_hint="\ud83d"), "login.parameter_malformed"),
        (initiation(iss="https://lms.example\udcff"), "login.parameter_malformed"),
        ([("lti_message_type", "basic-lti-launch-request"), ("oauth_consumer_key", "k")], "login.lti11_not_supported"),
    ],
)
def test_a_login_initiation_is_refused(pairs: list[tuple[str, str]], code: str) -> None:
    with pytest.raises(LoginRefused) as refusal:
        read(pairs)
    assert refusal.value.code == code


def test_what_identifies_a_person_is_not_shown() -> None:
    shown = repr(read(initiation(login_hint="person-hint", lti_message_hint="message-hint")))
    assert "person-hint" not in shown
    assert "message-hint" not in shown
    request = begin(initiation(login_hint="person-hint"))
    assert not any(secret in repr(request) for secret in ("person-hint", request.cookie_value))


ONE, TWO = registration(), registration(client_id="tool-2")


def test_the_registration_is_the_one_with_the_client_id() -> None:
    assert choose(read(initiation(client_id="tool-2")), [ONE, TWO]) is TWO
    assert choose(read(initiation()), [ONE, registration(client_id="tool-2", default=True)]) is ONE


def test_without_a_client_id_it_is_the_only_one_or_the_default() -> None:
    asked, default = read(without("client_id")), registration(client_id="tool-3", default=True)
    assert choose(asked, [ONE]) is ONE
    assert choose(asked, [ONE, default, TWO]) is default


@pytest.mark.parametrize(
    ("client", "candidates", "code"),
    [
        (CLIENT_ID, [], "login.issuer_unknown"),
        (None, [], "login.issuer_unknown"),
        ("tool-9", [ONE, TWO], "login.client_unknown"),
        ("TOOL-1", [ONE], "login.client_unknown"),
        ("tool-9", [registration(default=True)], "login.client_unknown"),
        (None, [ONE, TWO], "login.client_ambiguous"),
        (None, [registration(default=True), registration(client_id="b", default=True)], "login.client_ambiguous"),
    ],
)
def test_a_login_for_no_certain_registration_is_refused(
    client: str | None, candidates: list[Registration], code: str
) -> None:
    with pytest.raises(LoginRefused) as refusal:
        choose(read(without("client_id") if client is None else initiation(client_id=client)), candidates)
    assert refusal.value.code == code
    names = {registered.client_id for registered in candidates} - {client}
    assert not names & {refusal.value.expected, refusal.value.found}


def test_what_is_sent_to_the_platform() -> None:
    request = begin()
    sent = dict(request.parameters)
    assert len(sent) == len(request.parameters)
    assert {name: value for name, value in sent.items() if name not in ("state", "nonce")} == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": CLIENT_ID,
        "redirect_uri": LAUNCH_URL,
        "login_hint": "h-1",
        "lti_message_hint": "m-1",
    }
    assert request.url.startswith("https://lms.example/auth?")
    assert parse_qsl(urlsplit(request.url).query, strict_parsing=True) == list(request.parameters)


def test_a_message_hint_goes_back_exactly_when_it_came() -> None:
    assert "lti_message_hint" not in dict(begin(without("lti_message_hint")).parameters)
    assert dict(begin(initiation(lti_message_hint="")).parameters)["lti_message_hint"] == ""


def test_the_client_id_is_the_registrations_own() -> None:
    assert dict(begin(without("client_id")).parameters)["client_id"] == CLIENT_ID


HINTS = [
    json.dumps({"cmid": 7, "launchid": "ltilaunch_7", "title": 'a "b" & c=d'}),
    "Ødegård 王小明 😀",
    "a+b c%20d%",
    "&state=forged&redirect_uri=https://evil.example#",
    "line\r\nSet-Cookie: a=b",
    "'\"<script>\0",
    "/?:@!$()*,;~._-",
]


@pytest.mark.parametrize("hint", HINTS)
def test_every_hint_comes_back_as_it_was_and_adds_nothing(hint: str) -> None:
    request = begin(initiation(login_hint=hint, lti_message_hint=hint))
    parts = urlsplit(request.url)
    assert request.url.isascii()
    assert not set(request.url) & set(" \r\n\"'<>\\\0")
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", "lms.example", "/auth", "")
    pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
    assert pairs == list(request.parameters)
    assert (dict(pairs)["login_hint"], dict(pairs)["lti_message_hint"]) == (hint, hint)


@pytest.mark.parametrize(
    ("login_url", "kept"),
    [
        ("https://lms.example/auth?tenant=a%20b&x=1", [("tenant", "a b"), ("x", "1")]),
        ("https://lms.example/auth?", []),
        ("https://lms.example/auth?tenant", [("tenant", "")]),
    ],
)
def test_the_query_of_the_platforms_address_is_kept(login_url: str, kept: list[tuple[str, str]]) -> None:
    request = begin(to=registration(login_url=login_url))
    pairs = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    assert request.url.startswith(login_url)
    assert pairs == [*kept, *request.parameters]
    assert request.action == login_url


def test_a_long_address_needs_a_form() -> None:
    assert not begin().needs_form
    assert begin(initiation(lti_message_hint="x" * LONGEST_URL)).needs_form
    assert begin(initiation(lti_message_hint="é" * (LONGEST_URL // 6))).needs_form
    request = begin(initiation(lti_message_hint="x" * 6000))
    assert request.needs_form is (len(request.url) > LONGEST_URL)


def test_the_state_says_what_the_login_was_for() -> None:
    request = begin()
    state = opened(request)
    assert (state.issuer, state.client_id, state.deployment_id) == (ISSUER, CLIENT_ID, "dep-1")
    assert (state.target_link_uri, state.nonce) == (TARGET, dict(request.parameters)["nonce"])
    assert (state.issued_at, state.expires_at) == (NOW, NOW + LIFETIME.total_seconds())
    assert opened(begin(without("lti_deployment_id"))).deployment_id is None


def test_the_secret_of_the_browser_is_in_its_cookie_only() -> None:
    request = begin()
    assert hash_of(request.cookie_value) == opened(request).browser
    assert request.cookie_value not in request.url
    assert request.cookie_lifetime == LIFETIME


def test_two_logins_share_neither_cookie_nor_nonce_nor_state() -> None:
    requests = [begin() for _ in range(50)]
    for values in (
        {request.cookie_name for request in requests},
        {request.cookie_value for request in requests},
        {dict(request.parameters)["nonce"] for request in requests},
        {dict(request.parameters)["state"] for request in requests},
    ):
        assert len(values) == 50


def test_nonce_and_secret_are_256_random_bits_each() -> None:
    asked: list[int] = []

    def random(size: int) -> bytes:
        asked.append(size)
        return bytes([len(asked)]) * size

    request = begin(random=random)
    assert asked == [32, 32]
    assert dict(request.parameters)["nonce"] != request.cookie_value
    assert len(request.cookie_value) == 43


def test_names_and_values_of_cookies_need_no_quoting() -> None:
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    request = begin()
    assert set(request.cookie_name + request.cookie_value) <= allowed


def test_over_https_the_cookie_is_bound_to_the_host() -> None:
    request = begin()
    assert request.cookie_name.startswith("__Host-lti-login-")
    assert request.cookie_name == cookie_name(opened(request), LAUNCH_URL)
    plain = begin(redirect_uri="http://localhost:5000/lti/launch")
    assert plain.cookie_name.startswith("lti-login-")


def logins(count: int) -> list[str]:
    clock, names = FixedClock(), []
    for _ in range(count):
        names.append(begin(clock=clock).cookie_name)
        clock.advance(1)
    return names


def test_one_login_too_many_deletes_the_oldest() -> None:
    names = logins(MOST_LOGINS + 2)
    assert begin(cookies=names[: MOST_LOGINS - 1]).stale_cookies == ()
    assert begin(cookies=reversed(names[:MOST_LOGINS])).stale_cookies == (names[0],)
    assert begin(cookies=names).stale_cookies == tuple(names[:3])


def test_cookies_of_others_are_neither_counted_nor_deleted() -> None:
    strangers = [f"{prefix}{place}" for prefix in ("a-", "lti-login", "shop-lti-login-", "") for place in range(40)]
    http_logins = [f"lti-login-{place:010d}-{'a' * 16}" for place in range(40)]
    assert begin(cookies=[*strangers, *http_logins, *logins(MOST_LOGINS - 1)]).stale_cookies == ()


@pytest.mark.parametrize(
    "end", ["", "x", "0-a", f"1764072000-{'a' * 17}", f"176407200-{'a' * 16}", f"1764072000-{'ü' * 16}"]
)
def test_only_cookies_that_are_named_as_a_login_names_them_are_deleted(end: str) -> None:
    named = [f"__Host-lti-login-{end}", f"__Host-lti-login-{end}\n"]
    assert begin(cookies=[*named, *logins(MOST_LOGINS - 1)]).stale_cookies == ()


def test_cookies_with_long_names_are_not_ours() -> None:
    long = [f"__Host-lti-login-{letter * 200_000}" for letter in ("1", "-", "a", "1-")]
    assert begin(cookies=[*long, *logins(MOST_LOGINS - 1)]).stale_cookies == ()


@pytest.mark.parametrize("count", [48, 3000])
def test_at_most_sixteen_cookies_are_deleted_at_once(count: int) -> None:
    names = [f"__Host-lti-login-{place:010d}-{'a' * 16}" for place in range(count)]
    assert begin(cookies=names).stale_cookies == tuple(names[:16])


def test_a_login_needs_no_store_and_fetches_nothing() -> None:
    class OnlySecrets(FakeKeys):
        def platform_keys(self, *_: object) -> Any:
            raise AssertionError("a login needs no key of the platform")

    asked = read(initiation())
    request = begin_login(asked, ONE, OnlySecrets(), FixedClock(), redirect_uri=LAUNCH_URL, target_urls=TARGET_URLS)
    assert dict(request.parameters)["state"]


OURS = TargetUrls.of(
    [
        "https://tool.example/lti/launch",
        "https://tool.example/quiz/*",
        "https://tool.example:8443/other",
        "http://localhost:5000/lti/launch",
        "https://all.example/*",
    ]
)


@pytest.mark.parametrize(
    "url",
    [
        "https://tool.example/lti/launch",
        "https://tool.example/lti/launch?quiz=7&next=https://evil.example",
        "https://tool.example/lti/launch#part",
        "https://tool.example:443/lti/launch",
        "HTTPS://Tool.Example/lti/launch",
        "https://tool.example/quiz/",
        "https://tool.example/quiz/7/page",
        "https://tool.example/quiz/caf%C3%A9",
        "https://tool.example/quiz/é",
        "https://tool.example/quiz/a..b/...",
        "https://tool.example:8443/other",
        "http://localhost:5000/lti/launch",
        "https://all.example",
        "https://all.example/",
        "https://all.example/any/thing?x",
    ],
)
def test_a_login_leads_to_the_tools_own_addresses(url: str) -> None:
    assert opened(begin(initiation(target_link_uri=url), urls=OURS)).target_link_uri == url


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/lti/launch",
        "https://tool.example.evil.example/lti/launch",
        "https://eviltool.example/lti/launch",
        "https://tool.example/lti/launch/",
        "https://tool.example/LTI/launch",
        "https://tool.example/lti/launch/../launch",
        "https://tool.example/lti",
        "https://tool.example/",
        "https://tool.example",
        "https://tool.example/quiz",
        "https://tool.example/quizzes/7",
        "https://tool.example/quiz/..",
        "https://tool.example/quiz/../admin",
        "https://tool.example/quiz/./7",
        "https://tool.example/quiz/%2e%2e/admin",
        "https://tool.example/quiz/.%2E/admin",
        "https://tool.example/quiz/..%2fadmin",
        "https://tool.example/quiz/%2e%2e%2Fadmin",
        "https://tool.example/quiz/..%5Cadmin",
        "https://tool.example//quiz/7",
        "https://tool.example:8443/lti/launch",
        "https://tool.example:0/lti/launch",
        "https://tool.example:80/lti/launch",
        "https://tool.example:99999/lti/launch",
        "https://tool.example:-1/lti/launch",
        "https://tool.example:４４３/lti/launch",
        "https://tool.example./lti/launch",
        "http://tool.example/lti/launch",
        "http://tool.example:443/lti/launch",
        "http://localhost/lti/launch",
        "https://localhost:5000/lti/launch",
        "http://127.0.0.1:5000/lti/launch",
        "http://all.example/",
        "https://sub.all.example/",
        "https://user@tool.example/lti/launch",
        "https://tool.example@evil.example/lti/launch",
        "https://@tool.example/lti/launch",
        "https://evil.example\\@tool.example/lti/launch",
        "https://tool.example\\.evil.example/lti/launch",
        "https:\\\\tool.example/lti/launch",
        "https:/tool.example/lti/launch",
        "https:tool.example/lti/launch",
        "//tool.example/lti/launch",
        "/lti/launch",
        "lti/launch",
        "javascript://tool.example/lti/launch",
        "data:text/html,https://tool.example/lti/launch",
        " https://tool.example/lti/launch",
        "https://tool.example/lti/launch ",
        "https://tool.example/lti/launch\n",
        "ht\ntps://tool.example/lti/launch",
        "https://tool.example/\tlti/launch",
        "https://tool.example\0/lti/launch",
        "https://tool.example\u2028/lti/launch",
        "https://tool。example/lti/launch",
        "https://ｔｏｏｌ.example/lti/launch",
        "https://[::1/lti/launch",
        "https://[tool.example]/lti/launch",
        "https://tool.example/lti/launch;x",
        "https://tool.example/lti%2Flaunch",
        "*",
        "https://tool.example/*",
    ],
)
def test_a_login_leads_nowhere_else(url: str) -> None:
    with pytest.raises(LoginRefused) as refusal:
        begin(initiation(target_link_uri=url), urls=OURS)
    assert (refusal.value.code, refusal.value.found) == ("login.target_link_uri_foreign", url)


def test_a_tool_without_addresses_leads_nowhere() -> None:
    for urls in (TargetUrls.of([]), TargetUrls.of(["lti/launch", "*", "/*", "https://", ""])):
        with pytest.raises(LoginRefused):
            begin(urls=urls)
