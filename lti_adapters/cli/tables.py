"""Rows, written for people or for programs: a table, CSV, or JSON."""

import csv
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click
from attrs import frozen

from lti_adapters.cli.cells import printable, safe_cell
from lti_adapters.cli.progress import counted
from lti_core.strict_json import write_json

Row = Mapping[str, object]  # by column: texts, numbers, times, texts in a tuple, None


def form_of(form: str | None, output: Path | None = None) -> str:
    """How rows are written: as was asked for, by the file's ending, or by who reads."""
    if form is not None:
        return form
    if output is not None:
        return "json" if output.suffix.lower() == ".json" else "csv"
    return "table" if sys.stdout.isatty() else "csv"


def write_rows(
    rows: Iterable[Row], columns: Sequence[str], *, what: str, form: str, output: Path | None = None
) -> None:
    """Write rows as they come; a table when all are there. A file is there when it is whole, for this user only.

    Args:
        what: they are, for the progress on a terminal.

    Raises:
        click.FileError: the file cannot be written.
    """
    in_the_way = output is None and form != "table" and sys.stdout.isatty()  # rows and progress in one place
    shown = rows if in_the_way else counted(rows, what)
    with _place(output) as file:
        _WRITERS[form](shown, columns, file)


@frozen
class _Lines:
    """Lines as pipes have them. A csv.writer that is told to end them so leaves carriage returns without quotes."""

    file: TextIO

    def write(self, line: str) -> int:
        return self.file.write(f"{line.removesuffix(_END)}\n")


def _write_csv(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    writer = csv.writer(_Lines(file))
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])


def _write_json(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    before = "["
    for row in rows:
        document = {column: _member(row.get(column)) for column in columns}
        file.write(f"{before}\n{write_json(document)}")
        before = ","
    file.write("\n]\n" if before == "," else "[]\n")


def _write_table(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    every = list(rows)
    used = [column for column in columns if any(row.get(column) not in (None, "", ()) for row in every)]
    table = Table(box=None, pad_edge=False)
    for column in used or columns:
        table.add_column(column, overflow="fold")
    for row in every:
        table.add_row(*(Text(printable(_shown(row.get(column)))) for column in used))
    Console(file=file, width=None if sys.stdout.isatty() else 240).print(table)


_END = "\r\n"
_WRITERS: Mapping[str, Callable[[Iterable[Row], Sequence[str], TextIO], None]] = {
    "csv": _write_csv,
    "json": _write_json,
    "table": _write_table,
}


def _cell(value: object) -> str:
    """Texts of others are made safe. A number is one."""
    if isinstance(value, tuple):
        return safe_cell(" ".join(value))
    return safe_cell(value) if isinstance(value, str) else _text(value)


def _shown(value: object) -> str:
    """For people: of names that are addresses the last part."""
    return ", ".join(part.rpartition("#")[2] for part in value) if isinstance(value, tuple) else _text(value)


def _member(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _text(value: object) -> str:
    return "" if value is None else str(_member(value))


@contextmanager
def _place(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
            sys.stdout.reconfigure(encoding="utf-8")  # whoever reads it next is no terminal of this machine
        yield sys.stdout
        return
    draft = output.with_name(f"{output.name}.{secrets.token_hex(8)}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.FileError(str(output), error.strerror or "") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        draft.replace(output)
    except OSError as error:
        raise click.FileError(str(output), error.strerror or "") from error
    finally:
        draft.unlink(missing_ok=True)
