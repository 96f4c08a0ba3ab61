"""Grade: one learner's score, set piece by piece."""

import json
from typing import Any, Self

from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.json_numbers import is_number

TExtaClaims = dict[str, Any]


class Grade:
    """What was not set is left out."""

    _score_given: float | None = None
    _score_maximum: float | None = None
    _activity_progress: str | None = None
    _grading_progress: str | None = None
    _timestamp: str | None = None
    _user_id: str | None = None
    _comment: str | None = None
    _extra_claims: TExtaClaims | None = None

    def get_score_given(self) -> float | None:
        """The points."""
        return self._score_given

    def set_score_given(self, value: float) -> Self:
        """Set them.

        Raises:
            LtiException: they are no number from 0 up.
        """
        self._score_given = _points(value, "scoreGiven")
        return self

    def get_score_maximum(self) -> float | None:
        """What the points are measured by."""
        return self._score_maximum

    def set_score_maximum(self, value: float) -> Self:
        """Set it.

        Raises:
            LtiException: it is no number from 0 up.
        """
        self._score_maximum = _points(value, "scoreMaximum")
        return self

    def get_activity_progress(self) -> str | None:
        """How far the learner is."""
        return self._activity_progress

    def set_activity_progress(self, value: str) -> Self:
        """Set it: Initialized, Started, InProgress, Submitted or Completed."""
        self._activity_progress = value
        return self

    def get_grading_progress(self) -> str | None:
        """How far the grading is."""
        return self._grading_progress

    def set_grading_progress(self, value: str) -> Self:
        """Set it: FullyGraded, Pending, PendingManual, Failed or NotReady."""
        self._grading_progress = value
        return self

    def get_timestamp(self) -> str | None:
        """When this came to be so."""
        return self._timestamp

    def set_timestamp(self, value: str) -> Self:
        """Set it, as ISO 8601 with a zone."""
        self._timestamp = value
        return self

    def get_user_id(self) -> str | None:
        """The learner."""
        return self._user_id

    def set_user_id(self, value: str) -> Self:
        """Set it."""
        self._user_id = value
        return self

    def get_comment(self) -> str | None:
        """For the learner."""
        return self._comment

    def set_comment(self, value: str) -> Self:
        """Set it."""
        self._comment = value
        return self

    def get_extra_claims(self) -> TExtaClaims | None:
        """Further members."""
        return self._extra_claims

    def set_extra_claims(self, value: TExtaClaims) -> Self:
        """Set them; they win over the others."""
        self._extra_claims = value
        return self

    def get_value(self) -> str:
        """All of it as JSON."""
        members = {
            "scoreGiven": self._score_given,
            "scoreMaximum": self._score_maximum,
            "activityProgress": self._activity_progress,
            "gradingProgress": self._grading_progress,
            "timestamp": self._timestamp,
            "userId": self._user_id,
            "comment": self._comment,
            **(self._extra_claims or {}),
        }
        return json.dumps({name: member for name, member in members.items() if member is not None})


def _points(value: Any, name: str) -> float:
    if not is_number(value):
        raise LtiException(f"Invalid {name} value: score must be integer or float")
    if value < 0:
        raise LtiException(f"Invalid {name} value: score must be positive number (including 0)")
    return value
