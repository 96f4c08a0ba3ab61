"""Rows of scores: read from a CSV or JSON file, and made into scores."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen

from lti_adapters.cli.cells import plain_cell
from lti_adapters.cli.command_group import Stopped
from lti_core.services.received import Number, number
from lti_core.services.scores import Score
from lti_core.strict_json import MAX_DEPTH, read_exact_json
from lti_core.structuring import Malformed

REQUIRED = ("user_id", "score", "maximum")
READ = (*REQUIRED, "comment", "activity_progress", "grading_progress")

_NUMBER = re.compile(r"-?(?:[0-9]{1,40}(?:\.[0-9]{1,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_DELIMITER = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)  # a line for spreadsheets


@frozen(eq=False)
class Refusal(Exception):
    """Why a row is not sent, or was not taken."""

    code: str
    message: str


@frozen
class Row:
    """One row: where it stands, as `grades.csv:12`, and its values by column."""

    place: str
    values: Mapping[str, object]
    columns_missing: bool = False


def read_rows(path: Path, form: str | None) -> tuple[Row, ...]:
    """The rows of a file.

    Raises:
        Stopped: it cannot be read, is neither CSV nor JSON, or lacks a column.
    """
    if form is None:
        form = "json" if path.suffix.lower() == ".json" else "csv"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Stopped(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeError as error:
        raise Stopped(f"{path} is not text in UTF-8: save it as CSV UTF-8.") from error
    return tuple((_of_json if form == "json" else _of_csv)(path, text))


def unread_columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """The columns that mean nothing to an import."""
    return tuple(dict.fromkeys(name for row in rows for name in row.values if name not in READ))


def score_of(row: Row) -> Score | None:
    """The score in a row; None where the row has none.

    Raises:
        Refusal: what is wrong with the row.
        InvalidValue: a value cannot be sent.
    """
    if row.columns_missing:
        raise Refusal("columns-missing", f"This row needs {', '.join(REQUIRED)}, and as many cells as the first line.")
    texts = {name: _text(name, row.values.get(name)) for name in READ if name not in ("score", "maximum")}
    user_id = texts.pop("user_id").strip()  # a spreadsheet pads; no platform has ids with blanks around
    given, maximum = (_number(name, row.values.get(name)) for name in ("score", "maximum"))
    if given is None:
        return None
    said: dict[str, Any] = {name: text for name, text in texts.items() if text}
    return Score(user_id=user_id, given=given, maximum=maximum, **said)


def _of_csv(path: Path, text: str) -> Iterator[Row]:
    told = _DELIMITER.match(text)
    begin = told.end() if told else 0
    delimiter = told[1] if told else _delimiter_of(text)
    lines = csv.reader(io.StringIO(text[begin:], newline=""), delimiter=delimiter)
    names: list[str] | None = None
    before = end = 1 if told else 0
    try:
        for cells in lines:
            place, end = f"{path}:{end + 1}", before + lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = _checked(path, [_name(cell) for cell in cells])
            else:
                values = {name: plain_cell(cell) for name, cell in zip(names, cells, strict=False) if name}
                yield Row(place, values, columns_missing=len(cells) != len(names))
    except csv.Error as error:
        raise Stopped(f"{path}:{before + lines.line_num} is not CSV: {error}.") from error
    if names is None:
        _checked(path, [])


def _delimiter_of(text: str) -> str:
    """By the line of names, which is the first that is not blank."""
    names = next((line for line in io.StringIO(text) if line.strip()), "")
    return ";" if ";" in names and "," not in names else ","


def _name(cell: str) -> str:
    """A column that is read, in whatever case; else as it is written."""
    name = cell.strip()
    return name.lower() if name.lower() in READ else name


def _checked(path: Path, names: list[str]) -> list[str]:
    if missing := [name for name in REQUIRED if name not in names]:
        columns = ", ".join(missing)
        raise Stopped(f"{path} lacks the columns {columns}: name them in the first line.")
    if twice := [name for name in dict.fromkeys(names) if name and names.count(name) > 1]:
        raise Stopped(f"{path} has a column twice: {', '.join(twice)}.")
    return names


def _of_json(path: Path, text: str) -> Iterator[Row]:
    try:
        found = read_exact_json(text)
    except RecursionError as error:
        raise Stopped(f"{path} is not JSON: more than {MAX_DEPTH} values inside one another.") from error
    except ValueError as error:
        raise Stopped(f"{path} is not JSON: {error}.") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Stopped(f'{path} must be a list of objects: [{{"user_id": "u-1", "score": 8, "maximum": 10}}].')
    for position, values in enumerate(found, 1):
        missing = any(name not in values for name in REQUIRED)
        yield Row(f"{path}: row {position}", values, columns_missing=missing)


def _text(name: str, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is not None and not isinstance(value, str):
        raise Refusal("not-a-text", f"{name} must be a text.")
    return value or ""


def _number(name: str, value: object) -> Number | None:
    value = value.strip() if isinstance(value, str) else value
    if value in (None, ""):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    try:
        return number(value, None)
    except Malformed:
        raise Refusal("not-a-number", f"{name} must be a number with a point, as 8.5.") from None
