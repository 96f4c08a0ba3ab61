"""What values of content items must be. Validators of attrs classes; each raises `ContentItemRefused`.

Source: Deep Linking 2.0, Content item types.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Self, TypeAlias
from urllib.parse import urlsplit

from attrs import Attribute, evolve, frozen

from lti_core.errors import InvalidValue
from lti_core.strict_json import MAX_DEPTH, read_json

Field: TypeAlias = "Attribute[Any]"
SPEC = "Deep Linking 2.0, Content item types"
MEMBER = "member"  # in a field's metadata: what the specification calls it, where the field's name does not tell
PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
_PIXELS = range(1, 100_000)
_LARGEST = 1e308  # larger numbers do not fit into what most programs read a JSON number into
_DEEPEST = MAX_DEPTH - 4  # a part of an item stands that deep in the token
_MEDIA_TYPE = re.compile(r"[^\s/;,]+/[^\s/;,]+(;.*)?")


@frozen(eq=False)
class ContentItemRefused(InvalidValue):
    """A content item that cannot be sent. `position` counts from 1; it is None while the item stands alone."""

    position: int | None = None

    def at(self, position: int) -> Self:
        """The same of one item among several."""
        return evolve(self, message=f"Item {position}: {self.message}", position=position)


def member_name(attribute: Field) -> str:
    """What the specification calls a field: `scoreMaximum` for `score_maximum`."""
    first, *others = attribute.name.split("_")
    return str(attribute.metadata.get(MEMBER, first + "".join(word.capitalize() for word in others)))


def malformed(attribute: Field, must: str) -> ContentItemRefused:
    """The refusal of a value of another shape."""
    return ContentItemRefused("deep_linking.property_malformed", f"{member_name(attribute)} must be {must}.", SPEC)


def text(_: object, attribute: Field, value: object) -> None:
    """A text of whole characters."""
    if not is_text(value):
        raise malformed(attribute, "a text")


def is_text(value: object) -> bool:
    """Whether it is a text that can be sent: half a surrogate pair is no character."""
    return isinstance(value, str) and (value.isascii() or value == value.encode(errors="replace").decode())


def html(_: object, attribute: Field, value: object) -> None:
    """An HTML fragment, not empty."""
    if value in (None, ""):
        raise ContentItemRefused("deep_linking.html_missing", "html must be given.", SPEC)
    text(_, attribute, value)


def url(_: object, attribute: Field, value: object) -> None:
    """An absolute http(s) address."""
    if value in (None, ""):
        raise ContentItemRefused("deep_linking.url_missing", f"{member_name(attribute)} must be given.", SPEC)
    if not is_url(value):
        message = f"{member_name(attribute)} must be an absolute https or http address."
        raise ContentItemRefused("deep_linking.url_invalid", message, SPEC, "https://...")


def is_url(value: object) -> bool:
    """Whether it is an absolute http(s) address that everybody reads in the same way."""
    if not isinstance(value, str) or not value.isprintable() or not {" ", "\\"}.isdisjoint(value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that make no sense
        return False


def own_type(_: object, attribute: Field, value: object) -> None:
    """A type that the specification does not have is called by an absolute address."""
    if not is_url(value):
        message = "type must be one of the specification, or an absolute address."
        raise ContentItemRefused("deep_linking.type_malformed", message, SPEC, "https://...")


def pixels(_: object, attribute: Field, value: object) -> None:
    """A size on the screen."""
    if type(value) is not int or value not in _PIXELS:
        raise malformed(attribute, f"a whole number of pixels from {_PIXELS[0]} to {_PIXELS[-1]}")


def boolean(_: object, attribute: Field, value: object) -> None:
    """True or False."""
    if not isinstance(value, bool):
        raise malformed(attribute, "true or false")


def media_type(_: object, attribute: Field, value: object) -> None:
    """As `image/png`, with or without parameters."""
    if not (is_text(value) and _MEDIA_TYPE.fullmatch(str(value))):
        raise malformed(attribute, "a media type, as image/png")


def progress(_: object, attribute: Field, value: object) -> None:
    """Values of AGS' activityProgress."""
    if not isinstance(value, tuple) or not all(word in PROGRESS for word in value):
        raise malformed(attribute, f"a list of {', '.join(PROGRESS)}")


def score_maximum(_: object, attribute: Field, value: object) -> None:
    """A number above 0 that a token can hold: an int or a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = "scoreMaximum must be an int or a float, above 0."
        raise ContentItemRefused("deep_linking.score_maximum_invalid", message, SPEC, "an int or a float")
    if not 0 < value <= _LARGEST:
        message = "scoreMaximum must be a number above 0."
        raise ContentItemRefused("deep_linking.score_maximum_invalid", message, SPEC, "a number above 0")


def time(_: object, attribute: Field, value: object) -> None:
    """A date and time in UTC, as `utc_kept` makes it of one with its zone."""
    if not (isinstance(value, datetime) and value.tzinfo is UTC):
        message = f"{member_name(attribute)} must be a date and time with its zone."
        raise ContentItemRefused("deep_linking.time_invalid", message, SPEC, "2030-01-10T08:00:00Z")


def custom(_: object, attribute: Field, value: object) -> None:
    """Custom parameters: texts by name. Moodle keeps them as lines, so a line break would begin another parameter."""
    if isinstance(value, Mapping) and all(map(_is_parameter, value.items())):
        return
    message = "custom must be texts by name, no name empty, and without line breaks."
    raise ContentItemRefused("deep_linking.custom_malformed", message, SPEC, "texts by name")


def _is_parameter(parameter: tuple[object, object]) -> bool:
    return all(is_text(word) and {"\r", "\n"}.isdisjoint(str(word)) for word in parameter) and parameter[0] != ""


def extensions(_: object, attribute: Field, value: object) -> None:
    """Properties that the specification does not have: called by absolute addresses, of what JSON can hold."""
    if not isinstance(value, Mapping):
        raise malformed(attribute, "values that JSON can hold, by name")
    for name in value:
        if not is_url(name):
            message = f"{str(name)[:100]!r} is no property here; one of your own is called by an absolute address."
            raise ContentItemRefused("deep_linking.property_unknown", message, SPEC, "https://...")


def own_properties(_: object, attribute: Field, value: object) -> None:
    """What an item of an own type has besides."""
    if not isinstance(value, Mapping) or "type" in value:
        raise malformed(attribute, "values that JSON can hold, by name, without a type")


def of_class(kind: type) -> Callable[[object, Field, object], None]:
    """A value of that class."""

    def checked(_: object, attribute: Field, value: object) -> None:
        if not isinstance(value, kind):
            raise malformed(attribute, f"a lti_core.deep_linking.{kind.__name__}")

    return checked


def texts_kept(value: Any) -> Any:
    """Converts a mapping into one that nobody changes any more."""
    return MappingProxyType(dict(value)) if isinstance(value, Mapping) else value


def utc_kept(value: Any) -> Any:
    """Converts a time with its zone into UTC. Python compares others by the wall clock, which may be turned back."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:  # an hour before the year 1
        return value


def words_kept(value: Any) -> Any:
    """Converts a list into a tuple."""
    return tuple(value) if isinstance(value, list) else value


def json_kept(value: Any) -> Any:
    """Converts a mapping into one of its own, of what JSON makes of it; anything else is left to the validator."""
    try:
        kept: Any = read_json(json.dumps(dict(value)), _DEEPEST)
        return MappingProxyType(kept)
    except (TypeError, ValueError, RecursionError):
        return None
