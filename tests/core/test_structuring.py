"""Claims become values: strictly, converting nothing in silence, and keeping what is not understood."""

from collections.abc import Mapping
from typing import Annotated, Any

import pytest
from attrs import evolve, field, frozen, validators
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from lti_core import claims as c
from lti_core.errors import LaunchRefused
from lti_core.structuring import OURS, Claimed, lenient_bool, pixels, structure, texts_of
from tests import good
from tests.good import CLAIMS, DEEP_LINKING, REVIEW, without

VENDOR = "https://vendor.example/inner"


@frozen(kw_only=True)
class Deeper(Claimed):
    """A value inside a value."""

    name: str | None = None


@frozen(kw_only=True)
class Inner(Claimed):
    """A value inside another."""

    name: str | None = None
    deeper: Deeper | None = None


@frozen(kw_only=True)
class Box(Claimed):
    """One field of each kind."""

    label: str
    count: int | None = None
    open: bool | None = None
    tags: c.TextList = ()
    sizes: tuple[int, ...] = ()
    inner: Annotated[Inner | None, c.named(VENDOR)] = None
    width: c.Pixels = None
    switched: Annotated[bool | None, c.named("switched", lenient_bool)] = None
    texts: Annotated[Mapping[str, str], c.named("texts", texts_of)] = field(factory=dict, hash=False)
    owner: Annotated[str, OURS] = "nobody"


NAMES = ("label", "count", "open", "tags", "sizes", VENDOR, "width", "switched", "texts", "owner")


def problem(sent: object, name: str = "box") -> str:
    with pytest.raises(LaunchRefused) as refusal:
        structure(Box, sent, name)
    assert refusal.value.code == "launch.claim_malformed"
    assert refusal.value.found in refusal.value.message  # type: ignore[operator]
    return f"{refusal.value.found}: {refusal.value.message}"


def test_null_counts_as_absent() -> None:
    sent = dict.fromkeys(NAMES[1:-1])
    box = structure(Box, {"label": "a", **sent})
    assert box == evolve(structure(Box, {"label": "a"}), claims=box.claims)
    assert (box.count, box.tags, box.inner, dict(box.texts)) == (None, (), None, {})
    assert box.claims["count"] is None


def test_what_is_required_may_not_be_null_or_absent() -> None:
    assert problem({}) == "box.label: The claim box.label is missing."
    assert problem({"label": None}) == "box.label: The claim box.label is missing."


@pytest.mark.parametrize(
    ("member", "path"),
    [
        ({"label": 5}, "box.label"),
        ({"label": True}, "box.label"),
        ({"label": ["a"]}, "box.label"),
        ({"label": {"a": 1}}, "box.label"),
        ({"count": "5"}, "box.count"),
        ({"count": 5.0}, "box.count"),
        ({"count": True}, "box.count"),
        ({"open": 1}, "box.open"),
        ({"open": "true"}, "box.open"),
        ({"tags": {"a": 1}}, "box.tags"),
        ({"tags": [1]}, "box.tags"),
        ({"tags": [None]}, "box.tags"),
        ({"sizes": "123"}, "box.sizes"),
        ({"sizes": {"1": 2}}, "box.sizes"),
        ({"sizes": [1, "2"]}, "box.sizes"),
        ({VENDOR: []}, f"box.{VENDOR}"),
        ({VENDOR: "a"}, f"box.{VENDOR}"),
        ({VENDOR: {"name": 1}}, f"box.{VENDOR}.name"),
        ({VENDOR: {"deeper": {"name": 1}}}, f"box.{VENDOR}.deeper.name"),
        ({"switched": "yes"}, "box.switched"),
        ({"switched": 1}, "box.switched"),
        ({"switched": ["true"]}, "box.switched"),
        ({"texts": [["a", "b"]]}, "box.texts"),
        ({"texts": "ab"}, "box.texts"),
    ],
)
def test_a_value_of_another_shape_is_refused_with_the_path_to_it(member: dict[str, object], path: str) -> None:
    assert problem({"label": "a", **member}).startswith(f"{path}: The claim {path} must be ")


@pytest.mark.parametrize("sent", [None, [], "box", 5, True, [["label", "a"]], ("label", "a")])
def test_what_is_no_object_is_refused_by_its_name(sent: object) -> None:
    assert problem(sent).startswith("box: The claim box must be an object")


def test_the_refusal_holds_the_path_and_not_the_value() -> None:
    assert "secret" not in problem({"label": ["secret"]})


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        ({**CLAIMS, c.CONTEXT: {"id": "c-3", "label": 1}}, f"{c.CONTEXT}.label"),
        ({**CLAIMS, c.CONTEXT: {"id": "c-3", "type": [1]}}, f"{c.CONTEXT}.type"),
        ({**CLAIMS, c.CONTEXT: []}, c.CONTEXT),
        ({**CLAIMS, c.RESOURCE_LINK: {"id": "r", "title": []}}, f"{c.RESOURCE_LINK}.title"),
        ({**CLAIMS, c.LAUNCH_PRESENTATION: []}, c.LAUNCH_PRESENTATION),
        ({**CLAIMS, c.EXT: "moodle-2"}, c.EXT),
        ({**CLAIMS, c.TOOL_PLATFORM: {"guid": "g", "version": 4.5}}, f"{c.TOOL_PLATFORM}.version"),
        ({**CLAIMS, c.LIS: "none"}, c.LIS),
        ({**CLAIMS, c.LTI11_LEGACY_USER_ID: 7}, c.LTI11_LEGACY_USER_ID),
        ({**CLAIMS, c.CUSTOM: "a=b"}, c.CUSTOM),
        ({**CLAIMS, "email": ["a@b.example"]}, "email"),
        ({**REVIEW, c.FOR_USER: {"user_id": "u", "roles": "Learner"}}, f"{c.FOR_USER}.roles"),
        (
            {
                **DEEP_LINKING,
                c.DEEP_LINKING_SETTINGS: {**DEEP_LINKING[c.DEEP_LINKING_SETTINGS], "accept_multiple": "maybe"},
            },
            f"{c.DEEP_LINKING_SETTINGS}.accept_multiple",
        ),
    ],
)
def test_a_malformed_claim_of_a_launch_is_named(claims: dict[str, object], path: str) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        good.launch(claims)
    assert (refusal.value.code, refusal.value.found) == ("launch.claim_malformed", path)


