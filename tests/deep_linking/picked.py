"""Items that were picked, deep linking requests, and any items at all for properties."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from lti_core import claims as c
from lti_core.deep_linking import (
    Embed,
    File,
    HtmlFragment,
    Icon,
    Iframe,
    Image,
    Link,
    LinkIframe,
    LtiResourceLink,
    NewLineItem,
    Period,
    SubmissionReview,
    VendorItem,
    Window,
)
from lti_core.deep_linking.checks import PROGRESS
from lti_core.launch import restored
from lti_core.messages import LaunchMessage
from tests import good

QUIZ = LtiResourceLink(title="Quiz 7", url=good.TARGET)
GRADED = LtiResourceLink(title="Quiz 7", url=good.TARGET, line_item=NewLineItem(score_maximum=20))
PAGE = Link(url="https://elsewhere.example/page")
MORNING, EVENING = datetime(2030, 1, 10, 8, tzinfo=UTC), datetime(2030, 1, 10, 20, tzinfo=UTC)

EVERYTHING: Mapping[str, Any] = {
    "deep_link_return_url": "https://lms.example/picked?course=3",
    "accept_types": ["ltiResourceLink", "link", "file", "html", "image", "https://vendor.example/card"],
    "accept_presentation_document_targets": ["iframe", "window", "embed"],
    "accept_media_types": "*/*",
    "accept_multiple": True,
    "accept_lineitem": True,
    "data": "keep-me",
}


def request(claims: Mapping[str, Any] | None = None, **settings: Any) -> LaunchMessage:
    """A request that accepts everything, but for `settings`; one that is None is left out."""
    changed = {name: value for name, value in {**EVERYTHING, **settings}.items() if value is not None}
    sent = {**good.DEEP_LINKING, c.DEEP_LINKING_SETTINGS: changed, **(claims or {})}
    return restored(sent, good.REGISTRATION, good.TARGET)


whole = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
words = whole.filter(lambda text: "\n" not in text and "\r" not in text)
urls = st.builds("https://tool.example/{}".format, st.text("abc/?=&%20é", max_size=12))
urls = urls.filter(str.isprintable)
pixels = st.integers(1, 9999)
zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | whole,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(whole, inner, max_size=3),
    max_leaves=5,
)
own = {"extensions": st.dictionaries(urls, json_values, max_size=2)}
customs = st.dictionaries(words.filter(bool), words, max_size=3)


def part(kind: Any, required: Mapping[str, Any] | None = None, **fields: Any) -> Any:
    """Values of that class; each field but the `required` ones may be None."""
    return st.builds(kind, **(required or {}), **{name: st.none() | some for name, some in fields.items()}, **own)


periods = part(Period, start=times) | part(Period, end=times)
icons = part(Icon, {"url": urls}, width=pixels, height=pixels)
windows = part(Window, target_name=whole, width=pixels, height=pixels, window_features=whole)
reviews = part(
    SubmissionReview,
    reviewable_status=st.lists(st.sampled_from(PROGRESS)).map(tuple),
    label=whole,
    url=urls,
    custom=customs,
)
line_items = part(
    NewLineItem,
    {"score_maximum": st.integers(1, 1000) | st.floats(0.01, 1000)},
    label=whole,
    resource_id=whole,
    tag=whole,
    grades_released=st.booleans(),
    submission_review=reviews,
)
described = {"title": whole, "text": whole}
illustrated = {**described, "icon": icons, "thumbnail": icons}
links = part(
    Link,
    {"url": urls},
    **illustrated,
    embed=part(Embed, {"html": whole.filter(bool)}),
    window=windows,
    iframe=part(LinkIframe, {"src": urls}, width=pixels, height=pixels),
)
resource_links = part(
    LtiResourceLink,
    **illustrated,
    url=urls,
    window=windows,
    iframe=part(Iframe, width=pixels, height=pixels),
    custom=customs,
    line_item=line_items,
    available=periods,
    submission=periods,
)
files = part(
    File, {"url": urls}, **illustrated, media_type=st.sampled_from(["image/png", "text/html;a=b"]), expires_at=times
)
fragments = part(HtmlFragment, {"html": whole.filter(bool)}, **described)
images = part(Image, {"url": urls}, **described, width=pixels, height=pixels)
vendor_items = st.builds(
    VendorItem, type=urls, properties=st.dictionaries(whole.filter(lambda name: name != "type"), json_values)
)
items = links | resource_links | files | fragments | images | vendor_items
