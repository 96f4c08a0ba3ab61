"""Results: the grades in the platform's gradebook."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import MIB
from lti_core.scopes import RESULT_READ
from lti_core.services.results import GetResults, Result
from tests.services.recorded import answer

ITEM = "https://lms.example/c/3/lineitems/9?type_id=1"
RESULTS = "https://lms.example/c/3/lineitems/9/results?type_id=1"
SENT: dict[str, Any] = {
    "id": f"{RESULTS}&user_id=u-42",
    "scoreOf": ITEM,
    "userId": "u-42",
    "resultScore": 17.10,
    "resultMaximum": 20,
    "comment": "Well done",
    "scoringUserId": "t-1",
    "timestamp": "2030-01-10T08:00:00Z",
    "https://vendor.example/x": 1,
}


def read(**changes: object) -> Result:
    (result,) = GetResults(line_item=ITEM).read_response(answer(200, [{**SENT, **changes}])).items
    return result


def test_results_are_asked_for_below_the_line_item() -> None:
    request = GetResults(line_item=ITEM, user_id="u/42", limit=5).to_request()
    assert (request.method, request.url) == ("GET", f"{RESULTS}&user_id=u%2F42&limit=5")
    assert request.headers == {"Accept": "application/vnd.ims.lis.v2.resultcontainer+json"}
    assert request.max_bytes == 32 * MIB
    assert GetResults(line_item=ITEM).to_request().url == RESULTS
    assert GetResults.scopes == (RESULT_READ,)
    assert GetResults.repeat.after_silence


def test_a_result_is_read_with_all_its_digits() -> None:
    result = read()
    assert (result.user_id, result.score, result.maximum) == ("u-42", Decimal("17.1"), Decimal(20))
    assert (result.id, result.score_of, result.scoring_user_id) == (SENT["id"], ITEM, "t-1")
    assert (result.comment, result.timestamp) == ("Well done", datetime(2030, 1, 10, 8, tzinfo=UTC))
    assert result.claims["https://vendor.example/x"] == 1
    assert "Well done" not in repr(result)
    assert read(resultScore="17.125").score == Decimal("17.125")
    body = b'[{"userId":"u","resultScore":0.1000000000000000055511151231257827}]'
    (exact,) = GetResults(line_item=ITEM).read_response(answer(200, body)).items
    assert str(exact.score) == "0.1000000000000000055511151231257827"


def test_no_grade_is_none_and_never_zero() -> None:
    assert read(resultScore=None).score is None
    assert read(resultScore=0).score == 0
    assert read(resultMaximum=None).maximum == 1
    (bare,) = GetResults(line_item=ITEM).read_response(answer(200, [{"userId": 42}])).items
    assert (bare.user_id, bare.score, bare.maximum, bare.id) == ("42", None, 1, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"userId": None},
        {"userId": []},
        {"resultScore": "A+"},
        {"resultScore": True},
        {"resultMaximum": []},
        {"scoreOf": {}},
    ],
)
def test_a_malformed_result_is_left_out_and_told(changes: dict[str, object]) -> None:
    page = GetResults(line_item=ITEM).read_response(answer(200, [{**SENT, **changes}, SENT, "x"]))
    assert len(page.items) == 1
    assert [(skipped.position, skipped.code) for skipped in page.skipped] == [
        (1, "service.ags.result_malformed"),
        (3, "service.ags.result_malformed"),
    ]
    assert page.skipped[0].problem.startswith(next(iter(changes)))


def test_a_comment_that_is_no_text_loses_no_grade() -> None:
    assert (read(comment=5).comment, read(comment=["x"]).comment, read(comment="").comment) == ("5", None, "")
    assert read(timestamp=5).timestamp is None


def test_results_of_an_empty_user_are_not_those_of_everybody() -> None:
    with pytest.raises(InvalidValue, match=r"service\.filter_empty"):
        GetResults(line_item=ITEM, user_id="")


def test_results_of_one_user_are_of_that_user_on_every_page() -> None:
    command = GetResults(line_item=ITEM, user_id="u-42")
    body = [SENT, {**SENT, "userId": "u-43"}]
    page = command.read_response(answer(200, body, link="<?page=2>; rel=next"))
    assert [result.user_id for result in page.items] == ["u-42"]
    assert page.next == evolve(command, page_url="https://lms.example/c/3/lineitems/9/results?page=2")
    assert [result.user_id for result in page.next.read_response(answer(200, body)).items] == ["u-42"]


def test_a_platform_that_cannot_page_is_explained() -> None:
    for limit, said in ((5, True), (None, False)):
        with pytest.raises(ServiceFailed) as refusal:
            GetResults(line_item=ITEM, limit=limit).read_response(answer(404))
        assert refusal.value.code == "service.not_found"
        assert ("limit" in refusal.value.remedy) is said


@pytest.mark.parametrize("limit", [0, -1, False, "5"])
def test_a_limit_is_a_whole_number_from_one_up(limit: Any) -> None:
    with pytest.raises(InvalidValue) as wrong:
        GetResults(line_item=ITEM, limit=limit)
    assert wrong.value.code == "service.ags.limit_invalid"


def test_what_is_no_list_is_no_answer() -> None:
    with pytest.raises(ServiceFailed) as refusal:
        GetResults(line_item=ITEM).read_response(answer(200, {"results": []}))
    assert refusal.value.code == "service.ags.response_malformed"
