"""Where the members of a document stand."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.cli.check.located import Place, Unreadable, located_json, located_toml


def places_of(value: Any, at: Place = ()) -> list[Place]:
    members: Any = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    return [at, *(place for name, member in members for place in places_of(member, (*at, name)))]


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(documents, st.sampled_from([None, 0, 2]), st.booleans())
def test_every_member_of_every_document_is_found(document: Any, indent: int | None, plain: bool) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=plain)
    located = located_json(text)
    assert located.value == document
    assert sorted(map(repr, located.lines)) == sorted(map(repr, places_of(document)))
    assert located.repeated == ()


@given(st.lists(st.text(min_size=1), unique=True, min_size=1))
def test_each_member_is_found_on_its_line(names: list[str]) -> None:
    located = located_json(json.dumps(dict.fromkeys(names, "{[x,]}"), indent=1))
    assert [located.line_of((name,)) for name in names] == [number + 2 for number in range(len(names))]


def test_what_is_missing_stands_where_its_surroundings_do() -> None:
    located = located_json('{\n "a": [\n  {}\n ]\n}')
    assert located.line_of(("a", 0, "gone")) == 3
    assert located.line_of(("gone",)) == 1


def test_a_name_that_stands_twice_is_told_once_and_at_its_second_place() -> None:
    located = located_json('{"a": {"b": 1},\n"a": {"b": 2}}')
    assert located.repeated == (("a",),)
    assert (located.line_of(("a",)), located.line_of(("a", "b"))) == (2, 2)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("{\n 'a': 1}", 2, "Expecting property name enclosed in double quotes (column 2)"),
        ('{"a": "line\nbreak"}', 1, "Invalid control character"),
        ("[" * 100_000, 1, "too deep"),
        ("9" * 5000, 1, "too deep or too long"),
        ("", 1, "Expecting value"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(Unreadable) as refused:
        located_json(text)
    assert refused.value.line == line
    assert problem in str(refused.value)


@given(st.text())
def test_whatever_is_read_is_located_or_refused(text: str) -> None:
    for read in (located_json, located_toml):
        with suppress(Unreadable):
            assert read(text).line_of(("a",)) >= 1


TOML = """
storage.url = "memory://"

[http]
total = 3   # seconds

[registrations.document."https://lms.example"]
client_id = "c1"

[[registrations.document."https://two.example"]]
client_id = "a"
[[registrations.document."https://two.example"]]
client_id = "b"
"""


def test_tables_and_members_of_toml_have_lines() -> None:
    located = located_toml(TOML)
    assert located.line_of(("storage", "url")) == 2
    assert located.line_of(("http", "total")) == 5
    assert located.line_of(("http", "read")) == 4
    at: Place = ("registrations", "document")
    assert located.line_of((*at, "https://lms.example", "client_id")) == 8
    assert located.line_of((*at, "https://two.example", 1, "client_id")) == 13


def test_what_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(Unreadable) as refused:
        located_toml("a = 1\nb = oops\n")
    assert refused.value.line == 2
