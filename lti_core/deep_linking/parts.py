"""What content items are made of. Everything is checked when it is made (`ContentItemRefused`).

Source: Deep Linking 2.0, Content item types; Submission Review 1.0, Line item property.
"""

from collections.abc import Mapping
from datetime import datetime

from attrs import Attribute, field, frozen
from attrs.validators import optional

from lti_core.deep_linking import checks
from lti_core.deep_linking.checks import MEMBER, SPEC, ContentItemRefused


@frozen(kw_only=True)
class Part:
    """What all items and their parts have.

    Attributes:
        extensions: properties that the specification does not have. Their names are absolute addresses, their values
            what JSON can hold; a copy is kept.
    """

    extensions: Mapping[str, object] = field(
        factory=dict, converter=checks.json_kept, validator=checks.extensions, hash=False, repr=False
    )


@frozen(kw_only=True)
class Icon(Part):
    """An image beside an item, as its icon or its thumbnail.

    Attributes:
        width, height: pixels. Open edX refuses images without them.
    """

    url: str = field(validator=checks.url)
    width: int | None = field(default=None, validator=optional(checks.pixels))
    height: int | None = field(default=None, validator=optional(checks.pixels))


@frozen(kw_only=True)
class Embed(Part):
    """HTML that shows a link's content in place."""

    html: str = field(validator=checks.html)


@frozen(kw_only=True)
class Window(Part):
    """How an item opens in a window of its own.

    Attributes:
        target_name: of the window, so that several items may share one.
        window_features: as of `window.open`, `name=value,...`.
    """

    target_name: str | None = field(default=None, validator=optional(checks.text))
    width: int | None = field(default=None, validator=optional(checks.pixels))
    height: int | None = field(default=None, validator=optional(checks.pixels))
    window_features: str | None = field(default=None, validator=optional(checks.text))


@frozen(kw_only=True)
class Iframe(Part):
    """The size in pixels of the frame that a resource link opens in."""

    width: int | None = field(default=None, validator=optional(checks.pixels))
    height: int | None = field(default=None, validator=optional(checks.pixels))


@frozen(kw_only=True)
class LinkIframe(Part):
    """The frame that a link is shown in: what stands in it, and its size in pixels. Open edX demands all three."""

    src: str = field(validator=checks.url)
    width: int | None = field(default=None, validator=optional(checks.pixels))
    height: int | None = field(default=None, validator=optional(checks.pixels))


@frozen(kw_only=True)
class Period(Part):
    """From when to when; each end may be open. Both are aware date-times, and are kept in UTC."""

    start: datetime | None = field(
        default=None, converter=checks.utc_kept, validator=optional(checks.time), metadata={MEMBER: "startDateTime"}
    )
    end: datetime | None = field(
        default=None, converter=checks.utc_kept, validator=optional(checks.time), metadata={MEMBER: "endDateTime"}
    )

    @end.validator
    def _in_order(self, _: "Attribute[datetime | None]", end: datetime | None) -> None:
        if self.start is not None and end is not None and end < self.start:
            raise ContentItemRefused("deep_linking.time_invalid", "A period must not end before it starts.", SPEC)


@frozen(kw_only=True)
class SubmissionReview(Part):
    """That work behind a grade can be looked at here, from the platform's gradebook. Without any value it can, too.

    Attributes:
        reviewable_status: the AGS progress values for which that makes sense, as `("Submitted", "Completed")`; empty:
            for none yet. None says nothing.
        label: of the link in the gradebook.
        url: where the review leads; else to the address of the resource link.
        custom: overlays the resource link's custom parameters.
    """

    reviewable_status: tuple[str, ...] | None = field(
        default=None, converter=checks.words_kept, validator=optional(checks.progress)
    )
    label: str | None = field(default=None, validator=optional(checks.text))
    url: str | None = field(default=None, validator=optional(checks.url))
    custom: Mapping[str, str] | None = field(
        default=None, converter=checks.texts_kept, validator=optional(checks.custom), hash=False
    )


@frozen(kw_only=True)
class NewLineItem(Part):
    """The column of the gradebook that the platform is to make for a resource link.

    Later launches of the link name it in `launch.endpoint.line_item`.

    Attributes:
        score_maximum: above 0. Moodle takes whole numbers from 1 to 100 only.
        label: else the item's title.
        resource_id, tag: the tool's own words for it; they come back with the line item.
        grades_released: whether learners see the grade at once.
    """

    score_maximum: float = field(validator=checks.score_maximum)
    label: str | None = field(default=None, validator=optional(checks.text))
    resource_id: str | None = field(default=None, validator=optional(checks.text))
    tag: str | None = field(default=None, validator=optional(checks.text))
    grades_released: bool | None = field(default=None, validator=optional(checks.boolean))
    submission_review: SubmissionReview | None = field(
        default=None, validator=optional(checks.of_class(SubmissionReview))
    )
