"""How single values that services answer are read: strictly, but for what real platforms write differently."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from lti_core.structuring import Malformed, lenient_bool, texts_of

Number = int | float | Decimal

_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")


def text_or_absent(value: Any, _: Any) -> str | None:
    """A text; an empty one counts as absent (Moodle), a whole number as its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Malformed("", "must be a text")
    return value or None


def words(value: Any, _: Any) -> str:
    """A text for people; a number as it is written."""
    if isinstance(value, Number) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Malformed("", "must be a text")
    return value


def words_or_absent(value: Any, _: Any) -> str | None:
    """As `words`; anything else counts as absent: no item is lost by that."""
    try:
        return words(value, _)
    except Malformed:
        return None


def bool_or_absent(value: Any, _: Any) -> bool | None:
    """True or false, also as texts; anything else counts as absent."""
    try:
        return lenient_bool(value, _)
    except Malformed:
        return None


def number(value: Any, _: Any) -> Number:
    """A number, also as text (Moodle takes them so, and gives them back)."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, Number):
        raise Malformed("", "must be a number")
    return value


def decimal(value: Any, _: Any) -> Decimal:
    """A number with all its digits, also as text."""
    return Decimal(number(value, _))


def time(value: Any, _: Any) -> datetime | None:
    """A time with its zone. None when it has none, or cannot be read: no item is lost by that."""
    try:
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    return found if found.utcoffset() is not None else None


def texts(value: Any, _: Any) -> Mapping[str, str]:
    """An object of texts; an empty array counts as one (what PHP makes of an empty object)."""
    return texts_of({} if value == [] else value, _)
