"""Content items as the specification writes them: written, and read again."""

import json
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.deep_linking import (
    ContentItem,
    ContentItemRefused,
    File,
    LtiResourceLink,
    NewLineItem,
    Period,
    SubmissionReview,
    VendorItem,
    content_item_document,
    content_items_from,
)
from tests.deep_linking.picked import EVENING, MORNING, items

HTTPS = "https://tool.example/x"
ICON = {"url": "https://tool.example/icon.png", "width": 64, "height": 64}
WINDOW = {"targetName": "quiz", "width": 800, "height": 600, "windowFeatures": "menubar=no"}
PERIOD = {"startDateTime": "2030-01-10T08:00:00Z", "endDateTime": "2030-01-10T20:00:00Z"}
COMMON = {"title": "Quiz", "text": "Ten questions", "https://vendor.example/colour": {"red": [1, 0.5, None]}}
SHOWN = {**COMMON, "icon": ICON, "thumbnail": ICON}
DOCUMENTS: tuple[dict[str, Any], ...] = (
    {
        "type": "link",
        **SHOWN,
        "url": HTTPS,
        "embed": {"html": "<p>Hi</p>"},
        "window": WINDOW,
        "iframe": {"src": HTTPS, "width": 800, "height": 600},
    },
    {
        "type": "ltiResourceLink",
        **SHOWN,
        "url": HTTPS,
        "window": WINDOW,
        "iframe": {"width": 800, "height": 600},
        "custom": {"quiz": "7", "due": "$ResourceLink.submission.endDateTime"},
        "lineItem": {
            "label": "Quiz grade",
            "scoreMaximum": 20,
            "resourceId": "quiz-7",
            "tag": "score",
            "gradesReleased": False,
            "submissionReview": {
                "reviewableStatus": ["Submitted", "Completed"],
                "label": "Open the essay",
                "url": HTTPS,
                "custom": {"view": "marking"},
            },
            "https://vendor.example/submission_type": {"type": "none"},
        },
        "available": PERIOD,
        "submission": {"endDateTime": "2030-01-10T20:00:00.250000Z"},
    },
    {"type": "file", **SHOWN, "url": HTTPS, "mediaType": "application/pdf", "expiresAt": "2030-01-10T08:00:00Z"},
    {"type": "html", **COMMON, "html": "<h1>Hi</h1>"},
    {"type": "image", **COMMON, "url": HTTPS, "width": 90, "height": 60},
    {"type": "https://vendor.example/card", "x": 1, "title": "A card"},
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["type"])
def test_every_property_of_every_type_is_read_and_written(document: dict[str, Any]) -> None:
    (item,) = content_items_from([document])
    assert item.type == document["type"]
    assert content_item_document(item) == document


@given(st.lists(items, max_size=3))
def test_what_is_written_is_read_as_the_same(picked: list[ContentItem]) -> None:
    sent = json.loads(json.dumps([content_item_document(item) for item in picked]))
    assert content_items_from(sent) == tuple(picked)
    assert [content_item_document(item) for item in content_items_from(sent)] == sent


def test_what_is_not_given_is_left_out() -> None:
    assert content_item_document(LtiResourceLink()) == {"type": "ltiResourceLink"}
    empty = LtiResourceLink(
        title="", custom={}, line_item=NewLineItem(score_maximum=1, submission_review=SubmissionReview())
    )
    assert content_item_document(empty) == {
        "type": "ltiResourceLink",
        "title": "",
        "custom": {},
        "lineItem": {"scoreMaximum": 1, "submissionReview": {}},
    }


def test_times_are_written_in_utc() -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    item = LtiResourceLink(available=Period(start=MORNING.astimezone(there), end=EVENING.astimezone(there)))
    assert content_item_document(item)["available"] == PERIOD


@pytest.mark.parametrize(
    "time", ["2030-01-10T08:00:00Z", "2030-01-10T09:00:00+01:00", "2030-01-10T08:00:00.000+00:00", "20300110T080000Z"]
)
def test_times_are_read_in_every_form_of_iso_8601(time: str) -> None:
    (item,) = content_items_from([{"type": "file", "url": HTTPS, "expiresAt": time}])
    assert isinstance(item, File)
    assert item.expires_at == MORNING


def test_a_member_that_is_null_counts_as_absent() -> None:
    (item,) = content_items_from([{"type": "ltiResourceLink", "url": None, "lineItem": None, "custom": None}])
    assert item == LtiResourceLink()


