"""Whatever a program or a form sends is read, or refused."""

import contextlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.reference_tool.reading import (
    fields_of,
    items_of,
    limit_of,
    line_item_of,
    object_of,
    score_of,
    score_of_form,
)
from lti_core.errors import InvalidValue
from lti_core.services.line_items import CreateLineItem
from lti_core.services.scores import Score

NAMES = st.sampled_from(
    ["user_id", "given", "maximum", "comment", "tag", "line_item", "label", "score_maximum", "items"]
)
NUMBERS = {"given": "Score", "maximum": "Maximum"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=10,
)
LONG = 1_000_000


@given(st.binary())
def test_any_body_is_an_object_or_refused(body: bytes) -> None:
    with contextlib.suppress(InvalidValue):
        assert isinstance(object_of(body), dict)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_any_members_are_read_or_refused(members: dict[str, object]) -> None:
    with contextlib.suppress(InvalidValue):
        sent = object_of(json.dumps(members).encode())
        for read in (score_of, items_of):
            with contextlib.suppress(InvalidValue):
                read(sent)
        CreateLineItem("https://lms.example/lineitems", line_item_of(sent))


@given(st.lists(st.tuples(NAMES, st.text()), max_size=4))
def test_any_form_is_read_or_refused(form: list[tuple[str, str]]) -> None:
    with contextlib.suppress(InvalidValue):
        score_of_form(fields_of(form, numbers=NUMBERS))


def test_a_form_is_read_with_its_numbers() -> None:
    form = [("user_id", "5"), ("given", "7.50"), ("maximum", "10"), ("comment", ""), ("tag", "5")]
    sent = score_of(fields_of(form, numbers=NUMBERS))
    assert (sent.score, sent.tag) == (Score(user_id="5", given=Decimal("7.50"), maximum=Decimal(10)), "5")


@pytest.mark.parametrize(
    ("text", "number"),
    [("8", 8), ("7.50", "7.5"), (".5", "0.5"), ("5.", 5), ("1e2", 100), ("5E-1", "0.5"), (" 8 ", 8), ("1e+1", 10)],
)
def test_a_number_is_read_as_browsers_send_it(text: str, number: object) -> None:
    assert fields_of([("given", text)], numbers=NUMBERS) == {"given": Decimal(number)}


@pytest.mark.parametrize(
    "text", ["abc", "8,5", "-1", "+5", "1e", "e2", ".", " ", "NaN", "Infinity", "٥", "8\n9", "1e9999"]
)
def test_what_is_no_number_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"Score must be a number .* as 8\.5") as refused:
        fields_of([("given", text)], numbers=NUMBERS)
    assert refused.value.code == "tool.number_malformed"


@pytest.mark.parametrize("text", ["1" * LONG, "1." + "1" * LONG, "-" * LONG, "0" * LONG + "x", "1e" + "1" * LONG])
def test_a_long_number_is_none(text: str) -> None:
    with pytest.raises(InvalidValue):
        fields_of([("given", text)], numbers=NUMBERS)
    with pytest.raises(InvalidValue):
        limit_of({"limit": text})


def test_deep_bodies_are_refused() -> None:
    for deep in (b"[" * LONG, b'{"a":' * LONG, b'{"a":' + b"[" * 100 + b"]" * 100 + b"}"):
        with pytest.raises(InvalidValue):
            object_of(deep)
