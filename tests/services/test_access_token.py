"""Access tokens: what is asked, and what real platforms answer."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import ConfigurationError, InvalidValue, ServiceFailed
from lti_core.ports import MIB, HttpResponse
from lti_core.scopes import MEMBERS_READ, SCORE
from lti_core.services.access_token import AccessToken, RequestToken, token_assertion
from lti_core.tokens import read_key_set, take_apart
from tests.fakes import NOON, TOOL_KEY
from tests.good import REGISTRATION
from tests.services.recorded import answer

PLATFORM = evolve(REGISTRATION, token_url="https://lms.example/token")
COMMAND = RequestToken.of(PLATFORM, TOOL_KEY, (SCORE, MEMBERS_READ), NOON)
GOOD = {"access_token": "sesame", "token_type": "Bearer", "expires_in": 3600, "scope": f"{SCORE} {MEMBERS_READ}"}


def read(**changes: object) -> AccessToken:
    said = {name: value for name, value in {**GOOD, **changes}.items() if value != "absent"}
    return COMMAND.read_response(answer(200, said, content_type="text/html; charset=utf-8"))


def refusal(response: HttpResponse, command: RequestToken = COMMAND) -> ServiceFailed:
    with pytest.raises(ServiceFailed) as failed:
        command.read_response(response)
    assert command.assertion not in f"{failed.value!r} {failed.value}"
    return failed.value


def test_the_assertion_says_who_asks_whom_for_a_minute() -> None:
    jws = take_apart(token_assertion(PLATFORM, TOOL_KEY, NOON))
    assert jws.header == {"alg": "RS256", "typ": "JWT", "kid": TOOL_KEY.kid}
    assert read_key_set({"keys": [TOOL_KEY.public]}).find(TOOL_KEY.kid)[0].verifies(jws)
    claims = jws.claims
    assert claims["iss"] == claims["sub"] == PLATFORM.client_id
    assert claims["aud"] == "https://lms.example/token"
    assert (claims["iat"], claims["exp"]) == (int(NOON.timestamp()), int(NOON.timestamp()) + 60)
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "jti"}


def test_an_audience_of_the_registration_is_named_instead_of_the_token_url() -> None:
    brightspace = evolve(PLATFORM, audience="https://api.brightspace.com/auth/token")
    assert (
        take_apart(token_assertion(brightspace, TOOL_KEY, NOON)).claims["aud"]
        == "https://api.brightspace.com/auth/token"
    )


def test_no_two_assertions_have_one_id_but_by_chance() -> None:
    ids = [take_apart(token_assertion(PLATFORM, TOOL_KEY, NOON)).claims["jti"] for _ in range(3)]
    assert len(set(ids)) == 3
    fixed = take_apart(token_assertion(PLATFORM, TOOL_KEY, NOON, bytes)).claims["jti"]
    assert fixed == "A" * 32


def test_a_registration_without_a_token_url_is_told_what_to_write() -> None:
    without = evolve(PLATFORM, token_url=None)
    for ask in (
        lambda: token_assertion(without, TOOL_KEY, NOON),
        lambda: RequestToken.of(without, TOOL_KEY, SCORE, NOON),
        lambda: RequestToken.of(evolve(without, audience="x"), TOOL_KEY, SCORE, NOON),
    ):
        with pytest.raises(ConfigurationError) as wrong:
            ask()
        assert wrong.value.code == "config.token_endpoint_missing"
        assert "auth_token_url" in wrong.value.message


def test_the_request_is_a_form() -> None:
    request = COMMAND.to_request()
    assert (request.method, request.url, request.trusted_url) == ("POST", PLATFORM.token_url, PLATFORM.token_url)
    assert request.headers == {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    assert request.max_bytes == MIB
    assert parse_qs((request.body or b"").decode()) == {
        "grant_type": ["client_credentials"],
        "client_assertion_type": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        "client_assertion": [COMMAND.assertion],
        "scope": [f"{SCORE} {MEMBERS_READ}"],
    }
    assert COMMAND.assertion not in repr(COMMAND)
    assert COMMAND.assertion not in repr(request)


def test_scopes_are_asked_for_in_one_order_and_once() -> None:
    asked = [
        RequestToken.of(PLATFORM, TOOL_KEY, scopes, NOON).asked
        for scopes in ([SCORE, MEMBERS_READ, SCORE], [MEMBERS_READ, SCORE])
    ]
    assert asked[0] == asked[1] == COMMAND.asked
    assert RequestToken.of(PLATFORM, TOOL_KEY, SCORE, NOON).asked == (SCORE,)


def test_a_token_is_asked_for_with_a_scope() -> None:
    with pytest.raises(InvalidValue) as wrong:
        RequestToken.of(PLATFORM, TOOL_KEY, (), NOON)
    assert wrong.value.code == "token.no_scope"


@pytest.mark.parametrize("scope", ["", "score", "https://a b", "https://a\n", 'https://a"', "https://é.example"])
def test_a_scope_is_an_absolute_address(scope: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        RequestToken.of(PLATFORM, TOOL_KEY, [scope], NOON)
    assert wrong.value.code == "token.scope_malformed"


def test_vendor_scopes_pass() -> None:
    scope = "https://canvas.instructure.com/lti-ags/progress/scope/show"
    assert RequestToken.of(PLATFORM, TOOL_KEY, scope, NOON).asked == (scope,)


def test_a_token_is_read() -> None:
    token = read()
    assert token == AccessToken("sesame", frozenset({SCORE, MEMBERS_READ}), NOON + timedelta(hours=1))
    assert "sesame" not in repr(token)


@pytest.mark.parametrize("kind", ["bearer", "Bearer", "BEARER"])
def test_the_kind_of_a_token_is_compared_in_any_case(kind: str) -> None:
    assert read(token_type=kind).value == "sesame"


@pytest.mark.parametrize("kind", ["mac", "", None, 5, "absent", "Bearer "])
def test_a_token_of_another_kind_is_refused(kind: object) -> None:
    said = {name: value for name, value in {**GOOD, "token_type": kind}.items() if value != "absent"}
    assert refusal(answer(200, said)).code == "token.type_unsupported"


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [
        (3600, 3600),
        ("3600", 3600),
        (3600.0, 3600),
        ("absent", 300),
        (None, 300),
        ("soon", 300),
        ("", 300),
        (0, 300),
        (-5, 300),
        (True, 300),
        (0.5, 300),
        (10**400, 300),
        (1e300, 300),
        ("9" * 500, 300),
        ([], 300),
    ],
)
def test_a_life_that_makes_no_sense_is_a_short_one(expires_in: object, seconds: int) -> None:
    assert read(expires_in=expires_in).expires_at == NOON + timedelta(seconds=seconds)


def test_less_than_was_asked_for_is_remembered() -> None:
    assert read(scope=SCORE).scopes == {SCORE}


@pytest.mark.parametrize("scope", ["absent", None])
def test_where_no_scope_is_named_it_is_as_was_asked(scope: object) -> None:
    assert read(scope=scope).scopes == {SCORE, MEMBERS_READ}


@pytest.mark.parametrize("scope", ["", "  "])
def test_a_token_that_allows_nothing_is_not_granted(scope: str) -> None:
    failed = refusal(answer(200, {**GOOD, "scope": scope}))
    assert failed.code == "service.scope_not_granted"
    assert SCORE in failed.remedy


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Log in</html>",
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        b'{"access_token":"a","access_token":"b","token_type":"bearer"}',
        b'{"access_token":5,"token_type":"bearer"}',
        b'{"access_token":"","token_type":"bearer"}',
        b'{"access_token":"a\\r\\nb","token_type":"bearer"}',
        '{"access_token":"é","token_type":"bearer"}'.encode(),
        b'{"access_token":"a","token_type":"bearer","scope":["a"]}',
    ],
)
def test_an_answer_without_a_token_cannot_be_read(body: bytes) -> None:
    assert refusal(answer(200, body)).code == "token.response_malformed"


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize(
    "error",
    [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    ],
)
def test_an_error_has_its_code_and_says_what_to_do(error: str, status: int) -> None:
    failed = refusal(answer(status, {"error": error, "error_description": "because"}, content_type="text/html"))
    assert (failed.code, failed.status) == (f"token.{error}", status)
    assert failed.platform_says == f"error: {error}; error_description: because"
    assert failed.remedy
    assert failed.spec == "RFC 6749 §5.2"


def test_a_scope_that_is_not_granted_is_named_with_whom_to_ask() -> None:
    remedy = refusal(answer(400, {"error": "invalid_scope"})).remedy
    assert SCORE in remedy
    assert MEMBERS_READ in remedy
    assert "administrator" in remedy


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, b'{"error":"Expired token"}', "token.refused"),
        (404, b'{"error":"lti_consumer_not_initialized"}', "token.refused"),
        (400, b'{"error":{"code":5}}', "token.refused"),
        (400, b'{"error":["invalid_client"]}', "token.refused"),
        (400, b'{\n "error" : ""kid" invalid, unable to lookup correct key"\n}', "token.refused"),
        (200, b'{"error":"invalid_client"}', "token.invalid_client"),
        (400, b"<html>404</html>", "token.response_malformed"),
        (400, b'\xef\xbb\xbf{"error":"invalid_client"}', "token.invalid_client"),
        (404, b"", "token.response_malformed"),
        (302, b"", "token.response_malformed"),
        (400, b"{}", "token.response_malformed"),
        (400, b"[]", "token.response_malformed"),
        (400, b'{"message":"no"}', "token.response_malformed"),
        (429, b'{"error":"slow_down"}', "service.unavailable"),
        (500, b"", "service.unavailable"),
        (503, b'{"error":"invalid_client"}', "service.unavailable"),
    ],
)
def test_other_refusals_are_told_apart(status: int, body: bytes, code: str) -> None:
    assert refusal(answer(status, body)).code == code


def test_a_refusal_shows_the_words_but_never_the_assertion() -> None:
    failed = refusal(
        answer(400, {"error": f"Signature verification failed for {COMMAND.assertion} of ada@lms.example"})
    )
    assert failed.platform_says == "error: Signature verification failed for … of …"
    failed = refusal(answer(400, (COMMAND.to_request().body or b"")))
    assert COMMAND.assertion.split(".")[2][:30] not in str(failed)


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("Tue, 24 Nov 2026 12:10:00 GMT", "600 seconds behind"),
        ("Tue, 24 Nov 2026 11:50:00 GMT", "600 seconds ahead of"),
        ("Tue, 24 Nov 2026 12:01:01 GMT", "61 seconds behind"),
    ],
)
def test_clocks_that_differ_are_named(date: str, said: str) -> None:
    for body in ({"error": "Expired token"}, {"error": "invalid_client"}, {"error": "invalid_grant"}):
        assert said in refusal(answer(400, body, date=date)).remedy


@pytest.mark.parametrize(
    "date",
    [
        "Tue, 24 Nov 2026 12:00:00 GMT",
        "Tue, 24 Nov 2026 12:01:00 GMT",
        "",
        "yesterday",
        "Tue, 24 Foo 2026 12:10:00 GMT",
        "Tue, 99 Nov 2026 12:10:00 GMT",
        "Tue, 24 Nov 0000 12:10:00 GMT",
        "Tue, 24 Nov 2026 12:10:00 +0100",
    ],
)
def test_of_clocks_that_agree_or_tell_no_time_nothing_is_said(date: str) -> None:
    assert "clock" not in refusal(answer(400, {"error": "invalid_client"}, date=date)).remedy


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)), st.text())
def test_any_date_is_compared(date: datetime, other: str) -> None:
    for text in (date.strftime("%a, %d %b %Y %H:%M:%S GMT"), other):
        assert refusal(answer(400, {"error": "x"}, date=text)).code == "token.refused"


def test_a_token_request_may_be_repeated_and_needs_no_token() -> None:
    assert COMMAND.repeat.after_silence
    assert COMMAND.scopes == ()
