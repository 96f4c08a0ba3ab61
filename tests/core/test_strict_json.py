"""JSON from strangers: what everybody reads alike is read, everything else is a ValueError."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.strict_json import MAX_DEPTH, read_json

whole_texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | whole_texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(whole_texts, inner, max_size=4), max_leaves=20
)
jsonish = st.text(st.sampled_from('{}[]",:\\ud8DE0123456789.eE+-ntrfalsNIy \n\t\x00é😀'))


def depth_of(value: object) -> int:
    if isinstance(value, list | dict):
        members = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth_of, members), default=0)
    return 0


@given(values, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_whatever_is_written_comes_back(value: Any, ascii_only: bool, indent: Any) -> None:
    if depth_of(value) <= MAX_DEPTH:
        assert read_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent)) == value


@given(st.text() | jsonish)
def test_any_text_is_a_value_or_a_value_error(text: str) -> None:
    try:
        value = read_json(text)
    except (ValueError, RecursionError):
        return
    assert depth_of(value) <= MAX_DEPTH
    if not any("\ud800" <= character <= "\udfff" for character in text):
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


@given(whole_texts, scalars, scalars)
def test_one_name_never_stands_for_two_values(name: str, first: object, second: object) -> None:
    escaped = "".join(f"\\u{unit:04x}" for unit in memoryview(name.encode("utf-16-le")).cast("H"))
    for twice in (json.dumps(name), f'"{escaped}"'):
        text = f"{{{json.dumps(name)}:{json.dumps(first)},{twice}:{json.dumps(second)}}}"
        for wrapped in (text, f'{{"a":[{text}]}}'):
            with pytest.raises(ValueError, match="twice"):
                read_json(wrapped)


@pytest.mark.parametrize("depth", [1, 5, MAX_DEPTH])
def test_values_may_be_inside_one_another_up_to_the_limit(depth: int) -> None:
    for start, end in (("[", "]"), ('{"a":', "}")):
        assert depth_of(read_json(start * depth + "1" + end * depth)) == depth
        with pytest.raises(ValueError, match="inside one another"):
            read_json(start * (MAX_DEPTH + depth) + "1" + end * (MAX_DEPTH + depth))
        with pytest.raises(ValueError, match="inside one another"):
            read_json(start * 2 + "1" + end * 2, max_depth=1)


def test_brackets_in_texts_and_side_by_side_are_not_depth() -> None:
    wide: list[object] = [{"a": []}] * 200
    assert read_json(json.dumps(wide)) == wide
    for text in ("[" * 500, '"{' * 500, "\\" * 501 + '"[', '\\"[' * 500):
        assert read_json(json.dumps({text: [text]})) == {text: [text]}


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e309", "-1e309", "1" * 400 + "e1", "[1e99999]"])
def test_only_finite_numbers_are_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|large"):
        read_json(text)


def test_numbers_keep_what_they_are() -> None:
    assert read_json("[1, 1.0, -0.0, 1e3, 1e-999]") == [1, 1.0, 0.0, 1000.0, 0.0]
    assert [type(number) for number in read_json("[1, 1.0, 1e3]")] == [int, float, float]  # type: ignore[attr-defined]
    assert math.copysign(1, read_json("-0.0")) == -1  # type: ignore[arg-type]
    assert read_json(str(10**400)) == 10**400


@pytest.mark.parametrize(
    "text", ["01", "+1", ".5", "1.", "0x1", "1_0", "١", "--1", "tru", "True", "None", "'a'", "\x0b1", "\ufeff1"]
)
def test_what_only_some_readers_take_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)


HOSTILE = {
    "quotes": '"' * 100_000,
    "an odd number of quotes": '"' * 100_001,
    "backslashes": "\\" * 100_000,
    "a text of backslashes": '"' + "\\" * 100_001,
    "a text of escaped quotes": '"' + '\\"' * 50_000,
    "opening brackets": "[" * 100_000,
    "opening braces": "{" * 100_000,
    "closing brackets": "]" * 100_000,
    "brackets in turn": "[]" * 50_000,
    "brackets and quotes": '["' * 50_000,
    "quotes and backslashes": '"\\' * 50_000,
    "texts that open": '"[' * 50_000,
    "names that open": '{"a":' * 20_000,
    "blanks": " " * 100_000,
    "digits": "9" * 100_000,
    "a fraction": "0." + "9" * 100_000,
    "an exponent": "1e" + "9" * 100_000,
    "half pairs": '"' + "\\ud83d" * 16_000 + '"',
    "escapes cut short": '"' + "\\u00" * 25_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_long_hostile_texts_are_read_to_their_end(text: str) -> None:
    for whole in (text, "[" * 40 + text, text + "]" * 40, '{"a":' + text + "}", "[" * 33 + '"' + text):
        try:
            read_json(whole)
        except (ValueError, RecursionError):
            continue


def test_a_long_list_and_a_long_text_are_read() -> None:
    assert len(read_json("[" + "[]," * 30_000 + "1]")) == 30_001  # type: ignore[arg-type]
    assert len(read_json('["' + "\\\\" * 100_000 + '"]')[0]) == 100_000  # type: ignore[index]
