"""What this tool sends to services: checked when a command is made, so that a wrong value is found where it arose."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TypeAlias

from attrs import Attribute, evolve

from lti_core.errors import InvalidValue
from lti_core.services.received import Number
from lti_core.strict_json import read_exact_json, write_json

Field: TypeAlias = "Attribute[Any]"
Check: TypeAlias = "Callable[[object, Field, Any], None]"

NO_MEMBERS: Mapping[str, object] = MappingProxyType({})


def text(_: object, attribute: Field, value: object) -> None:
    """A text of whole characters, or None."""
    if value is not None and not is_text(value):
        message = f"{attribute.name} must be a text."
        raise InvalidValue("service.value_not_text", message, expected="a text", found=type(value).__name__)


def words_to_find(_: object, attribute: Field, value: object) -> None:
    """A text that something is found by, or None. An empty one is a mistake: platforms take it for none at all."""
    text(_, attribute, value)
    if value == "":
        message = f"{attribute.name} must not be empty: leave it out, to ask for everything."
        raise InvalidValue("service.filter_empty", message, expected="a text")


def is_text(value: object) -> bool:
    """Whether it is a text that can be sent: half a surrogate pair is no character."""
    return isinstance(value, str) and (value.isascii() or value == value.encode(errors="replace").decode())


def from_one_up(invalid: InvalidValue) -> Check:
    """A check that raises `invalid` for what is neither None nor a whole number from 1 up."""

    def check(_: object, __: Field, value: object) -> None:
        if value is not None and (type(value) is not int or value < 1):
            raise evolve(invalid, found=value)

    return check


def finite(value: object) -> bool:
    """Whether it is a number that fits into what other programs read a JSON number into."""
    if isinstance(value, bool) or not isinstance(value, Number):
        return False
    try:
        return math.isfinite(float(value))
    except (OverflowError, ValueError):  # a whole number too large; a Decimal that signals
        return False


def aware(value: object) -> bool:
    """Whether it is a time with its zone, and one that UTC has, too."""
    try:
        return isinstance(value, datetime) and value.utcoffset() is not None and bool(value.astimezone(UTC))
    except OverflowError:
        return False


def time_text(value: datetime) -> str:
    """An aware time as platforms expect it: UTC, with milliseconds."""
    return f"{value.astimezone(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def members(_: object, __: Field, value: object) -> None:
    """Members of one's own: an object of what JSON can hold, and of Decimals."""
    try:
        sound = value == {} or (isinstance(value, Mapping) and isinstance(read_exact_json(write_json(value)), dict))
    except (TypeError, ValueError, RecursionError):
        sound = False
    if not sound:
        message = "Members of your own must have texts as names, and values that JSON can hold."
        raise InvalidValue("service.extension_invalid", message, expected="an object for JSON")


def members_kept(value: Any) -> Any:
    """Converts an object into a copy with exact numbers that nobody changes any more; else the validator says why."""
    if value is NO_MEMBERS or not isinstance(value, Mapping):
        return value
    if not value:
        return NO_MEMBERS
    try:
        kept: Any = read_exact_json(write_json(value))
        return MappingProxyType(kept)
    except (TypeError, ValueError, RecursionError):
        return value


def body_of(sent: Mapping[str, object]) -> bytes:
    """The body of a request: JSON with exact numbers."""
    return write_json(sent).encode()
