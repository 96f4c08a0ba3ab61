"""What programs and forms send to the reference tool, read strictly: what is not understood is refused by its name."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen

from lti_core.deep_linking import ContentItem, content_items_from
from lti_core.errors import InvalidValue
from lti_core.parameters import Pairs
from lti_core.services.line_items import LineItem
from lti_core.services.scores import GradingProgress, Score
from lti_core.strict_json import read_exact_json

MAX_BODY = 1024 * 1024

_NUMBER = re.compile(
    r"(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
)  # as browsers send them
_LIMIT = re.compile(r"[0-9]{1,9}")
_OF_SCORES = ("user_id", "given", "maximum", "activity_progress", "grading_progress", "comment")
_TARGETS = ("line_item", "tag")
_OF_LINE_ITEMS = {
    "label": "label",
    "score_maximum": "score_maximum",
    "scoreMaximum": "score_maximum",
    "tag": "tag",
    "resource_id": "resource_id",
    "resourceId": "resource_id",
    "resource_link_id": "resource_link_id",
    "resourceLinkId": "resource_link_id",
}


@frozen
class SentScore:
    """A score, and where it shall go: to the line item of that address, to the one with that tag, or the link's own."""

    score: Score
    line_item: str | None = None
    tag: str | None = None


def object_of(body: bytes, read: Callable[[str], object] = read_exact_json) -> dict[str, object]:
    """The JSON object of a request's body. A member that is null counts as absent.

    Raises:
        InvalidValue: `tool.body_malformed`.
    """
    try:
        found = read(body.decode())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidValue("tool.body_malformed", "The body must be one JSON object.", expected="an object")
    return {name: value for name, value in found.items() if value is not None}


def fields_of(form: Pairs, *, numbers: Mapping[str, str]) -> dict[str, object]:
    """The fields of a form as members of an object; those left empty are absent.

    Args:
        numbers: the fields that take a number, with what the form calls them.

    Raises:
        InvalidValue: `tool.body_malformed` when a field comes twice; `tool.number_malformed`.
    """
    found: dict[str, object] = {}
    for name, value in form:
        if name in found:
            raise InvalidValue("tool.body_malformed", f"The field {name[:200]} was sent twice.", found=name)
        found[name] = _typed(numbers[name], value) if name in numbers and value else value
    return {name: value for name, value in found.items() if value != ""}


def score_of(members: Mapping[str, Any]) -> SentScore:
    """A score to be sent.

    Raises:
        InvalidValue: `tool.body_malformed`; those of `Score`.
    """
    _refuse_unknown(members, (*_OF_SCORES, *_TARGETS))
    line_item, tag = (_text(members, name) for name in _TARGETS)
    if line_item is not None and tag is not None:
        raise InvalidValue("tool.body_malformed", "Give the address of a line item, or a tag, but not both.")
    said = {name: members[name] for name in _OF_SCORES if name in members}
    return SentScore(Score(**{"user_id": "", **said}), line_item, tag)


def score_of_form(members: Mapping[str, Any]) -> SentScore:
    """A score from a form. Only the box `clear` takes a grade back: a field that was forgotten must not.

    Raises:
        InvalidValue: `tool.score_missing`; as `score_of`.
    """
    said = {name: value for name, value in members.items() if name != "clear"}
    if "clear" in members:
        if "given" in said:
            raise InvalidValue("tool.body_malformed", "Enter a score, or take the grade back, but not both.")
        said["grading_progress"] = GradingProgress.NOT_READY
    elif "given" not in said and said.get("grading_progress") == GradingProgress.FULLY_GRADED:
        message = "Score is empty. A grade without a score would take back the one that is there."
        raise InvalidValue("tool.score_missing", message, "AGS 2.0, Score publish service", "a number")
    return score_of(said)


def line_item_of(members: Mapping[str, Any]) -> LineItem:
    """A line item to be made, from members that are called as in `LineItem`, or as in the specification.

    Raises:
        InvalidValue: `tool.body_malformed`. What its values must be is checked when it is sent.
    """
    _refuse_unknown(members, _OF_LINE_ITEMS)
    said = {_OF_LINE_ITEMS[name]: value for name, value in members.items()}
    if len(said) != len(members):
        raise InvalidValue("tool.body_malformed", "A member was sent twice, by both its names.")
    return LineItem(**{"label": "", "score_maximum": 0, **said})


def items_of(members: Mapping[str, object]) -> tuple[ContentItem, ...]:
    """Content items as the specification writes them.

    Raises:
        InvalidValue: `tool.body_malformed`; those of `content_items_from`.
    """
    _refuse_unknown(members, ("items",))
    if "items" not in members:
        raise InvalidValue("tool.body_malformed", "The body must have a member items.", expected="items")
    return content_items_from(members["items"])


def query_of(pairs: Pairs, names: Iterable[str]) -> dict[str, str]:
    """The parameters called `names` that are not empty; others are ignored.

    Raises:
        InvalidValue: `tool.parameter_malformed` when one comes twice.
    """
    wanted, found = frozenset(names), dict[str, str]()
    for name, value in pairs:
        if name in wanted and value:
            if name in found:
                raise InvalidValue("tool.parameter_malformed", f"The parameter {name} was sent twice.", found=name)
            found[name] = value
    return found


def limit_of(query: Mapping[str, str]) -> int | None:
    """How many items to a page.

    Raises:
        InvalidValue: `tool.parameter_malformed`.
    """
    limit = query.get("limit")
    if limit is not None and not _LIMIT.fullmatch(limit):
        raise InvalidValue("tool.parameter_malformed", "limit must be a whole number.", expected="1 or more")
    return None if limit is None else int(limit)


def _typed(name: str, text: str) -> Decimal:
    """What a person typed into a field for a number."""
    number = text.strip()
    if not _NUMBER.fullmatch(number):
        message = f"{name} must be a number from 0 up, written with a point, as 8.5."
        raise InvalidValue("tool.number_malformed", message, expected="a number", found=text)
    return Decimal(number)


def _refuse_unknown(members: Mapping[str, object], known: Iterable[str]) -> None:
    choice = tuple(known)
    for name in members:
        if name not in choice:
            message = f"There is no member {name[:200]!r} here."
            raise InvalidValue("tool.body_malformed", message, expected=", ".join(choice), found=name)


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidValue("tool.body_malformed", f"{name} must be a text.", expected="a text")
    return value
