"""Scores: checked when they are made, sent digit by digit, and what platforms make of them."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.scopes import SCORE
from lti_core.services.scores import ActivityProgress, GradingProgress, Published, PublishScore, Score, dated
from tests.services.recorded import answer

ITEM = "https://lms.example/c/3/lineitems/9?type_id=1"
NOON = datetime(2030, 1, 10, 12, 0, 0, 5678, tzinfo=UTC)
DONE = Score(user_id="u-42", given=8, maximum=10, timestamp=NOON)
CANVAS = "https://canvas.instructure.com/lti/submission"


def body_of(score: Score) -> Any:
    request = PublishScore(ITEM, evolve(score, timestamp=NOON)).to_request()
    return json.loads(request.body or b"", parse_float=Decimal)


def refusal(status: int, body: Any = b"") -> ServiceFailed:
    with pytest.raises(ServiceFailed) as failed:
        PublishScore(ITEM, DONE).read_response(answer(status, body))
    return failed.value


def test_a_score_is_posted_below_its_line_item() -> None:
    request = PublishScore(ITEM, DONE).to_request()
    assert (request.method, request.url) == ("POST", "https://lms.example/c/3/lineitems/9/scores?type_id=1")
    assert request.headers == {"Content-Type": "application/vnd.ims.lis.v1.score+json"}
    assert PublishScore.scopes == (SCORE,)
    assert PublishScore.repeat.after_silence
    assert PublishScore.repeat.delivered == {"service.ags.score_outdated"}


def test_a_score_alone_says_that_the_work_is_done_and_graded() -> None:
    assert body_of(Score(user_id="u-42", given=8, maximum=10)) == {
        "userId": "u-42",
        "timestamp": "2030-01-10T12:00:00.005Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 8,
        "scoreMaximum": 10,
    }


def test_no_score_clears_the_grade() -> None:
    cleared = body_of(Score(user_id="u-42"))
    assert (cleared["activityProgress"], cleared["gradingProgress"]) == ("Initialized", "NotReady")
    assert "scoreGiven" not in cleared


def test_everything_that_can_be_said_is_sent() -> None:
    score = Score(
        user_id="u-42",
        given=0,
        maximum=1.5,
        activity_progress=ActivityProgress.SUBMITTED,
        grading_progress=GradingProgress.PENDING_MANUAL,
        comment="Gut, größer & <b>",
        started_at=datetime(2030, 1, 10, 9, tzinfo=timezone(timedelta(hours=1))),
        submitted_at=datetime(2030, 1, 10, 8, 0, 1, tzinfo=UTC),
        scoring_user_id="t-1",
        extensions={CANVAS: {"new_submission": False, "weight": Decimal("0.10")}},
    )
    assert body_of(score) == {
        "userId": "u-42",
        "timestamp": "2030-01-10T12:00:00.005Z",
        "activityProgress": "Submitted",
        "gradingProgress": "PendingManual",
        "scoreGiven": 0,
        "scoreMaximum": Decimal("1.5"),
        "comment": "Gut, größer & <b>",
        "submission": {"startedAt": "2030-01-10T08:00:00.000Z", "submittedAt": "2030-01-10T08:00:01.000Z"},
        "scoringUserId": "t-1",
        CANVAS: {"new_submission": False, "weight": Decimal("0.10")},
    }
    assert "größer" not in repr(score)


numbers = (
    st.integers(0, 10**300)
    | st.floats(0, allow_nan=False, allow_infinity=False)
    | st.decimals(0, 10**300, allow_nan=False, allow_infinity=False)
)
texts = st.text(st.characters(codec="utf-8"))


@settings(deadline=None)
@given(
    texts.filter(str.strip), numbers, numbers.filter(lambda number: number > 0), st.none() | texts,
    st.datetimes(datetime(1900, 1, 1), datetime(2900, 1, 1), timezones=st.timezones()),
)  # fmt: skip
def test_any_score_is_sent_exactly(user: str, given_: Any, maximum: Any, comment: str | None, time: datetime) -> None:
    score = Score(user_id=user, given=given_, maximum=maximum, comment=comment, timestamp=time)
    body = (PublishScore(ITEM, score).to_request().body or b"").decode()
    sent = json.loads(body, parse_float=str, parse_int=str)
    for name, number in (("scoreGiven", given_), ("scoreMaximum", maximum)):
        assert Decimal(sent[name]) == Decimal(repr(number) if isinstance(number, float) else number)
        assert sent[name] == (repr(number) if isinstance(number, float) else str(number))
    assert (sent["userId"], sent.get("comment")) == (user, comment)
    written = datetime.fromisoformat(sent["timestamp"])
    assert timedelta(0) <= time - written < timedelta(milliseconds=1)
    assert sent["timestamp"].endswith("Z")
    assert len(sent["timestamp"]) == len("2030-01-10T12:00:00.005Z")


NAIVE = datetime(2030, 1, 10)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"user_id": ""}, "service.ags.user_missing"),
        ({"user_id": None}, "service.ags.user_missing"),
        ({"user_id": 42}, "service.ags.user_missing"),
        ({"user_id": " \t"}, "service.ags.user_missing"),
        ({"user_id": "\ud83d"}, "service.ags.user_missing"),
        ({"given": -0.5}, "service.ags.score_given_invalid"),
        ({"given": "8"}, "service.ags.score_given_invalid"),
        ({"given": True}, "service.ags.score_given_invalid"),
        ({"given": float("nan")}, "service.ags.score_given_invalid"),
        ({"given": float("inf")}, "service.ags.score_given_invalid"),
        ({"given": Decimal("NaN")}, "service.ags.score_given_invalid"),
        ({"given": Decimal("sNaN")}, "service.ags.score_given_invalid"),
        ({"given": 10**400}, "service.ags.score_given_invalid"),
        ({"maximum": None}, "service.ags.score_maximum_missing"),
        ({"maximum": 0}, "service.ags.score_maximum_invalid"),
        ({"maximum": -1}, "service.ags.score_maximum_invalid"),
        ({"maximum": "10"}, "service.ags.score_maximum_invalid"),
        ({"maximum": Decimal("Infinity")}, "service.ags.score_maximum_invalid"),
        ({"activity_progress": "completed"}, "service.ags.activity_progress_invalid"),
        ({"activity_progress": "FullyGraded"}, "service.ags.activity_progress_invalid"),
        ({"activity_progress": None}, "service.ags.activity_progress_invalid"),
        ({"activity_progress": ["Completed"]}, "service.ags.activity_progress_invalid"),
        ({"grading_progress": "Completed"}, "service.ags.grading_progress_invalid"),
        ({"grading_progress": ""}, "service.ags.grading_progress_invalid"),
        ({"timestamp": NAIVE}, "service.ags.timestamp_invalid"),
        ({"timestamp": "2030-01-10T12:00:00Z"}, "service.ags.timestamp_invalid"),
        ({"timestamp": datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))}, "service.ags.timestamp_invalid"),
        ({"started_at": NAIVE}, "service.ags.submission_time_invalid"),
        ({"submitted_at": NAIVE}, "service.ags.submission_time_invalid"),
        ({"submitted_at": "soon"}, "service.ags.submission_time_invalid"),
        ({"started_at": NOON, "submitted_at": NOON - timedelta(seconds=1)}, "service.ags.submission_time_invalid"),
        ({"comment": 5}, "service.value_not_text"),
        ({"comment": "\ud83d"}, "service.value_not_text"),
        ({"scoring_user_id": 5}, "service.value_not_text"),
        ({"extensions": {CANVAS: object()}}, "service.extension_invalid"),
        ({"extensions": {"scoreGiven": 9}}, "service.extension_invalid"),
        ({"extensions": {5: 9}}, "service.extension_invalid"),
        ({"extensions": {"foo": 1}}, "service.extension_invalid"),
        ({"extensions": {"": 1}}, "service.extension_invalid"),
        ({"extensions": {"https://vendor.example/a b": 1}}, "service.extension_invalid"),
        ({"extensions": [1]}, "service.extension_invalid"),
        ({"extensions": {CANVAS: float("nan")}}, "service.extension_invalid"),
    ],
)
def test_a_score_that_cannot_be_sent_is_refused_when_it_is_made(values: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        Score(**{"user_id": "u-42", "given": 8, "maximum": 10, **values})
    assert wrong.value.code == code


def test_a_score_cannot_be_changed_by_who_made_it() -> None:
    inside = {"tries": [1]}
    given_ = {"https://vendor.example/x": inside}
    score = Score(user_id="u-42", extensions=given_)
    given_["userId"] = {"tries": [2]}
    inside["tries"].append(3)
    assert body_of(score)["https://vendor.example/x"] == {"tries": [1]}
    assert body_of(score)["userId"] == "u-42"
    with pytest.raises(TypeError):
        score.extensions["userId"] = "evil"  # type: ignore[index]


def test_a_copy_of_extensions_keeps_their_digits() -> None:
    extensions = {"https://vendor.example/x": [Decimal("0.10"), 0.1, 10**30, None, True]}
    request = PublishScore(ITEM, evolve(DONE, extensions=extensions)).to_request()
    assert b'"https://vendor.example/x":[0.10,0.1,1000000000000000000000000000000,null,true]' in (request.body or b"")


def test_a_score_gets_its_time_and_stays_as_it_is() -> None:
    score = evolve(DONE, timestamp=None, comment="Well done", extensions={"https://vendor.example/tries": 3})
    assert dated(score, NOON) == evolve(score, timestamp=NOON)
    assert score.timestamp is None


@pytest.mark.parametrize("time", [NAIVE, "2030-01-10T12:00:00Z"])
def test_a_score_gets_no_time_without_a_zone(time: Any) -> None:
    with pytest.raises(InvalidValue) as wrong:
        dated(DONE, time)
    assert wrong.value.code == "service.ags.timestamp_invalid"


def test_extra_credit_and_equal_times_are_allowed() -> None:
    assert body_of(Score(user_id="u", given=12, maximum=10, started_at=NOON, submitted_at=NOON))["scoreGiven"] == 12


def test_a_score_is_sent_with_its_time() -> None:
    with pytest.raises(InvalidValue) as wrong:
        PublishScore(ITEM, evolve(DONE, timestamp=None))
    assert wrong.value.code == "service.ags.timestamp_invalid"


@pytest.mark.parametrize(
    ("status", "body", "published"),
    [
        (200, b"", Published()),
        (204, b"", Published()),
        (201, b"nonsense", Published()),
        (202, b"[]", Published()),
        (200, {"resultUrl": "https://canvas.example/r/1"}, Published("https://canvas.example/r/1")),
        (200, {"resultUrl": 5}, Published()),
    ],
)
def test_a_score_that_was_taken_is_published(status: int, body: Any, published: Published) -> None:
    found = PublishScore(ITEM, DONE).read_response(answer(status, body))
    assert found.result_url == published.result_url
    assert found.claims == (body if isinstance(body, dict) else {})


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (409, b"[]", "service.ags.score_outdated"),
        (400, b"[]", "service.ags.score_refused"),
        (
            400,
            {"timestamp": ["Score timestamp can only be updated to a later point in time"]},
            "service.ags.score_outdated",
        ),
        (400, b"Provided timestamp of x before last updated timestamp of y", "service.ags.score_outdated"),
        (400, b"Provided timestamp is not ISO 8601", "service.ags.score_refused"),
        (422, b"", "service.ags.user_not_gradable"),
        (422, {"errors": {"message": "User not found in course or is not a student"}}, "service.ags.user_not_gradable"),
        (422, b"ScoreMaximum must be supplied when using ScoreGiven", "service.ags.score_refused"),
        (422, b"The maximum number of allowed attempts has been reached", "service.ags.score_refused"),
        (401, b"", "service.unauthorized"),
        (403, b"", "service.forbidden"),
        (404, b"", "service.not_found"),
        (405, b"", "service.bad_request"),
        (429, b"", "service.unavailable"),
        (503, b"", "service.unavailable"),
    ],
)
def test_a_score_that_was_not_taken_has_its_code(status: int, body: Any, code: str) -> None:
    failed = refusal(status, body)
    assert (failed.code, failed.status) == (code, status)


def test_a_repeated_comment_does_not_make_a_score_outdated() -> None:
    score = evolve(DONE, comment="The timestamp was earlier")
    command = PublishScore(ITEM, score)
    repeated = b"Incorrect score received" + (command.to_request().body or b"")
    with pytest.raises(ServiceFailed) as failed:
        command.read_response(answer(400, repeated))
    assert failed.value.code == "service.ags.score_refused"
    assert failed.value.platform_says == "Incorrect score received…"
