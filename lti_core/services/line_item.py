"""LineItem: one column of a platform's gradebook, as it is read and as it is sent.

Source: AGS 2.0, Line item service; Submission Review 1.0.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urljoin

from attrs import evolve, field, frozen

from lti_core.claims import named, one_or_many
from lti_core.services.received import Number, bool_or_absent, number, text_or_absent, texts, time, words
from lti_core.services.sent import time_text
from lti_core.structuring import Claimed, Malformed, converter

Kind = TypeVar("Kind", bound=Claimed)


@frozen(kw_only=True)
class SubmissionReview(Claimed):
    """How a platform opens one learner's work in this tool (Submission Review 1.0).

    Attributes:
        reviewable_status: words of `ActivityProgress` with which there is something to see.
        label: for the platform's button.
        url: where it leads; None for the tool's usual launch address.
        custom: added to the custom parameters of that launch.
    """

    reviewable_status: Annotated[tuple[str, ...], named("reviewableStatus", one_or_many)] = ()
    label: Annotated[str | None, named("label", text_or_absent)] = None
    url: Annotated[str | None, named("url", text_or_absent)] = None
    custom: Annotated[Mapping[str, str], named("custom", texts)] = field(factory=dict, hash=False)


def _review_or_absent(value: Any, _: Any) -> SubmissionReview | None:
    try:
        review: SubmissionReview = converter.get_structure_hook(SubmissionReview)(value, SubmissionReview)
    except Malformed:
        return None
    return review


@frozen(kw_only=True)
class LineItem(Claimed):
    """A column of the gradebook. `claims` is what the platform sent: what this class does not know goes back with it.

    What need not be there and is nonsense counts as absent, so that the item is not lost by it. The words that an item
    is found by are read strictly: else a second one would be made beside it.

    Attributes:
        score_maximum: points, above 0. A platform may scale the scores that are there when it changes.
        id: its address; None until the platform has made it.
        resource_link_id: the link that it belongs to, if it does.
        resource_id, tag: the tool's own words, to find it by. Not unique.
        starts_at, ends_at: aware; when work is taken. None also when the platform wrote what is no time with its zone.
        grades_released: whether learners may see their grades.
    """

    label: Annotated[str, named("label", words)]
    score_maximum: Annotated[Number, named("scoreMaximum", number)]
    id: Annotated[str | None, named("id", text_or_absent)] = None
    resource_link_id: Annotated[str | None, named("resourceLinkId", text_or_absent)] = None
    resource_id: Annotated[str | None, named("resourceId", text_or_absent)] = None
    tag: Annotated[str | None, named("tag", text_or_absent)] = None
    starts_at: Annotated[datetime | None, named("startDateTime", time)] = None
    ends_at: Annotated[datetime | None, named("endDateTime", time)] = None
    grades_released: Annotated[bool | None, named("gradesReleased", bool_or_absent)] = None
    submission_review: Annotated[SubmissionReview | None, named("submissionReview", _review_or_absent)] = None


def read_line_item(sent: object, url: str) -> LineItem:
    """The line item that `sent`, a part of the answer of `url`, stands for. Its `id` becomes absolute.

    Raises:
        Malformed: it is none.
    """
    item: LineItem = converter.get_structure_hook(LineItem)(sent, LineItem)
    if item.resource_link_id is None:
        others = (text_or_absent(item.claims[name], str) for name in _OLD_NAMES if item.claims.get(name) is not None)
        item = evolve(item, resource_link_id=next(others, None))
    try:
        return evolve(item, id=urljoin(url, item.id)) if item.id else item
    except ValueError:
        raise Malformed("id", "must be an address") from None


def line_item_members(item: LineItem) -> dict[str, object]:
    """The JSON of a line item: all that the platform sent of it, and over that what was changed since."""
    before = _before(LineItem, item.claims)
    members = {name: value for name, value in _members(item, before, _NAMES).items() if value is not None}
    if item.resource_link_id is None or members.get("resourceLinkId") != item.claims.get("resourceLinkId"):
        members = {name: value for name, value in members.items() if name not in _OLD_NAMES}
    return {**members, "label": item.label, "scoreMaximum": item.score_maximum}


def as_it_was_read(item: LineItem) -> LineItem | None:
    """The line item as the platform sent it; None when it was made here."""
    return _before(LineItem, item.claims)


_OLD_NAMES = ("ltiLinkId", "lti_link_id")
_NAMES = {
    "id": "id",
    "resource_link_id": "resourceLinkId",
    "resource_id": "resourceId",
    "tag": "tag",
    "starts_at": "startDateTime",
    "ends_at": "endDateTime",
    "grades_released": "gradesReleased",
    "submission_review": "submissionReview",
}
_REVIEW_NAMES = {"reviewable_status": "reviewableStatus", "label": "label", "url": "url", "custom": "custom"}


def _before(kind: type[Kind], claims: Mapping[str, object]) -> Kind | None:
    """The value as it was read; None when it was never read, but made here."""
    try:
        return converter.get_structure_hook(kind)(dict(claims), kind) if claims else None
    except Malformed:
        return None


def _members(value: Claimed, before: Claimed | None, names: Mapping[str, str]) -> dict[str, object]:
    members = dict(value.claims)
    for attribute, member in names.items():
        now = getattr(value, attribute)
        if before is None or now != getattr(before, attribute):
            members.pop(member, None)
            if now not in (None, (), {}):
                members[member] = _as_json(now)
    return members


def _as_json(value: Any) -> object:
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, SubmissionReview):
        return _members(value, _before(SubmissionReview, value.claims), _REVIEW_NAMES)
    return value
