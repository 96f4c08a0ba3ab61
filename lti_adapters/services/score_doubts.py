"""Doubts: what a platform that counts whole seconds, as Moodle does, may make of a score, told before it is sent."""

import math
from datetime import datetime

from lti_core.rules.rule import Warned
from lti_core.services.scores import GradingProgress, Score

_SPEC = "AGS 2.0, Score publish service"
_ERASES = Warned(
    "service.ags.score_erases_grade",
    "This platform takes a score that is not fully graded, or not given, as the end of the grade.",
    _SPEC,
)
_WITHIN_SECOND = Warned(
    "service.ags.score_within_second",
    "This platform counts whole seconds, and the score is not a whole second later than the last one: it may be"
    " refused as outdated.",
    _SPEC,
)


def doubts(score: Score, last: datetime | None) -> tuple[Warned, ...]:
    """The warnings about a score.

    Args:
        last: aware; when the platform got a score of that user and line item last, as far as it is known.
    """
    found: tuple[Warned, ...] = ()
    if score.given is None or score.grading_progress != GradingProgress.FULLY_GRADED:
        found = (_ERASES,)
    if score.timestamp is not None and last is not None and _second(score.timestamp) <= _second(last):
        found = (*found, _WITHIN_SECOND)
    return found


def _second(time: datetime) -> int:
    return math.floor(time.timestamp())
