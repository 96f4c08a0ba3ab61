"""What is sent again, how often, and after which pause."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import ServiceFailed
from lti_core.services.command import ONCE, Repeat
from tests.fakes import NOON
from tests.service_client.scene import (
    GRANT,
    SILENCE,
    UNREACHABLE,
    Answer,
    Ask,
    Scripted,
    Sleeper,
    client_of,
    command,
    said,
)

GOOD = said(body="good")
LOST = ServiceFailed("http.unreachable", "The connection broke.")


def run(*answers: Answer, asked: object = None, clock: Sleeper | None = None) -> tuple[object, Scripted, Sleeper]:
    """What came of a command, or the failure; what was sent; and how long it was slept."""
    http, clock = Scripted(*answers), clock or Sleeper()
    try:
        return client_of(http, clock).run(asked or Ask(), GRANT), http, clock
    except ServiceFailed as error:
        return error, http, clock


@pytest.mark.parametrize("failure", [SILENCE, LOST, UNREACHABLE, said(502), said(503), said(504), said(429)])
def test_a_reading_is_sent_again_until_it_is_answered(failure: Answer) -> None:
    result, http, clock = run(failure, failure, GOOD)
    assert (result, len(http.requests), clock.slept) == (b'"good"', 3, [1.0, 2.0])


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 422, 500, 501])
def test_what_the_platform_refuses_is_not_sent_again(status: int) -> None:
    failure, http, clock = run(said(status))
    assert (failure.status, len(http.requests), clock.slept) == (status, 1, [])


@pytest.mark.parametrize(
    "code", ["http.response_malformed", "http.response_too_large", "http.url_refused", "http.redirect_refused"]
)
def test_what_fails_every_time_is_not_tried_again(code: str) -> None:
    failure, http, _ = run(ServiceFailed(code, "So it is."))
    assert (failure.code, len(http.requests)) == (code, 1)


def test_after_three_tries_the_last_failure_is_raised_and_says_so() -> None:
    failure, http, clock = run(SILENCE, LOST, said(503, {"error": "maintenance"}))
    assert (failure.code, failure.status, len(http.requests)) == ("service.unavailable", 503, 3)
    assert "tried 3 times" in failure.message
    assert "maintenance" in failure.platform_says
    assert sum(clock.slept) == 3.0


@pytest.mark.parametrize("failure", [SILENCE, LOST, said(502), said(503), said(504)])
def test_what_must_be_done_once_is_not_sent_again_when_it_may_have_been_taken(failure: Answer) -> None:
    raised, http, _ = run(failure, GOOD, asked=command(repeat=ONCE))
    assert isinstance(raised, ServiceFailed)
    assert len(http.requests) == 1


@pytest.mark.parametrize("failure", [UNREACHABLE, said(429), said(403, {"message": "Rate limit exceeded"})])
def test_what_must_be_done_once_is_sent_again_when_it_was_surely_not_taken(failure: Answer) -> None:
    result, http, _ = run(failure, GOOD, asked=command(repeat=ONCE))
    assert (result, len(http.requests)) == (b'"good"', 2)


def test_a_connection_that_is_not_had_in_time_was_surely_not_used() -> None:
    late = ServiceFailed("http.timeout", "No connection in time.", not_sent=True)
    result, _, _ = run(late, GOOD, asked=command(repeat=ONCE))
    assert result == b'"good"'


@pytest.mark.parametrize("first", [SILENCE, LOST, said(504)])
def test_a_repeat_that_is_refused_as_known_says_that_the_first_one_was_taken(first: Answer) -> None:
    known = Repeat(after_silence=True, delivered=frozenset({"service.not_found"}))
    result, http, _ = run(first, said(404), asked=command(repeat=known))
    assert (result, len(http.requests)) == (b"", 2)


@pytest.mark.parametrize("first", [UNREACHABLE, said(429)])
def test_a_repeat_of_what_was_surely_not_taken_is_refused_as_a_first_one(first: Answer) -> None:
    known = Repeat(after_silence=True, delivered=frozenset({"service.not_found"}))
    failure, _, _ = run(first, said(404), asked=command(repeat=known))
    assert failure.code == "service.not_found"


def test_a_repeat_after_a_new_token_still_knows_that_the_first_one_may_have_been_taken() -> None:
    known = Repeat(after_silence=True, delivered=frozenset({"service.not_found"}))
    result, http, _ = run(SILENCE, said(401), said(404), asked=command(repeat=known))
    assert (result, len(http.requests), len(http.tokens)) == (b"", 3, 2)


@pytest.mark.parametrize("status", [429, 503])
def test_the_platform_says_how_long_to_wait(status: int) -> None:
    _, http, clock = run(said(status, retry_after="7"), GOOD)
    assert (len(http.requests), clock.slept) == (2, [8.0])


def test_the_time_to_wait_for_is_read_by_the_platforms_own_clock() -> None:
    date, later = "Tue, 24 Nov 2026 15:00:00 GMT", "Tue, 24 Nov 2026 15:00:12 GMT"
    _, _, clock = run(said(503, date=date, retry_after=later), GOOD)
    assert clock.slept == [13.0]


def test_without_the_platforms_clock_ours_serves() -> None:
    assert f"{NOON:%H:%M}" == "12:00"
    _, _, clock = run(said(503, retry_after="Tue, 24 Nov 2026 12:00:05 GMT"), GOOD)
    assert clock.slept == [6.0]


def test_a_time_that_is_over_is_not_waited_for() -> None:
    _, _, clock = run(said(429, retry_after="Tue, 24 Nov 2026 11:00:05 GMT"), GOOD)
    assert clock.slept == [1.0]


@pytest.mark.parametrize("long", ["31", "999999999", "Tue, 24 Nov 2026 13:00:00 GMT"])
def test_nobody_waits_for_longer_than_half_a_minute(long: str) -> None:
    failure, http, clock = run(said(429, retry_after=long))
    assert (failure.code, len(http.requests), clock.slept) == ("service.unavailable", 1, [])
    assert "asks to wait" in failure.remedy


@pytest.mark.parametrize("unread", ["", "soon", "-1", "1.5", "١", "Tue, 24 Nov 2026", "9" * 50])
def test_a_time_that_cannot_be_read_is_none(unread: str) -> None:
    _, _, clock = run(said(429, retry_after=unread), GOOD)
    assert clock.slept == [1.0]


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ ([A-Z]+|[+-]\d+)"), st.text())
def test_whatever_a_platform_says_about_waiting_a_minute_is_the_end(after: str, date: str) -> None:
    result, http, clock = run(said(429, retry_after=after, date=date))
    assert isinstance(result, ServiceFailed)
    assert len(http.requests) <= 3
    assert sum(clock.slept) <= 60


def test_a_very_long_answer_about_waiting_is_passed_over() -> None:
    _, http, _ = run(said(429, retry_after="Tue, " * 100_000))
    assert len(http.requests) == 3


def test_all_tries_together_take_a_minute_at_most() -> None:
    clock = Sleeper()

    def hang(request: object) -> object:
        clock.advance(29)
        raise SILENCE

    failure, http, _ = run(hang, clock=clock)
    assert failure.code == "http.timeout"
    assert len(http.requests) == 2
    assert clock.now() - NOON < timedelta(seconds=60)


def test_a_try_that_begins_late_gets_what_is_left_of_the_minute() -> None:
    clock = Sleeper()

    def hang(request: object) -> object:
        clock.advance(40)
        raise SILENCE

    _, http, _ = run(hang, GOOD, clock=clock)
    assert [request.total for request in http.requests] == [None, 19.0]


def test_nothing_is_sent_when_the_access_token_took_all_the_time() -> None:
    clock, http = Sleeper(), Scripted(GOOD)
    token = http.token

    def slowly(request: object) -> object:
        clock.advance(60)
        return token(request)

    http.token = slowly
    with pytest.raises(ServiceFailed, match=r"http\.timeout"):
        client_of(http, clock).run(Ask(), GRANT)
    assert http.requests == []


def test_a_command_of_ones_own_that_names_no_status_gets_the_answers() -> None:
    def read(self: object, response: object) -> None:
        raise ServiceFailed("mine.refused", "No.")

    failure, http, _ = run(said(401), asked=command(read_response=read))
    assert (failure.code, failure.status, len(http.requests), len(http.tokens)) == ("mine.refused", 401, 2, 2)
