"""JSON from strangers, read without mercy: what two readers could understand differently is refused."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

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
    return _decoded(_DECODER, text)


def read_exact_json(text: str) -> object:
    """As `read_json`, but a number with a fraction or an exponent becomes a Decimal that keeps all its digits.

    Raises:
        ValueError: as `read_json`.
        RecursionError: thousands of values inside one another.
    """
    value = _decoded(_EXACT, text)
    refuse_deep(value)
    return value


def read_long_json(text: str) -> object:
    """As `read_json`, for long lists from a server that was asked: quicker, and a little more lenient.

    Of a member name that stands twice the last one counts, as nearly everywhere: nobody else reads the same text. How
    deep values are inside one another is left to `refuse_deep`, for the parts where they may be.

    Raises:
        ValueError: not JSON; or NaN, an infinite number, half a surrogate pair.
        RecursionError: thousands of values inside one another.
    """
    return _decoded(_LONG, text)


def read_usual_json(text: str) -> object:
    """As `read_long_json`, with the numbers that `json` makes: for programs that expect these.

    Raises:
        ValueError, RecursionError: as `read_long_json`.
    """
    return _decoded(_USUAL, text)


def refuse_deep(value: object, max_depth: int = MAX_DEPTH) -> None:
    """Refuse a value that has more than `max_depth` values inside one another.

    Raises:
        ValueError: it has.
    """
    level: list[object] = [value]
    for _ in range(max_depth):
        if not (level := [whole for whole in level if type(whole) in _PARTS]):
            return
        level = [part for whole in level for part in _PARTS[type(whole)](whole)]
    if any(type(part) in _PARTS for part in level):
        raise ValueError(f"more than {max_depth} values inside one another")


def write_json(value: object) -> str:
    """`value` as JSON that keeps a Decimal's digits. Mappings and lists may hold what JSON knows, and Decimals.

    Raises:
        ValueError: a number that is not finite, half a surrogate pair, or something that holds itself.
        TypeError: something that JSON does not know.
        RecursionError: thousands of values inside one another.
    """
    text = _written(value)
    text.encode()  # refuses half characters
    return text


def _written(value: object) -> str:
    if _is_flat(value):
        return _ENCODER.encode(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a number that is not finite")
        return str(value)
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_name(name)}:{_written(member)}' for name, member in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    return _ENCODER.encode(value)


def _is_flat(value: object) -> bool:
    """Whether it is an object of nothing but what `json` itself writes as it is to be: most are."""
    return type(value) is dict and _TEXTS.issuperset(map(type, value)) and _PLAIN.issuperset(map(type, value.values()))


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError("a member name must be a text")
    return _ENCODER.encode(name)


def _decoded(decoder: json.JSONDecoder, text: str) -> object:
    text = text.strip(_BLANKS)
    value, end = decoder.raw_decode(text)
    if end != len(text):
        raise ValueError("something follows the value")
    if "\\" in text and "\\u" in text and _PERHAPS_HALF.search(text):
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


def _exact(digits: str) -> Decimal:
    _finite(digits)
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise ValueError("a number too small") from None


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _refuse_half_characters(value: object) -> None:
    """Half a surrogate pair is no character, and breaks whatever writes it. Only an escape can bring one."""
    json.dumps(value, ensure_ascii=False, default=str).encode()  # UnicodeEncodeError is a ValueError


_TEXTS = frozenset({str})
_PLAIN = frozenset({str, int, float, bool, type(None)})
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite, parse_constant=_no_constant)
_EXACT = json.JSONDecoder(object_pairs_hook=_once, parse_float=_exact, parse_constant=_no_constant)
_LONG = json.JSONDecoder(parse_float=_exact, parse_constant=_no_constant)
_USUAL = json.JSONDecoder(parse_float=_finite, parse_constant=_no_constant)
_PARTS: Mapping[type, Callable[[Any], Iterable[object]]] = {dict: dict.values, list: iter}
