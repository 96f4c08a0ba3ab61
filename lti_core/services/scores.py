"""Scores: what this tool tells a platform about one learner's work.

Source: AGS 2.0, Score publish service.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar

from attrs import Factory, field, fields, frozen

from lti_core import scopes as known
from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.services import sent
from lti_core.services.addresses import below, service_address
from lti_core.services.answers import refused, text_of, words_of
from lti_core.services.command import Repeat
from lti_core.services.received import Number
from lti_core.strict_json import read_exact_json

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

_SPEC = "AGS 2.0, Score publish service"


class ActivityProgress:
    """How far the learner is."""

    INITIALIZED = "Initialized"
    STARTED = "Started"
    IN_PROGRESS = "InProgress"
    SUBMITTED = "Submitted"
    COMPLETED = "Completed"

    ALL = (INITIALIZED, STARTED, IN_PROGRESS, SUBMITTED, COMPLETED)


class GradingProgress:
    """How far the grading is. Only a score that is `FULLY_GRADED` is certain to count."""

    FULLY_GRADED = "FullyGraded"
    PENDING = "Pending"
    PENDING_MANUAL = "PendingManual"
    FAILED = "Failed"
    NOT_READY = "NotReady"

    ALL = (FULLY_GRADED, PENDING, PENDING_MANUAL, FAILED, NOT_READY)


def _user(_: object, __: sent.Field, value: object) -> None:
    if not isinstance(value, str) or not value.strip() or not sent.is_text(value):
        message = "A score needs the id of the user, as a launch or the class list tells it."
        raise InvalidValue("service.ags.user_missing", message, _SPEC, "a text")


def _given(_: object, __: sent.Field, value: Any) -> None:
    if value is not None and not (sent.finite(value) and value >= 0):
        raise InvalidValue("service.ags.score_given_invalid", "given must be a number from 0 up.", _SPEC, "0 or more")


def _maximum(score: "Score", _: sent.Field, value: Any) -> None:
    if value is None and score.given is not None:
        message = "A score that is given needs the maximum that it is measured by."
        raise InvalidValue("service.ags.score_maximum_missing", message, _SPEC, "above 0")
    if value is not None and not (sent.finite(value) and value > 0):
        message = "maximum must be a number above 0."
        raise InvalidValue("service.ags.score_maximum_invalid", message, _SPEC, "above 0")


def _activity(_: object, __: sent.Field, value: object) -> None:
    if value not in ActivityProgress.ALL:
        message = "activity_progress must be one of the five words."
        raise InvalidValue("service.ags.activity_progress_invalid", message, _SPEC, ", ".join(ActivityProgress.ALL))


def _grading(_: object, __: sent.Field, value: object) -> None:
    if value not in GradingProgress.ALL:
        message = "grading_progress must be one of the five words."
        raise InvalidValue("service.ags.grading_progress_invalid", message, _SPEC, ", ".join(GradingProgress.ALL))


def _timestamp(_: object, __: sent.Field, value: object) -> None:
    if value is not None and not sent.aware(value):
        message = "timestamp must be a time with its zone."
        raise InvalidValue("service.ags.timestamp_invalid", message, _SPEC, "an aware datetime")


def _submission(score: "Score", _: sent.Field, value: datetime | None) -> None:
    started = score.started_at
    if value is not None and not sent.aware(value):
        message = "started_at and submitted_at must be times with their zone."
        raise InvalidValue("service.ags.submission_time_invalid", message, _SPEC, "an aware datetime")
    if value is not None and sent.aware(started) and started is not None and started > value:
        message = "submitted_at must not be before started_at."
        raise InvalidValue("service.ags.submission_time_invalid", message, _SPEC)


def _extensions(_: object, __: sent.Field, value: Mapping[str, object]) -> None:
    if value is sent.NO_MEMBERS:
        return
    sent.members(_, __, value)
    for name in value:
        if not _QUALIFIED.fullmatch(name):
            message = "Members of your own are called by absolute addresses, as their vendor calls them."
            raise InvalidValue("service.extension_invalid", message, _SPEC, "https://...", name[:100])


@frozen(kw_only=True)
class Score:
    """One learner's score, or how far the work is. `Score(user_id="u-42", given=8, maximum=10)` is a finished one.

    Numbers are sent digit by digit as they are, a Decimal too. Beware: platforms take each score as all there is to
    say. One that is not fully graded, or without `given`, clears the grade at some (Moodle), one without `comment` the
    comment.

    Attributes:
        user_id: of a launch or a member. Never of a test user: those have no grades.
        given: 0 or more; it may be above the maximum. None: no score, or the one that is there is cleared.
        maximum: what `given` is measured by, above 0; the platform scales it to the line item's.
        activity_progress, grading_progress: words of `ActivityProgress` and `GradingProgress`. By themselves
            completed and fully graded where there is a score, else initialized and not ready.
        timestamp: aware; when this came to be so. Later than any sent before for this user and line item, by a whole
            second for some. None: whoever sends it sets the time.
        comment: plain text for the learner.
        started_at, submitted_at: aware; of the work.
        scoring_user_id: who graded it.
        extensions: members of a vendor, by their full names, which are absolute addresses. A copy is kept.

    Raises:
        InvalidValue: `service.ags.user_missing`, `service.ags.score_given_invalid`,
            `service.ags.score_maximum_missing`, `service.ags.score_maximum_invalid`,
            `service.ags.activity_progress_invalid`, `service.ags.grading_progress_invalid`,
            `service.ags.timestamp_invalid`, `service.ags.submission_time_invalid`, `service.value_not_text`,
            `service.extension_invalid`.
    """

    user_id: str = field(validator=_user)
    given: Number | None = field(default=None, validator=_given)
    maximum: Number | None = field(default=None, validator=_maximum)
    activity_progress: str = field(
        default=Factory(
            lambda score: ActivityProgress.INITIALIZED if score.given is None else ActivityProgress.COMPLETED,
            takes_self=True,
        ),
        validator=_activity,
    )
    grading_progress: str = field(
        default=Factory(
            lambda score: GradingProgress.NOT_READY if score.given is None else GradingProgress.FULLY_GRADED,
            takes_self=True,
        ),
        validator=_grading,
    )
    timestamp: datetime | None = field(default=None, validator=_timestamp)
    comment: str | None = field(default=None, validator=sent.text, repr=False)
    started_at: datetime | None = field(default=None, validator=_submission)
    submitted_at: datetime | None = field(default=None, validator=_submission)
    scoring_user_id: str | None = field(default=None, validator=sent.text)
    extensions: Mapping[str, object] = field(
        default=sent.NO_MEMBERS, converter=sent.members_kept, validator=_extensions, hash=False, repr=False
    )


_FIELDS = tuple(attribute.name for attribute in fields(Score))
_QUALIFIED = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


def dated(score: Score, timestamp: datetime) -> Score:
    """`score` with its `timestamp`. Nothing else is checked once more, which is what `evolve` takes its time for: a
    score holds nothing that others could have changed since.

    Raises:
        InvalidValue: `service.ags.timestamp_invalid`.
    """
    _timestamp(score, fields(Score).timestamp, timestamp)
    new = object.__new__(Score)
    for name in _FIELDS:
        object.__setattr__(new, name, getattr(score, name))
    object.__setattr__(new, "timestamp", timestamp)
    return new


def score_members(score: Score) -> dict[str, object]:
    """The JSON of a score; what is None is left out."""
    members: dict[str, object] = {
        "userId": score.user_id,
        "timestamp": score.timestamp and sent.time_text(score.timestamp),
        "activityProgress": score.activity_progress,
        "gradingProgress": score.grading_progress,
        "scoreGiven": score.given,
        "scoreMaximum": score.maximum,
        "comment": score.comment,
        "submission": _submission_members(score),
        "scoringUserId": score.scoring_user_id,
    }
    if score.extensions:
        members |= score.extensions
    return {name: member for name, member in members.items() if member is not None}


def _submission_members(score: Score) -> dict[str, str] | None:
    times = {"startedAt": score.started_at, "submittedAt": score.submitted_at}
    return {name: sent.time_text(time) for name, time in times.items() if time is not None} or None


def _dated(_: object, __: sent.Field, score: Score) -> None:
    if score.timestamp is None:
        message = "A score that is sent needs the time from which it holds."
        raise InvalidValue("service.ags.timestamp_invalid", message, _SPEC, "an aware datetime")


@frozen
class Published:
    """A platform took a score.

    Attributes:
        result_url: where the platform keeps what became of it, if it says so (Canvas).
        claims: all that the platform said, vendor members included.
    """

    result_url: str | None = None
    claims: Mapping[str, object] = field(factory=dict, hash=False, repr=False)


@frozen
class PublishScore:
    """Send a score. It may be repeated: with its timestamp it counts once.

    Attributes:
        line_item: its address.
        score: with its `timestamp`.
    """

    scopes: ClassVar[tuple[str, ...]] = (known.SCORE,)
    repeat: ClassVar[Repeat] = Repeat(after_silence=True, delivered=frozenset({"service.ags.score_outdated"}))

    line_item: str = field(validator=service_address)
    score: Score = field(validator=_dated)

    def to_request(self) -> HttpRequest:
        """The request."""
        url, body = below(self.line_item, "scores"), sent.body_of(score_members(self.score))
        return HttpRequest(method="POST", url=url, headers={"Content-Type": SCORE_TYPE}, body=body)

    def read_response(self, response: HttpResponse) -> Published:
        """That it was taken.

        Raises:
            ServiceFailed: `service.ags.score_outdated`, `service.ags.user_not_gradable`, `service.ags.score_refused`,
                or a usual refusal.
        """
        if response.status not in (200, 201, 202, 204):
            request = self.to_request()
            raise refused(request, response, self.scopes, _meaning(response.status, words_of(request, response)))
        try:
            said = read_exact_json(text_of(response))
        except (ValueError, RecursionError):  # it was taken all the same
            return Published()
        if not isinstance(said, dict):
            return Published()
        url = said.get("resultUrl")
        return Published(url if isinstance(url, str) else None, MappingProxyType(said))


def _meaning(status: int, words: str) -> ServiceFailed | None:
    """What this status means for a score."""
    if status == 409 or (status == 400 and "timestamp" in words.lower() and _LATER.search(words)):
        return _OUTDATED
    if status == 422:
        return _REFUSED if _OF_SCORE.search(words) else _NOT_GRADABLE
    return _REFUSED if status == 400 else None


_LATER = re.compile(r"\b(?:before|earlier|older|later|newer|after|outdated|out of date)\b", re.IGNORECASE)
_OF_SCORE = re.compile(r"scoreMaximum|scoreGiven|attempt|timestamp|comment", re.IGNORECASE)
_OUTDATED = ServiceFailed(
    "service.ags.score_outdated",
    "The platform has a score of this learner that is as new as this one, or newer.",
    _SPEC,
    remedy="Some platforms count whole seconds: send one score for a learner and line item in a second.",
)
_REFUSED = ServiceFailed(
    "service.ags.score_refused",
    "The platform did not take the score.",
    _SPEC,
    remedy="Check that the user is a learner of this course: for others platforms take no scores.",
)
_NOT_GRADABLE = ServiceFailed(
    "service.ags.user_not_gradable",
    "The platform takes no scores for this user.",
    _SPEC,
    remedy="Only learners of the course can be graded, no test users and no teachers.",
)
