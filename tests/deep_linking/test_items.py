"""Content items are checked when they are made."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from lti_core.deep_linking import (
    ContentItemRefused,
    Embed,
    File,
    HtmlFragment,
    Icon,
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
from lti_core.errors import InvalidValue, LtiError
from tests.deep_linking.picked import EVENING, MORNING

HTTPS = "https://tool.example/x"
HALF = "\ud800"


def code_of(make: Callable[[], object]) -> str:
    with pytest.raises(ContentItemRefused) as refusal:
        make()
    assert isinstance(refusal.value, InvalidValue)
    assert refusal.value.position is None
    return refusal.value.code


@pytest.mark.parametrize("kind", [Link, File, Image, Icon])
@pytest.mark.parametrize("url", [None, ""])
def test_what_is_shown_from_somewhere_needs_an_address(kind: Any, url: Any) -> None:
    assert code_of(lambda: kind(url=url)) == "deep_linking.url_missing"
    assert code_of(lambda: LinkIframe(src=url)) == "deep_linking.url_missing"


def test_a_resource_link_needs_no_address() -> None:
    assert LtiResourceLink().url is None


@pytest.mark.parametrize(
    "url",
    [
        "/lti/launch",
        "tool.example",
        "ftp://tool.example/x",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://tool.example/a b",
        "https://tool.example\\@evil.example",
        "https://tool.example/\n",
        "https://[::1/x",
        "https://tool.example:0/x",
        "https://tool.example:99999/x",
        "https://tool.example/" + HALF,
        b"https://tool.example/x",
        7,
    ],
)
@pytest.mark.parametrize("make", [Link, LtiResourceLink, File, Image, Icon, SubmissionReview])
def test_an_address_must_be_absolute_and_of_the_web(make: Any, url: Any) -> None:
    assert code_of(lambda: make(url=url)) == "deep_linking.url_invalid"
    assert code_of(lambda: LinkIframe(src=url)) == "deep_linking.url_invalid"


@pytest.mark.parametrize("url", ["https://tool.example", "http://127.0.0.1:8000/x?a=1#b", "https://tööl.example/é"])
def test_an_absolute_address_is_kept_as_it_is(url: str) -> None:
    assert Link(url=url).url == url


@pytest.mark.parametrize("kind", [HtmlFragment, Embed])
def test_html_must_not_be_empty(kind: Any) -> None:
    assert code_of(lambda: kind(html="")) == "deep_linking.html_missing"
    assert code_of(lambda: kind(html=None)) == "deep_linking.html_missing"
    assert code_of(lambda: kind(html=b"<p>")) == "deep_linking.property_malformed"


@pytest.mark.parametrize("maximum", [0, -1, 0.0, float("nan"), float("inf"), 10**400, True, "20", None, [20], 1 + 2j])
def test_a_maximum_score_is_a_number_above_zero(maximum: Any) -> None:
    assert code_of(lambda: NewLineItem(score_maximum=maximum)) == "deep_linking.score_maximum_invalid"


def test_a_maximum_score_that_a_token_cannot_hold_says_what_it_can() -> None:
    with pytest.raises(ContentItemRefused, match="an int or a float"):
        NewLineItem(score_maximum=Decimal("7.5"))  # type: ignore[arg-type]


@pytest.mark.parametrize("maximum", [1, 20, 0.5, 7.5, 150])
def test_a_maximum_score_may_have_parts(maximum: float) -> None:
    assert NewLineItem(score_maximum=maximum).score_maximum == maximum


AWKWARD = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))


@pytest.mark.parametrize("time", [datetime(2030, 1, 10), "2030-01-10T08:00:00Z", 1893484800, MORNING.date(), AWKWARD])
def test_a_time_has_its_zone(time: Any) -> None:
    assert code_of(lambda: Period(start=time)) == "deep_linking.time_invalid"
    assert code_of(lambda: Period(end=time)) == "deep_linking.time_invalid"
    assert code_of(lambda: File(url=HTTPS, expires_at=time)) == "deep_linking.time_invalid"


def test_a_period_does_not_end_before_it_starts() -> None:
    assert code_of(lambda: Period(start=EVENING, end=MORNING)) == "deep_linking.time_invalid"
    assert Period(start=MORNING, end=MORNING)
    earlier_by_the_clock_on_the_wall = MORNING.astimezone(timezone(timedelta(hours=-9)))
    assert Period(start=MORNING, end=earlier_by_the_clock_on_the_wall)


class TurnedBack(tzinfo):
    """A place in the night in which its clocks are turned back: two o'clock comes twice."""

    def utcoffset(self, time: datetime | None) -> timedelta:
        return timedelta(hours=1 if time is not None and time.fold else 2)


def test_a_period_may_begin_and_end_while_clocks_are_turned_back() -> None:
    summer = datetime(2030, 10, 27, 2, 45, tzinfo=TurnedBack())
    winter = datetime(2030, 10, 27, 2, 15, tzinfo=summer.tzinfo, fold=1)
    period = Period(start=summer, end=winter)
    assert period.start is not None
    assert period.end is not None
    assert period.end - period.start == timedelta(minutes=30)
    assert code_of(lambda: Period(start=winter, end=summer)) == "deep_linking.time_invalid"


