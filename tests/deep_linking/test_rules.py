"""What a platform does not accept is refused, or left out with a warning, before anything is sent."""

from collections.abc import Sequence
from typing import Any

import pytest

from lti_core import claims as c
from lti_core.deep_linking import (
    ContentItem,
    ContentItemRefused,
    DeepLinkingResponse,
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
    VendorItem,
    Window,
    deep_linking_response,
)
from lti_core.errors import InvalidValue
from lti_core.messages import LaunchMessage
from lti_core.rules.rule import TargetUrls
from tests import good
from tests.deep_linking.picked import GRADED, PAGE, QUIZ, request
from tests.fakes import NOON, TOOL_KEY

CARD = VendorItem(type="https://vendor.example/card")
HTTPS = "https://tool.example/x"


def answer(launch: LaunchMessage, *items: ContentItem, **more: Any) -> DeepLinkingResponse:
    return deep_linking_response(launch, items, TOOL_KEY, NOON, **{"own_urls": good.TARGET_URLS, **more})


def refused(launch: LaunchMessage, *items: Any) -> InvalidValue:
    with pytest.raises(InvalidValue) as refusal:
        answer(launch, *items)
    return refusal.value


def warned(response: DeepLinkingResponse) -> Sequence[tuple[str, str]]:
    return [(warning.code, warning.message.partition(":")[0]) for warning in response.warnings]


@pytest.mark.parametrize(
    "item",
    [QUIZ, PAGE, File(url=HTTPS), HtmlFragment(html="<p>"), Image(url=HTTPS), CARD],
    ids=lambda item: item.type,
)
def test_an_item_of_a_type_that_is_not_accepted_is_refused(item: ContentItem) -> None:
    assert answer(request(accept_types=[item.type]), item).items == (item,)
    refusal = refused(request(accept_types=["other"]), item)
    assert (refusal.code, refusal.found) == ("deep_linking.type_not_accepted", item.type)


def test_a_refusal_says_which_item_it_is() -> None:
    refusal = refused(request(accept_types=["ltiResourceLink"]), QUIZ, QUIZ, PAGE)
    assert isinstance(refusal, ContentItemRefused)
    assert refusal.position == 3
    assert refusal.message.startswith("Item 3: ")


def test_several_items_are_refused_where_one_is_accepted() -> None:
    assert refused(request(accept_multiple=False), QUIZ, QUIZ).code == "deep_linking.multiple_not_accepted"
    assert len(answer(request(accept_multiple=False), QUIZ).items) == 1
    assert answer(request(accept_multiple=False)).items == ()


def test_several_items_are_sent_where_the_platform_does_not_say() -> None:
    assert len(answer(request(accept_multiple=None), QUIZ, QUIZ).items) == 2


def test_a_line_item_is_refused_where_the_platform_ignores_it() -> None:
    refusal = refused(request(accept_lineitem=False), QUIZ, GRADED)
    assert isinstance(refusal, ContentItemRefused)
    assert (refusal.code, refusal.position) == ("deep_linking.line_item_not_accepted", 2)


def test_a_line_item_is_dropped_where_that_is_wanted() -> None:
    response = answer(request(accept_lineitem=False), QUIZ, GRADED, line_items="drop")
    assert response.items == (QUIZ, QUIZ)
    assert warned(response) == [("deep_linking.line_item_not_accepted", "Item 2")]


@pytest.mark.parametrize("accepts", [True, None])
def test_a_line_item_is_sent_where_it_is_wanted_or_the_platform_does_not_say(accepts: Any) -> None:
    for line_items in ("refuse", "drop"):
        response = answer(request(accept_lineitem=accepts), GRADED, line_items=line_items)
        assert (response.items, response.warnings) == ((GRADED,), ())


SHOWN = Link(url=HTTPS, embed=Embed(html="<p>"), window=Window(width=5), iframe=LinkIframe(src=HTTPS))


