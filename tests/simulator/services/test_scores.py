"""Scores and results: what a tool sends, and what the gradebook makes of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_adapters.simulator.services.media_types import SENT
from lti_core import claims as c
from tests.fakes import NOON
from tests.simulator.services.asking import Asking, below, read
from tests.simulator.services.test_members import next_of


def test_a_score_becomes_a_grade(platform, asking):
    answer = asking.score(scoreGiven=8, scoreMaximum=10, comment="Well done", scoringUserId="u-teacher")
    assert (answer.status, answer.body) == (204, b"")
    grade = platform.gradebook["quiz-1"]["u-learner"]
    assert (grade.score, grade.maximum, grade.comment) == (8, 10, "Well done")
    assert (grade.activity_progress, grade.grading_progress) == ("Completed", "FullyGraded")
    assert (grade.timestamp, grade.scoring_user_id) == (NOON, "u-teacher")
    assert grade.sent["scoreGiven"] == 8


def test_a_score_is_read_again_as_a_result(asking):
    asking.score(scoreGiven=3.5, scoreMaximum=5, comment="<b>ü</b>")
    [result] = read(asking.results())
    assert result == {
        "id": f"{asking.line_item_url}/results?user_id=u-learner",
        "scoreOf": asking.line_item_url,
        "userId": "u-learner",
        "resultScore": 7,
        "resultMaximum": 10,
        "comment": "<b>ü</b>",
    }


def test_the_gradebook_is_found_by_any_name_of_a_line_item(platform):
    platform.gradebook.add("course-7", {"label": "Essay", "scoreMaximum": 5, "resourceId": "r-1", "tag": "final"})
    for name in ("item-2", "r-1", "final", "Essay"):
        assert platform.gradebook.named(name).label == "Essay"
    with pytest.raises(KeyError, match="quiz-1"):
        platform.gradebook["nothing"]


def test_without_scores_there_are_no_grades(platform, asking):
    assert platform.gradebook["quiz-1"] == {}
    assert read(asking.results()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"userId": None},
        {"userId": 7},
        {"userId": ""},
        {"timestamp": None},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-11-24"},
        {"timestamp": "2026-11-24T12:00:00"},
        {"timestamp": 1795521600},
        {"activityProgress": None},
        {"activityProgress": "completed"},
        {"gradingProgress": "Maybe"},
        {"gradingProgress": ["FullyGraded"]},
        {"scoreGiven": -1},
        {"scoreGiven": "8"},
        {"scoreGiven": True},
        {"scoreGiven": 10**400},
        {"scoreMaximum": None},
        {"scoreMaximum": 0},
        {"comment": 7},
    ],
    ids=str,
)
def test_what_is_no_score_is_refused(platform, asking, changes):
    assert asking.score(**changes).status == 400
    assert platform.gradebook["quiz-1"] == {}


@pytest.mark.parametrize("body", [b"", b"{nope", b"[]", b'{"userId": "a", "userId": "b"}', b"\xff", b"[" * 5000])
def test_what_is_no_json_object_is_no_score(asking, body):
    assert asking.put_in("scores", below(asking.line_item_url, "scores"), body).status == 400


@pytest.mark.parametrize("user", ["u-teacher", "u-preview", "u-observer", "u-nobody", ""])
def test_who_is_no_learner_gets_no_grade(platform, asking, user):
    assert asking.score(user).status in (400, 422)
    assert platform.gradebook["quiz-1"] == {}


def test_made_up_learners_have_grades(platform_with):
    platform = platform_with(roster=10)
    assert Asking(platform).score("u-000010").status == 204
    assert platform.gradebook["quiz-1"]["u-000010"].score == 8


def at(seconds, milliseconds=0):
    return (NOON + timedelta(seconds=seconds, milliseconds=milliseconds)).isoformat(timespec="milliseconds")


@pytest.mark.parametrize(
    ("profile", "same", "older", "newer_within_the_second"),
    [("spec", 409, 409, 204), ("moodle", 409, 409, 409), ("canvas", 200, 400, 200), ("openedx", 400, 400, 200)],
)
def test_a_score_that_is_not_newer_is_refused(platform_with, profile, same, older, newer_within_the_second):
    asking = Asking(platform_with(profile=profile))
    assert asking.score(timestamp=at(0, 500)).status in (200, 204)
    assert asking.score(timestamp=at(-1)).status == older
    assert asking.score(timestamp=at(0, 500)).status == same
    assert asking.score(timestamp=at(0, 501)).status == newer_within_the_second
    assert [score.accepted for score in asking.platform.gradebook.history][:2] == [True, False]


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12))
def test_the_newest_score_is_kept_in_whatever_order_they_come(platform_with, order):
    platform = platform_with()
    asking = Asking(platform)
    best = None
    for seconds in order:
        status = asking.score(timestamp=at(seconds), scoreGiven=seconds + 5).status
        assert status == (204 if best is None or seconds > best else 409)
        best = seconds if best is None else max(best, seconds)
    assert platform.gradebook["quiz-1"]["u-learner"].score == best + 5


def test_zones_are_understood(asking):
    assert asking.score(timestamp="2026-11-24T14:00:00.000+02:00").status == 204
    assert asking.score(timestamp="2026-11-24T12:00:00.000Z").status == 409


@pytest.mark.parametrize(
    ("profile", "progress", "kept"),
    [
        ("spec", "Pending", 8),
        ("spec", "PendingManual", 8),
        ("canvas", "PendingManual", 2),
        ("canvas", "Failed", 8),
        ("moodle", "Pending", None),
        ("openedx", "NotReady", 8),
    ],
)
def test_a_score_that_is_not_final_is_used_kept_back_or_erases(platform_with, profile, progress, kept):
    asking = Asking(platform_with(profile=profile))
    asking.score(timestamp=at(0))
    asking.platform.clock.advance(5)
    assert asking.score(timestamp=at(5), gradingProgress=progress, scoreGiven=2).status in (200, 204)
    grade = asking.platform.gradebook["quiz-1"]["u-learner"]
    assert (grade.score, grade.grading_progress) == (kept, progress)


def test_no_score_clears_the_grade(platform, asking):
    asking.score(timestamp=at(0))
    cleared = {
        "scoreGiven": None,
        "scoreMaximum": None,
        "activityProgress": "Initialized",
        "gradingProgress": "NotReady",
    }
    assert asking.score(timestamp=at(1), **cleared).status == 204
    assert platform.gradebook["quiz-1"]["u-learner"].score is None
    assert read(asking.results()) == [
        {
            "id": f"{asking.line_item_url}/results?user_id=u-learner",
            "scoreOf": asking.line_item_url,
            "userId": "u-learner",
        }
    ]


def test_moodle_cuts_scores_others_do_not(platform_with):
    for profile, kept in (("moodle", 10), ("spec", 12), ("canvas", 12)):
        asking = Asking(platform_with(profile=profile))
        asking.score(scoreGiven=12, scoreMaximum=10)
        assert asking.platform.gradebook["quiz-1"]["u-learner"].score == kept


def test_canvas_says_where_the_result_is(platform_with):
    asking = Asking(platform_with(profile="canvas"))
    assert read(asking.score())["resultUrl"] == f"{asking.line_item_url}/results?user_id=u-learner"


def test_open_edx_answers_the_score_itself(platform_with):
    assert read(Asking(platform_with(profile="openedx")).score(comment="x"))["comment"] == "x"


def test_a_teacher_can_override_a_grade_on_the_platform(platform, asking):
    asking.score(timestamp=at(0))
    platform.gradebook.set_score("quiz-1", "u-learner", 9.5, "Raised")
    [result] = read(asking.results())
    assert (result["resultScore"], result["comment"]) == (9.5, "Raised")


def test_results_of_one_user(platform_with):
    asking = Asking(platform_with(roster=3))
    for user in ("u-learner", "u-000001"):
        asking.score(user)
    assert [result["userId"] for result in read(asking.results(user_id="u-000001"))] == ["u-000001"]
    assert read(asking.results(user_id="u-000002")) == []


@settings(max_examples=25)
@given(number=st.integers(0, 12), limit=st.integers(1, 14))
def test_pages_of_results_hold_everybody_once(platform_with, number, limit):
    asking = Asking(platform_with(roster=number))
    users = [f"u-{user:06}" for user in range(1, number + 1)]
    for user in users:
        assert asking.score(user).status == 204
    answer, found = asking.results(limit=str(limit)), []
    found += [result["userId"] for result in read(answer)]
    while url := next_of(answer):
        answer = asking.get("results", url)
        found += [result["userId"] for result in read(answer)]
    assert found == users


def test_moodles_results_cannot_be_paged(platform_with):
    asking = Asking(platform_with(profile="moodle"))
    answer = asking.results(limit="2")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_moodles_addresses_have_a_query(platform_with):
    asking = Asking(platform_with(profile="moodle"))
    assert asking.line_item_url == (
        "https://platform.example/mod/lti/services.php/course-7/lineitems/2/lineitem?type_id=deployment-1"
    )
    misplaced = asking.put_in("scores", f"{asking.line_item_url}/scores", {})
    assert misplaced.status == 400


def test_threads_may_send_scores_at_once(platform_with):
    platform = platform_with(roster=400)
    asking = Asking(platform)
    users = [f"u-{number:06}" for number in range(1, 401)]
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda user: asking.score(user).status, users * 2))
    assert sorted(statuses) == [204] * 400 + [409] * 400
    assert len(platform.gradebook["quiz-1"]) == 400
    assert len(platform.gradebook.history) == 800
    assert len(platform.requests.of("scores")) == 800


def test_of_many_at_once_the_newest_wins(platform_with):
    platform = platform_with()
    asking = Asking(platform)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda place: asking.score(timestamp=at(place), scoreGiven=place), range(64)))
    assert platform.gradebook["quiz-1"]["u-learner"].score == 63


def test_a_score_for_a_line_item_that_is_gone_is_not_found(asking):
    assert asking.score(url=asking.line_item_url.replace("quiz-1", "gone")).status == 404


def test_a_score_of_64_kib_is_too_long(asking):
    assert asking.score(comment="x" * 70_000).status == 413


def test_a_platform_can_begin_anew(platform, asking):
    asking.score()
    asking.put_in("line-items", asking.line_items_url, {"label": "x", "scoreMaximum": 1})
    platform.misbehave("status", status=500)
    platform.reset()
    assert (platform.gradebook["quiz-1"], list(platform.gradebook), len(platform.requests)) == ({}, ["quiz-1"], 0)
    assert asking.score().status == 204


def test_a_review_names_a_line_item_even_of_a_link_without_grades(platform):
    claims = platform.submission_review(activity="page-1").claims
    assert claims[c.AGS_ENDPOINT]["lineitem"].endswith("/lineitems/page-1")
    assert [item.label for item in platform.gradebook.line_items] == ["Quiz 1", "Page 1: The water flea"]


scalars = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text()
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
MEMBERS = ("userId", "timestamp", "activityProgress", "gradingProgress", "scoreGiven", "scoreMaximum", "comment")


@given(
    changes=st.dictionaries(st.sampled_from(MEMBERS), anything), profile=st.sampled_from(["spec", "moodle", "canvas"])
)
def test_whatever_is_sent_is_answered(platform_with, changes, profile):
    asking = Asking(platform_with(profile=profile))
    request_of = {
        "userId": "u-learner",
        "timestamp": datetime.fromisoformat(at(0)).isoformat(),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        **changes,
    }
    platform = asking.platform
    platform.services.world.gradebook.clear()
    url = below(asking.line_item_url, "scores")
    reply = platform.services.respond(asking.request("POST", url, request_of, content_type=SENT["scores"]))
    assert reply.response.status in (0, 200, 204, 400, 422)