@pytest.mark.parametrize(
    "custom",
    [
        {"": "7"},
        {"quiz": 7},
        {"quiz": None},
        {7: "quiz"},
        {"quiz": "7\nadmin=1"},
        {"quiz": "7\r"},
        {"quiz\nadmin": "1"},
        {"quiz": HALF},
        [("quiz", "7")],
        "quiz=7",
    ],
)
@pytest.mark.parametrize("make", [LtiResourceLink, SubmissionReview])
def test_custom_parameters_are_texts_of_one_line(make: Any, custom: Any) -> None:
    assert code_of(lambda: make(custom=custom)) == "deep_linking.custom_malformed"


def test_custom_parameters_may_be_empty_and_hold_variables() -> None:
    assert LtiResourceLink(custom={}).custom == {}
    assert LtiResourceLink(custom={"due": "$ResourceLink.submission.endDateTime", "none": ""}).custom is not None


@pytest.mark.parametrize("kind", ["card", "", None, "/card", 7, "urn:card", "ltiAssetProcessor"])
def test_a_type_of_ones_own_is_an_absolute_address(kind: Any) -> None:
    assert code_of(lambda: VendorItem(type=kind)) == "deep_linking.type_malformed"


@pytest.mark.parametrize("properties", [None, {"type": "x"}, {"x": object()}, {"x": float("inf")}, {"x": HALF}, 5])
def test_an_item_of_ones_own_holds_what_json_can(properties: Any) -> None:
    make = lambda: VendorItem(type="https://vendor.example/card", properties=properties)  # noqa: E731
    assert code_of(make) == "deep_linking.property_malformed"


def test_a_property_of_ones_own_is_called_by_an_address() -> None:
    assert code_of(lambda: Link(url=HTTPS, extensions={"colour": "red"})) == "deep_linking.property_unknown"
    assert code_of(lambda: Link(url=HTTPS, extensions={"title": "x"})) == "deep_linking.property_unknown"
    assert code_of(lambda: Link(url=HTTPS, extensions=None)) == "deep_linking.property_malformed"  # type: ignore[arg-type]
    assert NewLineItem(score_maximum=1, extensions={HTTPS: {"any": [1, None]}}).extensions == {
        HTTPS: {"any": [1, None]}
    }


def test_a_property_of_ones_own_is_not_endlessly_deep() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert code_of(lambda: Link(url=HTTPS, extensions={HTTPS: deep})) == "deep_linking.property_malformed"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Link(url=HTTPS, title=7),
        lambda: Link(url=HTTPS, title=HALF),
        lambda: Image(url=HTTPS, text=b"x"),
        lambda: Image(url=HTTPS, width=0),
        lambda: Image(url=HTTPS, width=-5),
        lambda: Image(url=HTTPS, width=1.5),
        lambda: Image(url=HTTPS, width=True),
        lambda: Image(url=HTTPS, width="90"),
        lambda: Image(url=HTTPS, width=10**400),
        lambda: Window(window_features=7),
        lambda: Link(url=HTTPS, icon={"url": HTTPS}),
        lambda: Link(url=HTTPS, icon=HTTPS),
        lambda: LtiResourceLink(line_item=20),
        lambda: LtiResourceLink(iframe=LinkIframe(src=HTTPS)),
        lambda: LtiResourceLink(available=MORNING),
        lambda: NewLineItem(score_maximum=1, grades_released="yes"),
        lambda: NewLineItem(score_maximum=1, submission_review={}),
        lambda: SubmissionReview(reviewable_status=("Graded",)),
        lambda: SubmissionReview(reviewable_status="Submitted"),
        lambda: SubmissionReview(reviewable_status=([],)),
        lambda: File(url=HTTPS, media_type="png"),
        lambda: File(url=HTTPS, media_type="image/"),
        lambda: File(url=HTTPS, media_type="image/png, image/gif"),
        lambda: File(url=HTTPS, media_type="x/" + "y" * 200_000 + ","),
    ],
)
def test_a_property_of_another_shape_is_refused(make: Callable[[], object]) -> None:
    assert code_of(make) == "deep_linking.property_malformed"


def test_a_refusal_names_the_property_as_the_specification_does() -> None:
    with pytest.raises(LtiError, match="gradesReleased must be true or false"):
        NewLineItem(score_maximum=1, grades_released=1)  # type: ignore[arg-type]


def test_items_cannot_be_changed_not_even_through_what_they_were_made_of() -> None:
    custom, inner = {"quiz": "7"}, [1]
    item = LtiResourceLink(custom=custom, extensions={HTTPS: inner})
    custom["quiz"], inner[0] = "8", 2
    assert item.custom == {"quiz": "7"}
    assert item.extensions == {HTTPS: [1]}
    with pytest.raises(FrozenInstanceError):
        item.title = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        item.custom["quiz"] = "8"  # type: ignore[index]


def test_items_are_values() -> None:
    one, same = (LtiResourceLink(title="Quiz", custom={"a": "b"}) for _ in range(2))
    assert one == same
    assert len({one, same}) == 1
    assert one != LtiResourceLink(title="Quiz", custom={"a": "c"})
    assert Period(start=MORNING) == Period(start=MORNING.astimezone(timezone(timedelta(hours=2))))
    assert MORNING.tzinfo is UTC