def test_what_is_not_known_stays_readable() -> None:
    sent = {"label": "a", "colour": {"deep": [1, None]}, VENDOR: {"weight": 5, "name": None}}
    box = structure(Box, sent)
    assert box.claims == sent
    assert box.inner is not None
    assert box.inner.claims == {"weight": 5, "name": None}


def test_vendor_members_of_a_launch_stay_readable_where_they_were_sent() -> None:
    vendor = {"https://vendor.example/color": "red"}
    launch = good.launch({**CLAIMS, **vendor, c.CONTEXT: {"id": "c-3", **vendor}})
    assert launch.claims["https://vendor.example/color"] == "red"
    assert launch.context is not None
    assert launch.context.claims["https://vendor.example/color"] == "red"


def test_a_platform_cannot_fill_in_what_is_ours() -> None:
    forged = {"label": "a", "owner": "the platform", "claims": {"label": "forged"}}
    assert structure(Box, forged).owner == "nobody"
    assert structure(Box, forged, owner="us").owner == "us"
    assert structure(Box, forged).claims == forged


@pytest.mark.parametrize(
    "name", ["client_id", "user", "context", "resource_link", "claims", "warnings", "checks", "tenant", "roles"]
)
def test_a_claim_with_the_name_of_an_attribute_changes_nothing(name: str) -> None:
    expected, launch = good.launch(), good.launch({**CLAIMS, name: "forged"})
    for attribute in ("client_id", "user", "context", "resource_link", "roles", "custom", "warnings", "checks"):
        before, after = getattr(expected, attribute), getattr(launch, attribute)
        assert getattr(after, "key", after) == getattr(before, "key", before)
    assert launch.claims[name] == "forged"


def test_values_cannot_be_changed() -> None:
    launch = good.launch()
    for value, name in (
        (launch, "roles"),
        (launch, "unheard_of"),
        (launch.user, "id"),
        (launch.context, "label"),
        (launch.resource_link, "id"),
        (launch.roles, "names"),
        (structure(Box, {"label": "a"}), "label"),
    ):
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(value, name, "changed")
    for mapping in (launch.claims, launch.custom, structure(Box, {"label": "a"}).claims):
        with pytest.raises(TypeError):
            mapping["added"] = "x"  # type: ignore[index]


def test_known_quirks_are_read() -> None:
    assert [lenient_bool(value, bool) for value in (True, False, "true", "false")] == [True, False, True, False]
    assert [pixels(value, int) for value in (600, "600", 600.7, "0")] == [600, 600, 600, 0]
    texts = structure(Box, {"label": "a", "texts": {"a": 1, "b": True, "c": None, "d": {"é": [None]}}}).texts
    assert texts == {"a": "1", "b": "true", "d": '{"é": [null]}'}
    assert structure(Box, {"label": "a", "tags": "alone"}).tags == ("alone",)


def test_a_launch_without_what_may_be_absent_is_read() -> None:
    optional = [name for name in CLAIMS if name in (c.CONTEXT, c.TOOL_PLATFORM, c.CUSTOM, c.LAUNCH_PRESENTATION)]
    launch = good.launch(without(CLAIMS, *optional, "name", "email"))
    assert (launch.context, launch.tool_platform, launch.launch_presentation) == (None, None, None)
    assert (dict(launch.custom), launch.user.name, launch.user.email) == ({}, None, None)


numbers = st.integers() | st.just(10**400) | st.floats(allow_nan=False, allow_infinity=False)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(NAMES), anything))
def test_any_object_is_read_or_refused_by_name(sent: dict[str, object]) -> None:
    try:
        box = structure(Box, sent, "box")
    except LaunchRefused as refusal:
        named = str(refusal.found)
    else:
        named = "box.label"
        assert box.claims == sent
        assert type(box.label) is str
        assert type(box.count) in (int, type(None))
    assert named.removeprefix("box.").startswith(NAMES)


@frozen(kw_only=True)
class Careful(Claimed):
    """A class of a user's own, which does something when a value is made."""

    label: str = field(converter=str.upper, validator=validators.max_len(3))


def test_a_class_that_converts_and_checks_does_so_here_too() -> None:
    assert structure(Careful, {"label": "abc", "more": 1}) == Careful(label="abc", claims={"label": "abc", "more": 1})
    with pytest.raises(ValueError, match="label"):
        structure(Careful, {"label": "abcd"})