@pytest.mark.parametrize(
    ("accepted", "left_out"),
    [
        (["iframe", "window", "embed"], []),
        (["frame", "iframe", "window"], ["embed"]),
        (["embed"], ["window", "iframe"]),
        ([], ["embed", "window", "iframe"]),
    ],
)
def test_ways_to_show_an_item_that_are_not_accepted_are_left_out(accepted: list[str], left_out: list[str]) -> None:
    response = answer(request(accept_presentation_document_targets=accepted), PAGE, SHOWN)
    kept = response.items[1]
    assert [name for name in ("embed", "window", "iframe") if getattr(kept, name) is None] == left_out
    assert warned(response) == ([("deep_linking.target_not_accepted", "Item 2")] if left_out else [])
    assert all(name in str(response.warnings) for name in left_out)


def test_a_resource_links_frame_is_left_out_as_well() -> None:
    item = LtiResourceLink(iframe=Iframe(width=800, height=600))
    response = answer(request(accept_presentation_document_targets=["window"]), item)
    assert response.items == (LtiResourceLink(),)


@pytest.mark.parametrize(
    ("accepted", "media_type", "welcome"),
    [
        ("image/*,text/html", "image/png", True),
        ("image/*,text/html", "IMAGE/PNG", True),
        ("image/*,text/html", "text/html;charset=utf-8", True),
        ("image/*,text/html;q=0.5", "text/html", True),
        ("image/*,text/html", "text/plain", False),
        ("image/png", "image/gif", False),
        ("image", "image/png", False),
        ("*/*", "application/pdf", True),
        ("image/*", None, True),
        ("", "application/pdf", True),
        (None, "application/pdf", True),
        (["image/*", "video/mp4"], "video/mp4", True),
    ],
)
def test_a_file_of_a_media_type_that_is_not_accepted_is_refused(
    accepted: Any, media_type: str | None, welcome: bool
) -> None:
    launch, file = request(accept_media_types=accepted), File(url=HTTPS, media_type=media_type)
    if welcome:
        assert answer(launch, file).items == (file,)
    else:
        assert refused(launch, file).code == "deep_linking.media_type_not_accepted"


def test_what_is_no_content_item_is_refused() -> None:
    assert refused(request(), QUIZ, {"type": "link"}).code == "deep_linking.item_malformed"


@pytest.mark.parametrize(
    ("url", "foreign"),
    [
        (good.TARGET, False),
        (None, False),
        ("https://tool.example/other", True),
        ("https://elsewhere.example/lti/launch", True),
    ],
)
def test_a_resource_link_that_leads_elsewhere_is_warned_about(url: str | None, foreign: bool) -> None:
    response = answer(request(), LtiResourceLink(url=url))
    assert len(response.items) == 1
    assert warned(response) == ([("deep_linking.url_foreign", "Item 1")] if foreign else [])


@pytest.mark.parametrize(
    ("url", "insecure"),
    [("http://tool.example/x", True), ("https://tool.example/x", False), ("http://127.0.0.1:8000/x", False)],
)
def test_an_address_that_is_not_https_is_warned_about(url: str, insecure: bool) -> None:
    response = answer(
        request(), Image(url=url), File(url=url), Link(url=url), LtiResourceLink(url=url), own_urls=TargetUrls.of([url])
    )
    assert warned(response) == [("deep_linking.url_insecure", f"Item {n}") for n in range(1, 5) if insecure]


@pytest.mark.parametrize(("maximum", "doubtful"), [(1, False), (100, False), (10.0, False), (7.5, True), (150, True)])
def test_at_moodle_a_maximum_score_that_it_does_not_save_is_warned_about(maximum: float, doubtful: bool) -> None:
    item = LtiResourceLink(line_item=NewLineItem(score_maximum=maximum))
    moodle = request({c.TOOL_PLATFORM: {"guid": "g", "product_family_code": "moodle"}})
    expected = [("deep_linking.score_maximum_unsupported", "Item 1")] if doubtful else []
    assert warned(answer(moodle, item)) == expected
    assert warned(answer(request(), item)) == []
    assert warned(answer(request({c.TOOL_PLATFORM: None}), item)) == []


def test_an_icon_is_no_way_to_show_an_item() -> None:
    item = Link(url=HTTPS, icon=Icon(url=HTTPS))
    assert answer(request(accept_presentation_document_targets=[]), item).items == (item,)
