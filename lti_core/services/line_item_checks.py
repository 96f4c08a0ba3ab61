"""What a line item must be to be sent. What a platform sent itself, and nobody changed, is not judged once more.

Source: AGS 2.0, Line item service; Submission Review 1.0.
"""

from collections.abc import Mapping
from typing import Any

from attrs import evolve, fields

from lti_core.errors import InvalidValue
from lti_core.services import sent
from lti_core.services.addresses import is_address
from lti_core.services.line_item import LineItem, SubmissionReview, as_it_was_read, line_item_members
from lti_core.services.scores import ActivityProgress

_SPEC = "AGS 2.0, Line item service"
_REVIEW_SPEC = "Submission Review 1.0, Line item property"
_FIELDS = fields(LineItem)
_TEXTS = (_FIELDS.id, _FIELDS.resource_link_id, _FIELDS.resource_id, _FIELDS.tag)


def line_item_kept(item: Any) -> Any:
    """Converts a line item into one that holds nothing that others could change."""
    if not isinstance(item, LineItem):
        return item
    review = item.submission_review
    if isinstance(review, SubmissionReview):
        custom, claims = sent.members_kept(review.custom), sent.members_kept(review.claims)
        review = evolve(review, custom=custom, claims=claims)
    return evolve(item, submission_review=review, claims=sent.members_kept(item.claims))


def sendable(_: object, attribute: sent.Field, item: LineItem) -> None:
    """A validator: a line item that can be sent.

    Raises:
        InvalidValue: as `CreateLineItem`.
    """
    there = as_it_was_read(item)
    lacking = "" if there is None else " The platform's own has none: give one together with what you change."
    if not sent.is_text(item.label) or not item.label.strip():
        raise InvalidValue("service.ags.label_missing", f"A line item needs a label.{lacking}", _SPEC, "a text")
    if not sent.finite(item.score_maximum) or item.score_maximum <= 0:
        message = f"score_maximum must be a number above 0.{lacking}"
        raise InvalidValue("service.ags.score_maximum_invalid", message, _SPEC, "above 0", item.score_maximum)
    for one in _TEXTS:
        sent.text(item, one, getattr(item, one.name))
    if item.grades_released is not None and not isinstance(item.grades_released, bool):
        message = "grades_released must be True, False or None."
        raise InvalidValue("service.ags.grades_released_invalid", message, _SPEC, "True, False or None")
    if there is None or (item.starts_at, item.ends_at) != (there.starts_at, there.ends_at):
        _refuse_times(item)
    if item.submission_review is not None and (there is None or item.submission_review != there.submission_review):
        _refuse_review(item.submission_review)
    sent.members(item, attribute, line_item_members(item))


def _refuse_times(item: LineItem) -> None:
    given = [time for time in (item.starts_at, item.ends_at) if time is not None]
    if not all(map(sent.aware, given)):
        message = "starts_at and ends_at must be times with their zone."
        raise InvalidValue("service.ags.time_invalid", message, _SPEC, "an aware datetime")
    if len(given) == 2 and given[0] > given[1]:
        raise InvalidValue("service.ags.time_invalid", "ends_at must not be before starts_at.", _SPEC)


def _refuse_review(review: SubmissionReview) -> None:
    words = review.reviewable_status
    if not isinstance(words, tuple | list) or not all(word in ActivityProgress.ALL for word in words):
        raise _invalid_review("reviewable_status must be words of ActivityProgress.", ", ".join(ActivityProgress.ALL))
    if review.label is not None and not sent.is_text(review.label):
        raise _invalid_review("The label of a submission review must be a text.", "a text")
    if review.url is not None and not is_address(review.url):
        raise _invalid_review("The url of a submission review must be an absolute address.", "https://...")
    custom = review.custom
    if not isinstance(custom, Mapping) or not all(sent.is_text(word) for pair in custom.items() for word in pair):
        raise _invalid_review("custom must be texts by name.", "texts by name")


def _invalid_review(message: str, expected: str) -> InvalidValue:
    return InvalidValue("service.ags.submission_review_invalid", message, _REVIEW_SPEC, expected)
