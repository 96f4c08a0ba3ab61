"""LineItem: one column of a gradebook, set piece by piece."""

import json
from typing import Any, Self

from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.json_numbers import is_number

TSubmissionReview = dict[str, Any]
TLineItem = dict[str, Any]


class LineItem:
    """Made of what the platform sent, whose further members are kept, or of nothing."""

    def __init__(self, lineitem: TLineItem | None = None) -> None:
        self._members: TLineItem = dict(lineitem or {})

    def get_id(self) -> str | None:
        """Its address."""
        return self._members.get("id")

    def set_id(self, value: str) -> Self:
        """Set it."""
        return self._set("id", value)

    def get_label(self) -> str | None:
        """What the column is called."""
        return self._members.get("label")

    def set_label(self, value: str) -> Self:
        """Set it."""
        return self._set("label", value)

    def get_score_maximum(self) -> float | None:
        """The points that can be had."""
        return self._members.get("scoreMaximum")

    def set_score_maximum(self, value: float) -> Self:
        """Set it.

        Raises:
            LtiException: it is no number above 0.
        """
        if not is_number(value):
            raise LtiException("Invalid scoreMaximum value: score must be integer or float")
        if value <= 0:
            raise LtiException("Invalid scoreMaximum value: score must be non null value, strictly greater than 0")
        return self._set("scoreMaximum", value)

    def get_resource_id(self) -> str | None:
        """The tool's own name for what is graded."""
        return self._members.get("resourceId")

    def set_resource_id(self, value: str) -> Self:
        """Set it."""
        return self._set("resourceId", value)

    def get_resource_link_id(self) -> str | None:
        """The link that it belongs to."""
        return self._members.get("resourceLinkId")

    def set_resource_link_id(self, value: str) -> Self:
        """Set it."""
        return self._set("resourceLinkId", value)

    def get_tag(self) -> str | None:
        """The tool's own word for the kind of grade."""
        return self._members.get("tag")

    def set_tag(self, value: str) -> Self:
        """Set it."""
        return self._set("tag", value)

    def get_start_date_time(self) -> str | None:
        """From when on work is taken."""
        return self._members.get("startDateTime")

    def set_start_date_time(self, value: str) -> Self:
        """Set it, as ISO 8601 with a zone."""
        return self._set("startDateTime", value)

    def get_end_date_time(self) -> str | None:
        """Until when work is taken."""
        return self._members.get("endDateTime")

    def set_end_date_time(self, value: str) -> Self:
        """Set it, as ISO 8601 with a zone."""
        return self._set("endDateTime", value)

    def get_submission_review(self) -> TSubmissionReview | None:
        """How the platform opens one learner's work."""
        return self._members.get("submissionReview")

    def set_submission_review(
        self,
        reviewable_status: list[str],
        label: str | None = None,
        url: str | None = None,
        custom: dict[str, str] | None = None,
    ) -> Self:
        """Set it.

        Raises:
            LtiException: `reviewable_status` is no list.
        """
        if not isinstance(reviewable_status, list):
            raise LtiException('Invalid "reviewable_status" argument')
        further = {"label": label, "url": url, "custom": custom}
        review = {"reviewableStatus": reviewable_status, **{name: one for name, one in further.items() if one}}
        return self._set("submissionReview", review)

    def get_value(self) -> str:
        """All of it as JSON, but for what is empty."""
        return json.dumps({name: member for name, member in self._members.items() if member})

    def _set(self, name: str, value: Any) -> Self:
        self._members = {**self._members, name: value}  # a copy of this line item goes on with its own
        return self
