"""Values made quickly are the values that their class makes: as strict about arguments, and as frozen."""

import pickle
import sys
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from attrs import NOTHING, Attribute, evolve, field, fields, frozen
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from lti_core import claims as c
from lti_core.authentication_response import AuthenticationResponse
from lti_core.errors import LtiError
from lti_core.launch import Evidence
from lti_core.login import AuthenticationRequest, LoginInitiation
from lti_core.making import blank_of, maker_of
from lti_core.rules.rule import Expected
from lti_core.state import LoginState, SealedState
from lti_core.structuring import Claimed, structure
from lti_core.tokens import Jws, OurToken

KINDS = (
    *(AuthenticationRequest, AuthenticationResponse, Evidence, Expected, Jws, LoginInitiation, LoginState, OurToken),
    SealedState,
)


@frozen(weakref_slot=False)
class Place:
    town: str
    _street: str = field(repr=False)
    country: str = field(default="CH", kw_only=True)
    code: int | None = field(default=None, kw_only=True)


made_place = maker_of(Place)


def values_of(kind: Any, made: Any) -> list[object]:
    return [getattr(made, attribute.name) for attribute in fields(kind)]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_made_is_what_the_class_makes(kind: Any, data: st.DataObject) -> None:
    chosen = [one for one in fields(kind) if one.default is NOTHING or data.draw(st.booleans())]
    by_place = [data.draw(st.integers()) for one in chosen if not one.kw_only]
    by_name = {one.alias: data.draw(st.integers()) for one in chosen if one.kw_only}
    made, right = maker_of(kind)(*by_place, **by_name), kind(*by_place, **by_name)
    assert type(made) is kind
    assert values_of(kind, made) == values_of(kind, right)
    assert repr(made) == repr(right)


def test_what_is_made_equals_what_the_class_makes_and_is_copied_alike() -> None:
    made, right = made_place("Bern", "Gasse", code=3000), Place("Bern", "Gasse", code=3000)
    assert (made, hash(made)) == (right, hash(right))
    assert evolve(made, town="Biel") == Place("Biel", "Gasse", code=3000)
    assert pickle.loads(pickle.dumps(made)) == right  # our own


def test_names_and_defaults_of_arguments_are_those_of_the_class() -> None:
    assert made_place(street="Gasse", town="Bern") == Place("Bern", "Gasse")
    calls: list[Callable[[Any], Any]] = [
        lambda make: make("Bern"),
        lambda make: make("Bern", "Gasse", "CH"),
        lambda make: make("Bern", "Gasse", zip=1),
        lambda make: make("Bern", _street="Gasse"),
        lambda make: make("Bern", "Gasse", town="Biel"),
    ]
    for call in calls:
        for make in (Place, made_place):
            with pytest.raises(TypeError):
                call(make)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_made_cannot_be_changed(kind: Any) -> None:
    needed = {one.alias: "a" for one in fields(kind)}
    made = maker_of(kind)(**needed)
    for one in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(made, one.name, "b")
        with pytest.raises(FrozenInstanceError):
            delattr(made, one.name)
    with pytest.raises(AttributeError):
        made.another = 1


def test_what_was_read_from_claims_cannot_be_changed() -> None:
    user = structure(c.User, {"sub": "u-1", "name": "Ada"}, tenant=("iss",))
    assert (type(user), user) == (c.User, evolve(user))
    for name in ("id", "tenant", "claims", "email"):
        with pytest.raises(FrozenInstanceError):
            setattr(user, name, "u-2")


def refuse_small(_: object, attribute: "Attribute[Any]", value: int) -> None:
    if value < 0:
        raise LtiError("test.size", f"{attribute.name} is too small.")


@frozen(weakref_slot=False)
class Checked:
    size: int = field(validator=refuse_small)


@frozen(weakref_slot=False)
class Converted:
    size: int = field(converter=int)


@frozen(weakref_slot=False)
class Finished:
    size: int

    def __attrs_post_init__(self) -> None:
        refuse_small(self, fields(Finished).size, self.size)


@frozen(weakref_slot=False)
class Begun:
    size: int

    def __attrs_pre_init__(self) -> None:
        raise LtiError("test.size", "Never.")


@frozen(weakref_slot=False)
class Own:
    size: int

    def __init__(self, size: int) -> None:
        self.__attrs_init__(abs(size))  # type: ignore[attr-defined]


@frozen(weakref_slot=False)
class Created:
    size: int

    def __new__(cls, *_: object) -> "Created":
        raise LtiError("test.size", "Never.")


@frozen(weakref_slot=False)
class Derived:
    size: int
    double: int = field(init=False, default=2)


@frozen(slots=False)
class Loose:
    size: int


@pytest.mark.parametrize(
    "kind", [Checked, Converted, Finished, Begun, Own, Created, Derived, Loose, type("Later", (Place,), {})]
)
def test_a_class_that_does_more_is_not_made_quickly(kind: Any) -> None:
    with pytest.raises(TypeError):
        blank_of(kind)
    with pytest.raises(TypeError):
        maker_of(kind)


@frozen
class Referenced:
    size: int


def test_a_class_with_room_for_weak_references_is_made_whole_or_not_at_all() -> None:
    """Python finds its layout the same from 3.12 on."""
    if sys.version_info < (3, 12):
        with pytest.raises(TypeError):
            maker_of(Referenced)
    else:
        made = maker_of(Referenced)(3)
        assert made == Referenced(3)
        assert weakref.ref(made)() is made


@frozen(weakref_slot=False)
class Fresh:
    parts: list[int] = field(factory=list)


def test_a_default_that_is_made_anew_is_refused() -> None:
    with pytest.raises(TypeError, match="anew"):
        maker_of(Fresh)


@frozen(kw_only=True)
class Small(Claimed):
    size: int = field(validator=refuse_small)


def test_a_validator_of_a_claim_is_never_passed_over() -> None:
    assert structure(Small, {"size": 1}).size == 1
    with pytest.raises(LtiError, match="too small"):
        structure(Small, {"size": -1})
