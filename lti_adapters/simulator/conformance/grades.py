"""Assignments and grades: line items, scores and results."""

from functools import partial

from lti_adapters.simulator.conformance.service_case import ServiceCase, Trial, demand, failures
from lti_adapters.simulator.people import LEARNER
from lti_adapters.simulator.services.gradebook import LineItem as Column
from lti_core.services.line_item import LineItem
from lti_core.services.scores import ActivityProgress, GradingProgress, Score

AREA = "Assignments and grades"
LINK = "quiz-1"
TAG = "conformance"
ESSAY = LineItem(label="Essay", score_maximum=20, tag=TAG)
GOOD = Score(user_id=str(LEARNER.id), given=8, maximum=10)
RESOURCE_ID = "essay-7"


def _essay(trial: Trial) -> Column:
    """A line item of this tool in the course of the link."""
    course_id = trial.platform.gradebook.named(LINK).course_id
    return trial.platform.gradebook.add(
        course_id, {"label": "Essay", "scoreMaximum": 20, "tag": TAG, "resourceId": RESOURCE_ID}
    )


def _create(trial: Trial) -> None:
    trial.uses("create_line_item", ESSAY)
    made = [item for item in trial.platform.gradebook.line_items if item.tag == TAG]
    demand(len(made) == 1, f"must make one line item with the tag, and made {len(made)}")
    demand((made[0].label, made[0].maximum) == ("Essay", 20), f"must send label and maximum: {dict(made[0].members)}")


def _read(trial: Trial) -> None:
    _essay(trial)
    demand("Essay" in list(trial.uses("line_items")), "must read the line items of the course")


def _change(trial: Trial) -> None:
    essay = _essay(trial)
    trial.uses("change_line_item", TAG, "Long essay")
    item = trial.platform.gradebook.find(essay.id)
    assert item is not None
    demand(item.label == "Long essay", "must change the label")
    kept = (item.maximum, item.tag, item.resource_id)
    demand(kept == (20, TAG, RESOURCE_ID), f"must send again what is not changed: {dict(item.members)}")


def _delete(trial: Trial) -> None:
    essay = _essay(trial)
    trial.uses("delete_line_item", TAG)
    demand(trial.platform.gradebook.find(essay.id) is None, "must delete the line item")


def _score(score: Score, trial: Trial) -> None:
    trial.uses("submit", score)
    history = trial.platform.gradebook.history
    demand(bool(history) and history[-1].accepted, f"must send a score that is taken: {history[-1:]}")
    sent = history[-1].sent
    found = [sent.get(name) for name in ("userId", "scoreGiven", "scoreMaximum", "activityProgress", "gradingProgress")]
    wanted = [score.user_id, score.given, score.maximum, score.activity_progress, score.grading_progress]
    demand(found == wanted, f"must send the score as it is, {wanted}, and sent {found}")


def _later(trial: Trial) -> None:
    _score(GOOD, trial)
    _score(Score(user_id=GOOD.user_id, given=9, maximum=10), trial)
    grade = trial.platform.gradebook[LINK][GOOD.user_id]
    demand(grade.score == 9, "must send each score with a later time than the one before")


def _answer_lost(trial: Trial) -> None:
    trial.platform.misbehave("late-status", at="scores", status=503, times=1)
    trial.uses("submit", GOOD)
    times = {score.sent["timestamp"] for score in trial.platform.gradebook.history}
    demand(len(times) == 1, f"must send a score again with the same time: {sorted(map(str, times))}")


def _results(trial: Trial) -> None:
    trial.platform.gradebook.set_score(LINK, GOOD.user_id, 7)
    found = dict(trial.uses("results"))
    demand(found == {GOOD.user_id: 7}, f"must read the results, and read {found}")


def _no_result(trial: Trial) -> None:
    trial.platform.gradebook.set_score(LINK, GOOD.user_id, None)
    found = trial.uses("results").get(GOOD.user_id)
    demand(found is None, f"must not take a missing score for one: {found}")


def _progress() -> tuple[ServiceCase, ...]:
    """A score with each word of both lists."""
    activity = (
        Score(user_id=GOOD.user_id, given=8, maximum=10, activity_progress=word) for word in ActivityProgress.ALL
    )
    grading = (Score(user_id=GOOD.user_id, given=8, maximum=10, grading_progress=word) for word in GradingProgress.ALL)
    named = {f"{score.activity_progress}, {score.grading_progress}": score for score in (*activity, *grading)}
    return tuple(
        ServiceCase(f"{AREA}: score {words}", ("submit",), partial(_score, score)) for words, score in named.items()
    )


CASES = (
    ServiceCase(f"{AREA}: create a line item", ("create_line_item",), _create),
    ServiceCase(f"{AREA}: read line items", ("line_items",), _read),
    ServiceCase(f"{AREA}: update a line item", ("change_line_item",), _change),
    ServiceCase(f"{AREA}: delete a line item", ("delete_line_item",), _delete),
    *_progress(),
    ServiceCase(f"{AREA}: a second score", ("submit",), _later),
    ServiceCase(f"{AREA}: a score whose answer was lost", ("submit",), _answer_lost),
    ServiceCase(f"{AREA}: read results", ("results",), _results),
    ServiceCase(f"{AREA}: a result without a score", ("results",), _no_result),
    *failures(AREA, "submit", "scores", GOOD),
)