def test_an_item_of_a_vendors_type_keeps_what_it_says() -> None:
    (item,) = content_items_from([{"type": "https://vendor.example/card", "x": None}])
    assert item == VendorItem(type="https://vendor.example/card", properties={"x": None})


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("text", "item_malformed"),
        (None, "item_malformed"),
        ([], "item_malformed"),
        ({}, "type_malformed"),
        ({"type": "card"}, "type_malformed"),
        ({"type": ["link"]}, "type_malformed"),
        ({"type": {"a": 1}}, "type_malformed"),
        ({"type": "LTIRESOURCELINK"}, "type_malformed"),
        ({"type": "link"}, "url_missing"),
        ({"type": "link", "url": ""}, "url_missing"),
        ({"type": "file", "url": None}, "url_missing"),
        ({"type": "image", "url": "/x.png"}, "url_invalid"),
        ({"type": "ltiResourceLink", "url": "/launch"}, "url_invalid"),
        ({"type": "ltiResourceLink", "icon": {"width": 5}}, "url_missing"),
        ({"type": "link", "url": HTTPS, "iframe": {"width": 5}}, "url_missing"),
        ({"type": "link", "url": HTTPS, "embed": {}}, "html_missing"),
        ({"type": "html"}, "html_missing"),
        ({"type": "ltiResourceLink", "lineItem": {}}, "score_maximum_invalid"),
        ({"type": "ltiResourceLink", "lineItem": {"scoreMaximum": "20"}}, "score_maximum_invalid"),
        ({"type": "ltiResourceLink", "lineItem": {"scoreMaximum": 0}}, "score_maximum_invalid"),
        ({"type": "ltiResourceLink", "lineItem": {"scoreMaximum": 1, "scoreMinimum": 0}}, "property_unknown"),
        ({"type": "ltiResourceLink", "lineItem": 20}, "property_malformed"),
        ({"type": "ltiResourceLink", "lineItem": {"scoreMaximum": 1, "submissionReview": []}}, "property_malformed"),
        ({"type": "ltiResourceLink", "available": {"startDateTime": "tomorrow"}}, "time_invalid"),
        ({"type": "ltiResourceLink", "available": {"startDateTime": "2030-01-10"}}, "time_invalid"),
        ({"type": "ltiResourceLink", "available": {"startDateTime": 1893484800}}, "time_invalid"),
        ({"type": "ltiResourceLink", "submission": {"endDateTime": "2030-01-10T08:00:00"}}, "time_invalid"),
        ({"type": "ltiResourceLink", "custom": {"a": 1}}, "custom_malformed"),
        ({"type": "ltiResourceLink", "custom": {"a": "b\nc"}}, "custom_malformed"),
        ({"type": "ltiResourceLink", "title": 7}, "property_malformed"),
        ({"type": "ltiResourceLink", "iframe": {"width": "800"}}, "property_malformed"),
        ({"type": "ltiResourceLink", "iframe": {"src": HTTPS}}, "property_unknown"),
        ({"type": "link", "url": HTTPS, "lineItem": {"scoreMaximum": 1}}, "property_unknown"),
        ({"type": "link", "url": HTTPS, "extensions": {}}, "property_unknown"),
        ({"type": "link", "url": HTTPS, "score_maximum": 1}, "property_unknown"),
    ],
)
def test_a_wrong_item_is_refused_with_its_code_and_its_position(wrong: Any, code: str) -> None:
    with pytest.raises(ContentItemRefused) as refusal:
        content_items_from([DOCUMENTS[3], wrong, DOCUMENTS[4]])
    assert (refusal.value.code, refusal.value.position) == (f"deep_linking.{code}", 2)
    assert refusal.value.message.startswith("Item 2: ")


@pytest.mark.parametrize("documents", [None, {}, "link", 5, {"items": []}])
def test_items_are_a_list(documents: object) -> None:
    with pytest.raises(ContentItemRefused) as refusal:
        content_items_from(documents)
    assert (refusal.value.code, refusal.value.position) == ("deep_linking.item_malformed", None)


scalars = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text()
NAMES = sorted({name for document in DOCUMENTS for name in document} | {"scoreMaximum", "startDateTime", "width"})
anything = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner), max_leaves=10
)
hostile = st.sampled_from(DOCUMENTS).flatmap(
    lambda document: st.dictionaries(st.sampled_from(NAMES) | st.text(), anything).map(
        lambda more: {**document, **more}
    )
)


@given(st.lists(hostile | anything, max_size=3) | anything)
def test_whatever_is_sent_is_read_or_refused_with_a_code(documents: object) -> None:
    try:
        read = content_items_from(documents)
    except ContentItemRefused:
        return
    json.dumps([content_item_document(item) for item in read], ensure_ascii=False, allow_nan=False).encode()


def test_long_texts_are_read_as_they_are() -> None:
    long = "x/" * 500_000
    document = {"type": "ltiResourceLink", "title": long, "custom": {"a": long}, "url": f"https://tool.example/{long}"}
    (item,) = content_items_from([document])
    assert content_item_document(item) == document
