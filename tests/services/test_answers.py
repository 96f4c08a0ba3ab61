"""Refusals of services: which failure they are, and in which words. They hold no token and no person."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import ServiceFailed
from lti_core.ports import HttpResponse
from lti_core.services.line_items import GetLineItem
from lti_core.services.members import GetMembers
from lti_core.services.results import GetResults
from lti_core.services.scores import PublishScore, Score
from tests.services.recorded import answer

ITEM = "https://lms.example/lineitems/9?type_id=1"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0b29sIn0.c2lnbmF0dXJl"
SCORE = Score(
    user_id="user-4711",
    given=Decimal("8.5"),
    maximum=10,
    comment='Ada, "well done"\nBut see the second page, please.',
    timestamp=datetime(2030, 1, 1, tzinfo=UTC),
)
COMMAND = PublishScore(ITEM, SCORE)


def refusal(response: HttpResponse) -> ServiceFailed:
    with pytest.raises(ServiceFailed) as failed:
        GetLineItem(ITEM).read_response(response)
    return failed.value


def words(text: str | bytes) -> str:
    """What is shown of an answer to a score."""
    with pytest.raises(ServiceFailed) as failed:
        COMMAND.read_response(answer(400, text if isinstance(text, bytes) else text.encode()))
    return failed.value.platform_says


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "service.bad_request"),
        (401, "service.unauthorized"),
        (403, "service.forbidden"),
        (404, "service.not_found"),
        (405, "service.bad_request"),
        (410, "service.not_found"),
        (412, "service.bad_request"),
        (422, "service.bad_request"),
        (429, "service.unavailable"),
        (500, "service.unavailable"),
        (502, "service.unavailable"),
        (503, "service.unavailable"),
        (504, "service.unavailable"),
        (204, "service.bad_request"),
        (206, "service.bad_request"),
        (304, "service.bad_request"),
    ],
)
def test_a_status_has_its_code(status: int, code: str) -> None:
    failed = refusal(answer(status, {"reason": "No handler found"}))
    assert (failed.code, failed.status) == (code, status)
    assert failed.found == f"GET https://lms.example/lineitems/9: {status}"
    assert failed.platform_says == "reason: No handler found"
    assert str(failed).endswith(f"The platform says: reason: No handler found [{code}]")


def test_who_asks_too_often_is_not_forbidden() -> None:
    assert refusal(answer(403, b"403 Forbidden (Rate Limit Exceeded)")).code == "service.unavailable"


def test_what_is_forbidden_names_the_scope_to_ask_for() -> None:
    for status in (401, 403):
        remedy = refusal(answer(status)).remedy
        assert "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly" in remedy
        assert "administrator" in remedy


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"status":400,"reason":"Bad","request":{"url":"/x"}}', "reason: Bad"),
        (b'{"errors":[{"field":"tag","message":"too long"}]}', "field: tag; message: too long"),
        (b'{"timestamp":["only later"]}', "timestamp: only later"),
        (b'"plain"', "plain"),
        (b"[]", ""),
        (b"", ""),
        (b"plain\n  words", "plain words"),
        (b"<html><head><title>Error 500</title></head><body>x</body></html>", "Error 500"),
        (b"<p>Not <b>here</b></p>", "Not here"),
        (b"\xff\xfe", "��"),
    ],
)
def test_the_words_of_a_platform_are_found(body: bytes, shown: str) -> None:
    assert refusal(answer(400, body)).platform_says == shown


def test_words_are_cut() -> None:
    assert len(refusal(answer(400, b"x y " * 100_000)).platform_says) == 500


@pytest.mark.parametrize(
    "text",
    [
        f"The token {TOKEN} is not good",
        f"assertion={TOKEN}&scope=x",
        f"Authorization: Bearer {TOKEN}",
        "Authorization: Bearer sesame",
        "token c8d17634aa3e166d151774224b66cf99 expired",
        json.dumps(
            {"error": "Authorization: Bearer sesame", "jwt": TOKEN, "token": "c8d17634aa3e166d151774224b66cf99"}
        ),
    ],
)
def test_words_hold_no_token(text: str) -> None:
    shown = words(text)
    for secret in ("eyJ", "c2lnbmF0dXJl", "sesame", "c8d17634aa3e166d"):
        assert secret not in shown


@pytest.mark.parametrize(
    "name", ["access_token", "refresh_token", "id_token", "token", "client_assertion", "client_secret", "Authorization"]
)
def test_what_is_called_a_token_is_hidden_however_short_it_is(name: str) -> None:
    assert words(json.dumps({"error": "expired", name: "aB3"})) == f"error: expired; {name}: …"
    assert "aB3" not in words(json.dumps({name: ["aB3", {name: "aB3"}]}))


def test_a_mark_of_utf_8_is_no_part_of_an_answer() -> None:
    assert words("\ufeff" + '{"reason":"Bad"}') == "reason: Bad"
    body = b'\xef\xbb\xbf{"id":"9","label":"A","scoreMaximum":1}'
    assert GetLineItem(ITEM).read_response(answer(200, body)).label == "A"
    with pytest.raises(ServiceFailed, match=r"response_malformed"):
        GetLineItem(ITEM).read_response(answer(200, b"\xef\xbb\xbf" + body))


@pytest.mark.parametrize(
    "text", ["Unknown user ada@lms.example.", "<ada@lms.example>", "ada%40lms.example", '{"e":"a@b"}']
)
def test_words_hold_no_email_address(text: str) -> None:
    shown = words(text)
    assert "ada" not in shown
    assert "@" not in shown


def test_words_hold_nothing_that_was_sent() -> None:
    body = (COMMAND.to_request().body or b"").decode()
    written_anew = json.dumps(json.loads(body), indent=1)
    for repeated in (
        f"Incorrect score received{body}",
        f"Incorrect score received {written_anew}",
        json.dumps({"reason": f"Incorrect score received{body}"}),
        json.dumps({"reason": "Incorrect score received", "comment": SCORE.comment, "user": "user-4711"}),
        json.dumps({"reason": "Incorrect score received", "request": json.loads(body)}),
        f"Incorrect score received for user-4711: {SCORE.comment}",
        f"Incorrect score received, cut: {(SCORE.comment or '')[:20]}",
        f"Incorrect score received {body}".ljust(5000, "x"),
    ):
        shown = words(repeated)
        assert "Incorrect score received" in shown
        assert not any(ours in shown for ours in ("Ada", "well done", "second page", "user-4711")), shown


@given(st.binary() | st.text(st.characters(codec="utf-8")).map(str.encode))
def test_any_answer_has_words(body: bytes) -> None:
    shown = words(body)
    assert len(shown) <= 500
    assert "@" not in shown


@pytest.mark.parametrize(
    "part", ["<", "<title>", "{", "[", "eyJ", "a.", "a@", "Bearer ", '{"a":', "-", "\\", "a1", "&#64;"]
)
def test_long_words_are_read_to_their_end(part: str) -> None:
    for text in (part * (1_000_000 // len(part)), '{"reason":"' + part * 10_000):
        assert len(words(text)) <= 500


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"\xff", b'{"a":1,"a":2}', b"[" * 5000, b"[" * 40 + b"]" * 40, b"null", b"5", b'"x"', b"NaN"],
)
def test_a_success_that_cannot_be_read_is_a_failure_of_its_own(body: bytes) -> None:
    with pytest.raises(ServiceFailed) as failed:
        GetLineItem(ITEM).read_response(answer(200, body))
    assert (failed.value.code, failed.value.status) == ("service.ags.response_malformed", 200)
    with pytest.raises(ServiceFailed) as failed:
        GetResults(line_item=ITEM).read_response(answer(200, body))
    assert failed.value.code == "service.ags.response_malformed"
    with pytest.raises(ServiceFailed) as failed:
        GetMembers(url=ITEM).read_response(answer(200, body))
    assert failed.value.code == "service.nrps.response_malformed"
