"""Requests to look at the work behind a grade."""

from collections.abc import Mapping
from typing import ClassVar

from lti_adapters.pylti1p3.message_validators.abstract import MessageValidatorAbstract
from lti_core.messages.submission_review import MESSAGE_TYPE

_NAME = MESSAGE_TYPE.name


class SubmissionReviewLaunchValidator(MessageValidatorAbstract):
    """LtiSubmissionReviewRequest."""

    _kind = MESSAGE_TYPE
    _texts: ClassVar[Mapping[str, str]] = {
        "launch.review.ags_missing": f"Grade services must be included in a {_NAME}",
        "launch.review.line_item_missing": f"A {_NAME} must specify the lineitem it was launched for",
        "launch.review.for_user_missing": f"For user claim must be included in a {_NAME}",
        "launch.review.for_user_id_missing": "For user claim must include user_id",
    }
