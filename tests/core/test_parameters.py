"""Parameters of forms and queries: each that is asked for at most once, of bounded length, of whole characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import LaunchRefused, LoginRefused, LtiError
from lti_core.parameters import single

NAMES = frozenset({"iss", "state"})


def read(*pairs: tuple[str, str], step: str = "login", kind: type[LtiError] = LoginRefused) -> dict[str, str]:
    return dict(single(pairs, NAMES, kind, step, 10))


def refused(*pairs: tuple[str, str]) -> LtiError:
    with pytest.raises(LoginRefused) as refusal:
        read(*pairs)
    return refusal.value


def test_what_is_asked_for_is_read_and_the_rest_is_ignored() -> None:
    assert read(("iss", "a"), ("other", "b"), ("other", "c"), ("ISS", "d"), (" iss", "e")) == {"iss": "a"}
    assert read() == {}


def test_an_empty_value_is_a_value() -> None:
    assert read(("iss", "")) == {"iss": ""}


@pytest.mark.parametrize("second", ["a", "b", ""])
def test_a_parameter_that_is_sent_twice_is_refused(second: str) -> None:
    refusal = refused(("iss", "a"), ("state", "s"), ("iss", second))
    assert (refusal.code, refusal.found) == ("login.parameter_repeated", "iss")
    assert refused(("iss", ""), ("iss", "")).code == "login.parameter_repeated"


def test_a_long_parameter_is_refused_by_its_length_only() -> None:
    assert read(("iss", "x" * 10)) == {"iss": "x" * 10}
    refusal = refused(("iss", "x" * 11))
    assert (refusal.code, refusal.expected, refusal.found) == ("login.parameter_too_long", 10, 11)
    assert "xx" not in str(refusal)
    assert read(("other", "x" * 100_000)) == {}


@pytest.mark.parametrize("value", ["\ud83d", "a\udfff", "\udc80b", "\ude00\ud83d"])
def test_half_characters_are_refused(value: str) -> None:
    assert refused(("iss", value)).code == "login.parameter_malformed"


@pytest.mark.parametrize("value", ["é", "王小明", "😀", "?", "\ufffd", "\0", "\n", "a b", "%ff", "<b>", "\U0010ffff"])
def test_every_whole_character_is_kept(value: str) -> None:
    assert read(("iss", value)) == {"iss": value}


def test_the_error_is_of_the_step_and_kind_that_asked() -> None:
    with pytest.raises(LaunchRefused) as refusal:
        read(("state", "a"), ("state", "b"), step="launch", kind=LaunchRefused)
    assert refusal.value.code == "launch.parameter_repeated"


@given(st.lists(st.tuples(st.sampled_from(["iss", "state", "other"]) | st.text(max_size=5), st.text(max_size=12))))
def test_any_pairs_are_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    try:
        found = read(*pairs)
    except LoginRefused:
        return
    assert found == {name: value for name, value in pairs if name in NAMES}
