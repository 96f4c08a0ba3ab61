"""JSON with exact numbers: read and written digit by digit."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.strict_json import MAX_DEPTH, read_exact_json, read_long_json, refuse_deep, write_json
from tests.core.test_strict_json import HOSTILE, depth_of, jsonish, values, whole_texts

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**300), max_value=10**300)
exact_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**300), 10**300) | decimals | whole_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(whole_texts, inner, max_size=4),
    max_leaves=12,
)


def as_it_is_read(value: Any) -> Any:
    """A Decimal without fraction and exponent is a whole number in JSON."""
    if isinstance(value, Decimal):
        return int(value) if str(value).lstrip("-").isdigit() else value
    if isinstance(value, list):
        return [as_it_is_read(one) for one in value]
    return {name: as_it_is_read(one) for name, one in value.items()} if isinstance(value, dict) else value


@given(exact_values)
def test_numbers_come_back_with_all_their_digits(value: Any) -> None:
    if depth_of(value) <= MAX_DEPTH:
        written = write_json(value)
        assert repr(read_exact_json(written)) == repr(as_it_is_read(value))
        json.loads(written)


@given(values)
def test_what_holds_no_decimal_is_written_as_everybody_reads_it(value: Any) -> None:
    assert json.loads(write_json(value)) == value


def test_a_decimal_is_a_number_and_no_text() -> None:
    sent = {"a": Decimal("8.50"), "b": [Decimal("1E+3"), 0.1, 7], "c": (True, None)}
    assert write_json(sent) == '{"a":8.50,"b":[1E+3,0.1,7],"c":[true,null]}'
    assert read_exact_json("0.1000000000000000055511151231257827") == Decimal("0.1000000000000000055511151231257827")
    assert type(read_exact_json("7")) is int


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_finite_number_is_not_written(number: str) -> None:
    for value in (Decimal(number), float(number.replace("sNaN", "nan"))):
        for sent in ({"a": value}, {"a": [value]}):
            with pytest.raises(ValueError):
                write_json(sent)


@pytest.mark.parametrize("value", [{1: 2}, {None: 1}, [{1: 2}], {"a": object()}, [b"x"], {"a": {1, 2}}])
def test_what_json_does_not_know_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        write_json(value)


def test_half_characters_are_neither_written_nor_read() -> None:
    for value in ("\ud83d", {"\ud83d": 1}, {"a": "\ud83d"}, ["\udc00"]):
        with pytest.raises(ValueError):
            write_json(value)
    for text in ('"\\ud83d"', '{"\\uDC00": 1.5}', '[1.5, "\\ud83d"]'):
        for read in (read_exact_json, read_long_json):
            with pytest.raises(ValueError):
                read(text)
    assert read_exact_json('[1.5, "\\ud83c\\udf38"]') == [Decimal("1.5"), "🌸"]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e309", "-1e99999", "1e-9999999999999999999", "[1,]", "{", "1 2"])
def test_what_is_no_json_or_no_finite_number_is_not_read(text: str) -> None:
    for read in (read_exact_json, read_long_json):
        with pytest.raises(ValueError):
            read(text)


def test_of_a_name_that_stands_twice_only_the_reader_of_long_lists_takes_the_last() -> None:
    with pytest.raises(ValueError, match="twice"):
        read_exact_json('{"a":1,"a":2}')
    assert read_long_json('{"a":1,"a":2}') == {"a": 2}


@pytest.mark.parametrize("depth", [1, 5, MAX_DEPTH])
def test_values_may_be_inside_one_another_up_to_the_limit(depth: int) -> None:
    for start, end in (("[", "]"), ('{"a":', "}")):
        assert depth_of(read_exact_json(start * depth + "1" + end * depth)) == depth
        deep = start * (MAX_DEPTH + depth) + "1" + end * (MAX_DEPTH + depth)
        with pytest.raises(ValueError, match="inside one another"):
            read_exact_json(deep)
        with pytest.raises(ValueError, match="inside one another"):
            refuse_deep(read_long_json(deep))


@given(values, st.integers(0, 4))
def test_depth_is_counted_in_values_as_in_texts(value: Any, most: int) -> None:
    if depth_of(value) <= most:
        refuse_deep(value, most)
    else:
        with pytest.raises(ValueError, match="inside one another"):
            refuse_deep(value, most)


@given(st.text() | jsonish)
def test_any_text_is_a_value_or_a_value_error(text: str) -> None:
    for read in (read_exact_json, read_long_json):
        try:
            read(text)
        except (ValueError, RecursionError):
            continue


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_long_hostile_texts_are_read_to_their_end(text: str) -> None:
    for whole in (text, '{"a":' + text + "}", "[" * 33 + '"' + text):
        for read in (read_exact_json, read_long_json):
            try:
                read(whole)
            except (ValueError, RecursionError):
                continue
