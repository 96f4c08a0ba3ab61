"""Line items, scores and results, as a tool's author meets them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.services.grades import Grades
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core import scopes
from lti_core.claims import Endpoint
from lti_core.errors import AccessRefused, InvalidValue, ServiceFailed
from lti_core.services.line_items import LineItem
from lti_core.services.scores import GradingProgress, Score
from tests.fakes import NOON
from tests.service_client.scene import (
    COURSE,
    ITEM,
    SILENCE,
    Scene,
    Scripted,
    Sleeper,
    client_of,
    grant_of,
    said,
    words,
)

LEARNER = "u-learner"
GOOD = Score(user_id=LEARNER, given=8, maximum=10)
LINE_ITEMS = f"{COURSE}/lineitems"
ALL_BUT_LISTING = (scopes.SCORE, scopes.RESULT_READ)


def kinds(scene: Scene) -> list[str]:
    """What was asked, but for tokens."""
    return [asked for asked in scene.asked() if asked != "POST token"]


def allowing(grades: Grades, *granted: str, **changes: str | None) -> Grades:
    """The same handle, where the platform granted these scopes only, or named other addresses."""
    endpoint = evolve(grades.grant.endpoint, scopes=granted or grades.grant.endpoint.scopes, **changes)
    return Grades(grades.client, evolve(grades.grant, endpoint=endpoint))


# scores: where to


def test_a_score_goes_to_the_line_item_of_the_link(scene: Scene, platform: SimulatedPlatform) -> None:
    grades = scene.grades()
    submitted = grades.submit(GOOD)
    assert platform.gradebook["quiz-1"][LEARNER].score == 8
    assert submitted.line_item == grades.grant.endpoint.line_item
    assert (submitted.score.timestamp, submitted.warnings) == (NOON, ())
    assert kinds(scene) == ["POST scores"]


def test_a_score_goes_to_a_line_item_that_is_given(scene: Scene, platform: SimulatedPlatform) -> None:
    grades = scene.grades()
    item = grades.create(LineItem(label="Essay", score_maximum=20))
    grades.submit(GOOD, item)
    grades.submit(evolve(GOOD, given=9), item.id)
    assert platform.gradebook["Essay"][LEARNER].score == 18
    assert LEARNER not in platform.gradebook["quiz-1"]


def test_a_score_with_a_tag_makes_the_line_item_once(scene: Scene, platform: SimulatedPlatform) -> None:
    for given_points in (1, 2, 3):
        scene.grades().submit(evolve(GOOD, given=given_points), tag="essay")
    assert platform.gradebook["essay"][LEARNER].score == 3
    assert kinds(scene).count("POST line-items") == 1


def test_a_link_without_a_line_item_gets_one_with_the_first_score(scene: Scene, platform: SimulatedPlatform) -> None:
    first, second = (scene.grades("page-1").submit(GOOD) for _ in range(2))
    [made] = [item for item in platform.gradebook.line_items if item.resource_link_id == "page-1"]
    assert (made.label, made.maximum) == ("Page 1: The water flea", 10)
    assert first.line_item == second.line_item


def test_a_link_with_several_line_items_needs_one_to_be_named(scene: Scene) -> None:
    grades = scene.grades("page-1")
    for label in ("A", "B"):
        grades.create(LineItem(label=label, score_maximum=1, resource_link_id="page-1"))
    with pytest.raises(AccessRefused, match=r"service\.ags\.no_line_item") as refusal:
        grades.submit(GOOD)
    assert (refusal.value.expected, refusal.value.found) == (1, 2)


def test_a_line_item_cannot_be_made_for_a_score_without_a_maximum(scene: Scene) -> None:
    for where in ({"tag": "essay"}, {}):
        with pytest.raises(InvalidValue, match=r"service\.ags\.score_maximum_missing"):
            scene.grades("page-1").submit(Score(user_id=LEARNER), **where)


CASES = [
    ({"line_item": ITEM, "line_items": None}, (scopes.SCORE,), None),
    ({"line_item": ITEM, "line_items": LINE_ITEMS}, (scopes.SCORE, scopes.LINE_ITEM), None),
    ({"line_item": None, "line_items": LINE_ITEMS}, (scopes.SCORE, scopes.LINE_ITEM), None),
    ({"line_item": None, "line_items": LINE_ITEMS}, (scopes.SCORE, scopes.LINE_ITEM_READ), "service.scope_not_granted"),
    ({"line_item": None, "line_items": LINE_ITEMS}, (scopes.SCORE,), "service.ags.no_line_item"),
    ({"line_item": None, "line_items": None}, (scopes.SCORE, scopes.LINE_ITEM), "service.ags.no_line_item"),
    ({"line_item": ITEM, "line_items": LINE_ITEMS}, (scopes.LINE_ITEM,), "service.scope_not_granted"),
]


@pytest.mark.parametrize(("named", "granted", "code"), CASES)
def test_each_case_of_the_claim_is_served_or_refused_before_a_score_is_sent(
    named: dict[str, str | None], granted: tuple[str, ...], code: str | None
) -> None:
    made = said(201, {"id": ITEM, "label": "Quiz 7", "scoreMaximum": 10, "resourceLinkId": "rl-7"})
    http = Scripted(lambda request: said(body=[]) if request.method == "GET" else made)
    grades = Grades(client_of(http), grant_of(Endpoint(scopes=granted, **named)))
    if code is None:
        assert grades.submit(GOOD).line_item == ITEM
        assert http.requests[-1].url == f"{COURSE}/lineitems/9/scores?type_id=1"
    else:
        with pytest.raises(AccessRefused) as refusal:
            grades.submit(GOOD)
        assert refusal.value.code == code
        assert all(request.method == "GET" for request in http.requests)


def questions(endpoint: Endpoint) -> dict[str, bool]:
    return grant_of(endpoint).may.questions


@pytest.mark.parametrize(("named", "granted", "code"), CASES)
def test_each_case_of_the_claim_is_told_beforehand(
    named: dict[str, str | None], granted: tuple[str, ...], code: str | None
) -> None:
    may = questions(Endpoint(scopes=granted, **named))
    somewhere = any(named.values())
    assert may["submit_scores"] is (somewhere and scopes.SCORE in granted)
    assert may["create_line_items"] is (named["line_items"] is not None and scopes.LINE_ITEM in granted)
    looks = {scopes.LINE_ITEM, scopes.LINE_ITEM_READ}
    assert may["list_line_items"] is (named["line_items"] is not None and not looks.isdisjoint(granted))
    assert may["read_results"] is False


@pytest.mark.parametrize(("named", "granted", "code"), CASES)
def test_each_case_of_the_claim_gives_results_or_refuses(
    named: dict[str, str | None], granted: tuple[str, ...], code: str | None
) -> None:
    item = {"id": ITEM, "label": "Quiz 7", "scoreMaximum": 10, "resourceLinkId": "rl-7"}
    http = Scripted(lambda request: said(body=[] if "/results" in request.url else [item]))
    grades = Grades(client_of(http), grant_of(Endpoint(scopes=(*granted, scopes.RESULT_READ), **named)))
    looks = named["line_items"] and not {scopes.LINE_ITEM, scopes.LINE_ITEM_READ}.isdisjoint(granted)
    if named["line_item"] or looks:
        assert list(grades.results()) == []
        assert http.requests[-1].url == f"{COURSE}/lineitems/9/results?type_id=1"
    else:
        with pytest.raises(AccessRefused, match=r"service\.ags\.no_line_item"):
            grades.results()


@pytest.mark.parametrize(("named", "granted", "code"), CASES)
def test_each_case_of_the_claim_finds_or_makes_a_line_item_or_refuses(
    named: dict[str, str | None], granted: tuple[str, ...], code: str | None
) -> None:
    made = said(201, {"id": ITEM, "label": "Essay", "scoreMaximum": 10, "tag": "essay"})
    http = Scripted(lambda request: said(body=[]) if request.method == "GET" else made)
    grades = Grades(client_of(http), grant_of(Endpoint(scopes=granted, **named)))
    essay = LineItem(label="Essay", score_maximum=10, tag="essay")
    if named["line_items"] and scopes.LINE_ITEM in granted:
        assert grades.find_or_create(essay).id == ITEM
    else:
        with pytest.raises(AccessRefused) as refusal:
            grades.find_or_create(essay)
        wanted = "service.scope_not_granted" if named["line_items"] else "service.ags.no_line_item"
        assert refusal.value.code == wanted
        assert {request.method for request in http.requests} <= {"GET"}


def test_one_that_may_only_read_sends_scores_to_the_line_item_that_it_finds() -> None:
    found = {"id": ITEM, "label": "Quiz 7", "scoreMaximum": 10, "resourceLinkId": "rl-7"}
    http = Scripted(lambda request: said(body=[found]) if request.method == "GET" else said(200))
    granted = (scopes.SCORE, scopes.LINE_ITEM_READ)
    assert Grades(client_of(http), grant_of(Endpoint(scopes=granted, line_items=LINE_ITEMS))).submit(GOOD)


def test_a_launch_of_no_link_has_no_line_item_of_its_own(scene: Scene) -> None:
    grades = scene.grades("page-1", resource_link_id=None)
    for ask in (lambda: grades.submit(GOOD), grades.line_item, grades.results):
        with pytest.raises(AccessRefused, match=r"service\.ags\.no_line_item") as refusal:
            ask()
        assert "of no link" in refusal.value.message


def test_a_launch_that_must_not_look_for_line_items_says_so() -> None:
    grades = Grades(
        client_of(Scripted(said(body=[]))), grant_of(Endpoint(scopes=ALL_BUT_LISTING, line_items=LINE_ITEMS))
    )
    for ask in (lambda: grades.submit(GOOD), grades.results):
        with pytest.raises(AccessRefused, match=r"does not let this tool look for one"):
            ask()


def test_without_the_claim_nothing_is_sent(scene: Scene) -> None:
    grades = scene.grades(endpoint=None)
    item = LineItem(label="A", score_maximum=1, tag="a", id=ITEM)
    asks: list[Callable[[], object]] = [
        lambda: grades.submit(GOOD),
        lambda: grades.submit(GOOD, ITEM),
        lambda: grades.submit(GOOD, tag="a"),
        grades.line_items,
        grades.line_item,
        lambda: grades.create(item),
        lambda: grades.find_or_create(item),
        lambda: grades.update(ITEM, label="B"),
        lambda: grades.delete(ITEM),
        grades.results,
    ]
    for ask in asks:
        with pytest.raises(AccessRefused, match=r"service\.ags\.not_offered"):
            ask()
    assert scene.asked() == []


def test_what_was_not_granted_is_refused_without_a_request(scene: Scene) -> None:
    grades = allowing(scene.grades(), scopes.LINE_ITEM_READ)
    asks: list[Callable[[], object]] = [
        lambda: grades.submit(GOOD),
        lambda: grades.create(LineItem(label="A", score_maximum=1)),
        lambda: grades.update(ITEM, label="B"),
        lambda: grades.delete(ITEM),
        grades.results,
    ]
    for ask in asks:
        with pytest.raises(AccessRefused, match=r"service\.scope_not_granted"):
            ask()
    assert scene.asked() == []


# scores: when, and how often


@pytest.mark.parametrize("kind", ["silent", "late-status"])
def test_a_score_that_was_taken_in_silence_counts_once(scene: Scene, platform: SimulatedPlatform, kind: str) -> None:
    platform.misbehave(kind, at="POST scores", times=1)
    assert scene.grades().submit(GOOD).score.timestamp == NOON
    history = platform.gradebook.history
    assert history[0].accepted
    assert len({str(score.sent["timestamp"]) for score in history}) == 1
    assert platform.gradebook["quiz-1"][LEARNER].score == 8


def test_a_repeat_that_the_platform_knows_already_was_delivered() -> None:
    http = Scripted(SILENCE, said(409))
    submitted = Grades(client_of(http), grant_of()).submit(GOOD, ITEM)
    assert submitted.published.result_url is None
    assert len({request.body for request in http.requests}) == 1


def test_a_first_score_that_the_platform_finds_outdated_is_refused() -> None:
    http = Scripted(said(409))
    with pytest.raises(ServiceFailed, match=r"service\.ags\.score_outdated"):
        Grades(client_of(http), grant_of()).submit(GOOD, ITEM)


def test_scores_of_one_user_are_a_millisecond_apart_at_least(scene: Scene, platform: SimulatedPlatform) -> None:
    times = [scene.grades().submit(GOOD).score.timestamp for _ in range(3)]
    assert times == [NOON + timedelta(milliseconds=number) for number in range(3)]
    assert [score.sent["timestamp"] for score in platform.gradebook.history] == [
        f"2026-11-24T12:00:00.00{number}Z" for number in range(3)
    ]


def test_a_time_that_is_given_is_sent_and_the_next_is_later(scene: Scene) -> None:
    later = NOON + timedelta(hours=1)
    grades = scene.grades()
    assert grades.submit(evolve(GOOD, timestamp=later)).score.timestamp == later
    assert grades.submit(GOOD).score.timestamp == later + timedelta(milliseconds=1)


def test_eight_threads_send_scores_of_one_user_in_the_order_of_their_times(
    scene: Scene, platform: SimulatedPlatform
) -> None:
    grades = [scene.grades() for _ in range(8)]

    def send(number: int) -> tuple[object, int]:
        return grades[number % 8].submit(evolve(GOOD, given=number, maximum=200)).score.timestamp, number

    with ThreadPoolExecutor(8) as people:
        sent = sorted(people.map(send, range(100)))
    assert len({time for time, _ in sent}) == 100
    assert all(score.accepted for score in platform.gradebook.history)
    assert platform.gradebook["quiz-1"][LEARNER].sent["scoreGiven"] == sent[-1][1]


def test_at_a_platform_of_whole_seconds_the_next_score_waits_for_the_next_second(
    scene_of: Callable[..., Scene], clock: Sleeper
) -> None:
    scene = scene_of(profile="moodle")
    grades = scene.grades()
    user = scene.platform.people
    learner = next(person.id for person in user if person.login == "learner")
    clock.advance(0.25)
    times = [grades.submit(evolve(GOOD, user_id=learner, given=number)).score.timestamp for number in (1, 2, 3)]
    assert times == [NOON + timedelta(seconds=seconds) for seconds in (0.25, 1, 2)]
    assert clock.slept == [0.75, 1.0]
    assert all(score.accepted for score in scene.platform.gradebook.history)


def test_at_such_a_platform_a_second_counts_from_when_the_score_was_taken(
    scene_of: Callable[..., Scene], clock: Sleeper
) -> None:
    scene = scene_of(profile="moodle")
    grades = scene.grades()
    scene.platform.misbehave("status", at="POST scores", times=1, status=503)
    grades.submit(GOOD)
    assert clock.now() == NOON + timedelta(seconds=1)
    grades.submit(evolve(GOOD, given=9))
    assert [score.accepted for score in scene.platform.gradebook.history] == [True, True]
    assert scene.platform.gradebook["quiz-1"][LEARNER].score == 9


@pytest.mark.parametrize(
    "score",
    [
        Score(user_id=LEARNER),
        Score(user_id=LEARNER, given=1, maximum=2, grading_progress=GradingProgress.PENDING),
        Score(user_id=LEARNER, grading_progress=GradingProgress.FULLY_GRADED),
    ],
)
def test_what_erases_a_grade_at_moodle_is_warned_about_before_it_is_sent(
    scene_of: Callable[..., Scene], caplog: pytest.LogCaptureFixture, score: Score
) -> None:
    submitted = scene_of(profile="moodle").grades().submit(score)
    assert [warning.code for warning in submitted.warnings] == ["service.ags.score_erases_grade"]
    assert "service.ags.score_erases_grade" in caplog.text
    assert LEARNER not in caplog.text


def test_elsewhere_and_for_what_is_finished_nothing_is_warned_about(scene_of: Callable[..., Scene]) -> None:
    assert scene_of().grades().submit(Score(user_id=LEARNER)).warnings == ()
    assert scene_of(profile="moodle").grades().submit(GOOD).warnings == ()


@pytest.mark.parametrize(
    ("apart", "warned"),
    [
        (timedelta(0), True),
        (timedelta(milliseconds=200), True),
        (timedelta(milliseconds=999), True),
        (timedelta(seconds=-1), True),
        (timedelta(seconds=1), False),
        (timedelta(days=1), False),
    ],
)
def test_a_time_of_ones_own_within_the_last_second_is_warned_about_and_sent_as_it_is(
    clock: Sleeper, caplog: pytest.LogCaptureFixture, apart: timedelta, warned: bool
) -> None:
    grades = Grades(client_of(Scripted(said(200)), clock), grant_of(platform="moodle"))
    assert grades.submit(evolve(GOOD, timestamp=NOON), ITEM).warnings == ()
    second = grades.submit(evolve(GOOD, timestamp=NOON + apart), ITEM)
    assert [one.code for one in second.warnings] == (["service.ags.score_within_second"] if warned else [])
    assert ("service.ags.score_within_second" in caplog.text) is warned
    assert (second.score.timestamp, clock.slept) == (NOON + apart, [])
    elsewhere = Grades(client_of(Scripted(said(200)), clock), grant_of())
    for _ in range(2):
        assert elsewhere.submit(evolve(GOOD, timestamp=NOON), ITEM).warnings == ()


def test_what_is_warned_about_is_what_moodle_refuses(scene_of: Callable[..., Scene], clock: Sleeper) -> None:
    scene = scene_of(profile="moodle")
    grades = scene.grades()
    grades.submit(evolve(GOOD, timestamp=clock.now()))
    with pytest.raises(ServiceFailed, match=r"service\.ags\.score_outdated"):
        grades.submit(evolve(GOOD, timestamp=clock.now() + timedelta(milliseconds=200)))
    assert grades.submit(evolve(GOOD, timestamp=clock.now() + timedelta(seconds=1))).warnings == ()


# line items


def test_line_items_are_listed_by_what_is_asked_for(scene: Scene) -> None:
    grades = scene.grades()
    for label, tag, resource_id in (("A", "x", "1"), ("B", "x", "2"), ("C", "y", "1")):
        grades.create(LineItem(label=label, score_maximum=1, tag=tag, resource_id=resource_id))
    assert words(grades.line_items(), "label") == ["Quiz 1", "A", "B", "C"]
    assert words(grades.line_items(tag="x"), "label") == ["A", "B"]
    assert words(grades.line_items(tag="x", resource_id="2", limit=1), "label") == ["B"]
    assert words(grades.line_items(resource_link_id="quiz-1"), "label") == ["Quiz 1"]


def test_the_links_own_line_item_is_read_without_its_address(scene: Scene) -> None:
    assert scene.grades().line_item().label == "Quiz 1"
    without = allowing(scene.grades(), line_item=None)
    assert without.line_item().label == "Quiz 1"


def test_a_link_without_a_line_item_has_none_to_read(scene: Scene) -> None:
    grades = scene.grades("page-1")
    for ask in (grades.line_item, grades.results):
        with pytest.raises(AccessRefused, match=r"service\.ags\.no_line_item"):
            ask()


def test_a_change_keeps_what_is_not_changed(scene: Scene, platform: SimulatedPlatform) -> None:
    grades = scene.grades()
    own = {"label": "Essay", "scoreMaximum": 20, "tag": "essay", "https://lms.example/colour": "red"}
    made = platform.gradebook.add(platform.courses[0].id, own)
    [item] = grades.line_items(tag="essay")
    changed = grades.update(item.id, label="Essay 2", score_maximum=Decimal("12.5"))
    assert (changed.label, changed.score_maximum, changed.tag) == ("Essay 2", Decimal("12.5"), "essay")
    kept = platform.gradebook.named(made.id).members
    assert (kept["label"], kept["scoreMaximum"], kept["https://lms.example/colour"]) == ("Essay 2", 12.5, "red")


def test_what_is_cleared_is_cleared(scene: Scene) -> None:
    grades = scene.grades()
    item = grades.create(LineItem(label="Essay", score_maximum=20, tag="essay"))
    assert grades.update(item, tag=None).tag is None


def test_a_line_item_that_was_deleted_is_gone(scene: Scene) -> None:
    grades = scene.grades()
    item = grades.create(LineItem(label="Essay", score_maximum=20))
    grades.delete(item)
    with pytest.raises(ServiceFailed, match=r"service\.not_found"):
        grades.line_item(item.id)


def test_a_deletion_that_was_done_in_silence_is_done(scene: Scene, platform: SimulatedPlatform) -> None:
    grades = scene.grades()
    item = grades.create(LineItem(label="Essay", score_maximum=20))
    platform.misbehave("silent", at="DELETE line-item", times=1)
    grades.delete(item)
    assert kinds(scene)[-2:] == ["DELETE line-item", "DELETE line-item"]


def test_a_line_item_without_an_address_is_refused(scene: Scene) -> None:
    grades, made_here = scene.grades(), LineItem(label="A", score_maximum=1)
    asks: list[Callable[[], object]] = [
        lambda: grades.delete(made_here),
        lambda: grades.update(made_here, label="B"),
        lambda: grades.submit(GOOD, made_here),
        lambda: grades.results(made_here),
    ]
    for ask in asks:
        with pytest.raises(ServiceFailed, match=r"http\.url_refused"):
            ask()
    assert scene.asked() == []


# find or create


def test_a_line_item_is_found_by_all_that_it_is_sought_by(scene: Scene) -> None:
    grades = scene.grades()
    wanted = [
        LineItem(label="A", score_maximum=1, tag="x", resource_id="1"),
        LineItem(label="B", score_maximum=1, tag="x", resource_id="2"),
        LineItem(label="C", score_maximum=1, resource_id="3"),
        LineItem(label="D", score_maximum=1, tag="y", resource_link_id="quiz-1"),
    ]
    made = [grades.find_or_create(item).id for item in wanted]
    assert [grades.find_or_create(evolve(item, label="other")).id for item in wanted] == made
    assert len(set(made)) == 4


@pytest.mark.parametrize("empty", [{}, {"tag": ""}, {"tag": None, "resource_id": ""}])
def test_a_line_item_must_be_sought_by_something(grades: Grades, empty: dict[str, str | None]) -> None:
    with pytest.raises(InvalidValue, match=r"service\.ags\.line_item_unnamed"):
        grades.find_or_create(LineItem(label="A", score_maximum=1, **empty))


def test_many_threads_make_one(scene: Scene, platform: SimulatedPlatform) -> None:
    wanted = LineItem(label="Essay", score_maximum=20, tag="essay")
    with ThreadPoolExecutor(8) as people:
        found = set(people.map(lambda _: scene.grades().find_or_create(wanted).id, range(32)))
    assert len(found) == 1
    assert len([item for item in platform.gradebook.line_items if item.tag == "essay"]) == 1


@pytest.mark.parametrize("kind", ["silent", "late-status", "malformed-json"])
def test_one_that_was_made_in_silence_is_found(scene: Scene, platform: SimulatedPlatform, kind: str) -> None:
    platform.misbehave(kind, at="POST line-items", times=1)
    found = scene.grades().find_or_create(LineItem(label="Essay", score_maximum=20, tag="essay"))
    assert found.tag == "essay"
    assert kinds(scene) == ["GET line-items", "POST line-items", "GET line-items"]


def test_one_of_which_it_is_not_known_whether_it_was_made_is_not_made_again(
    scene: Scene, platform: SimulatedPlatform
) -> None:
    platform.misbehave("status", at="POST line-items", status=504, times=1)
    grades, wanted = scene.grades(), LineItem(label="Essay", score_maximum=20, tag="essay")
    with pytest.raises(ServiceFailed, match=r"service\.unavailable"):
        grades.find_or_create(wanted)
    assert kinds(scene) == ["GET line-items", "POST line-items", "GET line-items"]
    assert grades.find_or_create(wanted).tag == "essay"


def test_one_that_is_refused_is_not_looked_for_again(scene: Scene, platform: SimulatedPlatform) -> None:
    platform.misbehave("status", at="POST line-items", status=400)
    with pytest.raises(ServiceFailed, match=r"service\.bad_request"):
        scene.grades().find_or_create(LineItem(label="Essay", score_maximum=20, tag="essay"))
    assert kinds(scene) == ["GET line-items", "POST line-items"]


def test_of_two_that_are_there_the_first_is_taken_and_logged(
    scene: Scene, platform: SimulatedPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    for label in ("First", "Second"):
        platform.gradebook.add(platform.courses[0].id, {"label": label, "scoreMaximum": 1, "tag": "essay"})
    assert scene.grades().find_or_create(LineItem(label="A", score_maximum=1, tag="essay")).label == "First"
    assert "service.ags.line_item_twice" in caplog.text


@pytest.mark.parametrize(
    ("kept", "is_told"), [({"tag": "essay"}, False), ({}, False), ({"tag": ""}, True), ({"tag": "es"}, True)]
)
def test_a_platform_that_drops_what_a_line_item_is_found_by_is_told(
    kept: dict[str, object], is_told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    made = {"id": f"{LINE_ITEMS}/1", "label": "Essay", "scoreMaximum": 10, "resourceLinkId": "of-its-own", **kept}
    grades = Grades(client_of(Scripted(said(body=[]), said(201, body=made))), grant_of())
    assert grades.find_or_create(LineItem(label="Essay", score_maximum=10, tag="essay")).label == "Essay"
    assert ("service.ags.line_item_not_findable" in caplog.text) is is_told


ODD = {"id": f"{LINE_ITEMS}/1", "label": "Essay", "scoreMaximum": 10, "tag": "essay"}


@pytest.mark.parametrize(
    "odd", [{"gradesReleased": 1}, {"submissionReview": []}, {"startDateTime": 17}, {"label": 7}, {"label": ""}]
)
def test_one_that_is_oddly_written_is_found_and_no_other_is_made_beside_it(odd: dict[str, object]) -> None:
    http = Scripted(said(body=[{**ODD, **odd}]))
    grades = Grades(client_of(http), grant_of())
    for _ in range(3):
        assert grades.find_or_create(LineItem(label="Essay", score_maximum=10, tag="essay")).id == ODD["id"]
    assert {request.method for request in http.requests} == {"GET"}


@pytest.mark.parametrize("odd", [{"scoreMaximum": "ten"}, {"label": None}, {"tag": ["essay"]}, {"id": 4.5}])
def test_where_the_list_cannot_be_read_none_is_made_beside_one_that_may_be_there(odd: dict[str, object]) -> None:
    http = Scripted(said(body=[{**ODD, **odd}]))
    grades = Grades(client_of(http), grant_of())
    for ask in (
        lambda: grades.find_or_create(LineItem(label="Essay", score_maximum=10, tag="essay")),
        lambda: grades.submit(GOOD, tag="essay"),
    ):
        with pytest.raises(ServiceFailed) as failure:
            ask()
        assert (failure.value.code, failure.value.found) == ("service.ags.line_item_malformed", 1)
    assert {request.method for request in http.requests} == {"GET"}


def test_one_that_can_be_read_is_found_among_others_that_cannot() -> None:
    http = Scripted(said(body=[{**ODD, "scoreMaximum": None}, {**ODD, "id": ITEM}]))
    found = Grades(client_of(http), grant_of()).find_or_create(LineItem(label="A", score_maximum=1, tag="essay"))
    assert found.id == ITEM


NAMES = st.none() | st.sampled_from(["a", "b", "A", "é"])
ITEMS = st.lists(st.tuples(NAMES, NAMES, NAMES), max_size=8)


@given(ITEMS, NAMES, NAMES, NAMES)
def test_whatever_a_platform_lists_only_one_that_fits_is_found(
    listed: list[tuple[str | None, ...]], tag: str | None, resource_id: str | None, link: str | None
) -> None:
    names = ("tag", "resourceId", "resourceLinkId")
    items = [
        {"id": f"{LINE_ITEMS}/{number}", "label": "x", "scoreMaximum": 1, **dict(zip(names, item, strict=True))}
        for number, item in enumerate(listed)
    ]
    made = said(201, {"id": f"{LINE_ITEMS}/new", "label": "x", "scoreMaximum": 1})
    http = Scripted(lambda request: said(body=items) if request.method == "GET" else made)
    wanted = LineItem(label="x", score_maximum=1, tag=tag, resource_id=resource_id, resource_link_id=link)
    sought = {name: value for name, value in zip(names, (tag, resource_id, link), strict=True) if value}
    fitting = [item["id"] for item in items if all(item[name] == value for name, value in sought.items())]
    if not sought:
        with pytest.raises(InvalidValue, match=r"service\.ags\.line_item_unnamed"):
            Grades(client_of(http), grant_of()).find_or_create(wanted)
    else:
        found = Grades(client_of(http), grant_of()).find_or_create(wanted)
        assert found.id == (fitting or [f"{LINE_ITEMS}/new"])[0]


# results


def test_results_are_those_of_the_links_own_line_item(scene: Scene) -> None:
    grades = scene.grades()
    grades.submit(GOOD)
    [result] = grades.results()
    assert (result.user_id, result.score, result.maximum) == (LEARNER, 8, 10)
    assert list(grades.results(user_id="u-teacher")) == []
    assert words(grades.results(grades.line_item(), user_id=LEARNER, limit=1), "score") == [8]
