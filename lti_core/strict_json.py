"""JSON from strangers, read without mercy: what two readers could understand differently is refused."""

import json
import math
import re

MAX_DEPTH = 32

# An unclosed text is matched to its end: were it no match, each quote within would be tried as the start of another.
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_PERHAPS_HALF = re.compile(r"\\u[dD]")
_BLANKS = " \t\n\r"


def read_json(text: str, max_depth: int = MAX_DEPTH) -> object:
    """The value that `text` stands for.

    Raises:
        ValueError: not JSON; or a member name twice in one object, NaN, an infinite number, half a surrogate pair,
            or more than `max_depth` values inside one another.

    Source: RFC 8259; RFC 7515 §4 (duplicate names), RFC 7493 §2.
    """
    if text.count("[") + text.count("{") > max_depth and _depth(text) > max_depth:
        raise ValueError(f"more than {max_depth} values inside one another")
    text = text.strip(_BLANKS)
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("something follows the value")
    if _PERHAPS_HALF.search(text):
        _refuse_half_characters(value)
    return value


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in _STRUCTURE.finditer(text):
        if match[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member name stands twice in one object")
    return members


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number too large")
    return number


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _refuse_half_characters(value: object) -> None:
    """Half a surrogate pair is no character, and breaks whatever writes it. Only an escape can bring one."""
    json.dumps(value, ensure_ascii=False).encode()  # UnicodeEncodeError is a ValueError


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite, parse_constant=_no_constant)
