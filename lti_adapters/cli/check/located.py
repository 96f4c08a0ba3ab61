"""Documents with the line of every member, so that a mistake can be found where it stands."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

Place = tuple[str | int, ...]  # the names and numbers that lead to a value

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')
_TABLE = re.compile(r"\s*(\[\[?)([^\]]+)\]")
_MEMBER = re.compile(r'\s*((?:"[^"]*"|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|[\w-]+))*)\s*=')
_NAME = re.compile(r'"([^"]*)"|([\w-]+)')
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class Unreadable(Exception):
    """A text is not what it should be, at `line`."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


@frozen
class Located:
    """A document's value, and where its members stand.

    Attributes:
        lines: of the members that are known, by place; the last one where a name stands twice.
        repeated: members whose name stands in its object already.
    """

    value: Any
    lines: Mapping[Place, int] = field(repr=False)
    repeated: tuple[Place, ...] = ()

    def line_of(self, place: Place) -> int:
        """The line of a member, or of the innermost one around it that is known."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def located_json(text: str) -> Located:
    """A JSON text.

    Raises:
        Unreadable: it is none.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(error.lineno, f"{error.msg} (column {error.colno})") from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of thousands of digits
        raise Unreadable(1, "too deep or too long to be read") from error
    lines: dict[Place, int] = {(): 1}
    repeated: list[Place] = []
    for place, line in _members(text):
        if place in lines:
            repeated.append(place)
            lines = {known: number for known, number in lines.items() if known[: len(place)] != place}
        lines[place] = line
    return Located(value, lines, tuple(repeated))


def _members(text: str) -> Iterator[tuple[Place, int]]:
    """The place and line of every member and list entry of a text that is known to be JSON."""
    inside: list[list[Any]] = []  # for each open object or list: the name or number of its present member
    line, counted, opened = 1, 0, False
    for match in _TOKEN.finditer(text):
        mark = match[0]
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        if opened and mark not in "]}":
            yield from _begun(inside, mark, line)
        opened = False
        if mark in "[{":
            inside.append([0 if mark == "[" else None])
            opened = True
        elif mark in "]}":
            inside.pop()
        elif mark == ",":
            _next(inside)
            opened = True


def _next(inside: list[list[Any]]) -> None:
    if isinstance(inside[-1][0], int):
        inside[-1][0] += 1


def _begun(inside: list[list[Any]], mark: str, line: int) -> Iterator[tuple[Place, int]]:
    """A member begins with `mark`: its name in an object, its value in a list."""
    if not isinstance(inside[-1][0], int):
        inside[-1][0] = json.loads(mark)
    yield tuple(frame[0] for frame in inside), line


def located_toml(text: str) -> Located:
    """A TOML text. Lines are those of tables and of members at the beginning of a line.

    Raises:
        Unreadable: it is none.
    """
    try:
        value = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _TOML_PLACE.search(str(error))
        raise Unreadable(int(found[1]) if found else text.count("\n") + 1, str(error)) from error
    lines: dict[Place, int] = {(): 1}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _names(header[2])
            if header[1] == "[[":
                table = (*table, sum(place[:-1] == table and isinstance(place[-1], int) for place in lines if place))
            lines[table] = number
        elif member := _MEMBER.match(line):
            lines[(*table, *_names(member[1]))] = number
    return Located(value, lines)


def _names(dotted: str) -> Place:
    return tuple(quoted or bare for quoted, bare in _NAME.findall(dotted))
