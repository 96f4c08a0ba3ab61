"""`lti grades`: the grades of a line item, to a file and from a file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from attrs import define, frozen

from lti_adapters.cli.command_group import Stopped
from lti_adapters.cli.granted import grades_of
from lti_adapters.cli.journal import Journal
from lti_adapters.cli.progress import counted, tell
from lti_adapters.cli.score_rows import Refusal, Row, read_rows, score_of, unread_columns
from lti_adapters.cli.tables import Row as Written
from lti_adapters.cli.tables import form_of, write_rows
from lti_adapters.services.grades import Grades
from lti_core.errors import InvalidValue, LtiError, ServiceFailed
from lti_core.services.line_items import LineItem
from lti_core.services.results import Result
from lti_core.services.scores import Score

MOST_FAILURES = 5  # one after the other, that are not about a row

_OF_A_ROW = (400, 409, 413, 422)  # how a platform answers that does not like what is in a score

_COLUMNS = ("user_id", "score", "maximum", "comment", "timestamp", "scoring_user_id")


def export_grades(
    config: Path, grant: str, *, line_item: str | None, tag: str | None, form: str | None, output: Path | None
) -> None:
    """Write the grades in a line item, page by page.

    Raises:
        click.UsageError: no grant, or several, fit; line item and tag were both given.
        Stopped: not one line item has the tag.
        LtiError: the configuration cannot work, or the platform does not tell.
    """
    _refuse_both(line_item, tag)
    grades = grades_of(config, grant)
    there = _tagged(grades, tag) if tag is not None else line_item
    if tag is not None and there is None:
        raise Stopped(f"No line items have the tag {tag!r}: give --line-item (lti lineitems).")
    results = grades.results(there)
    write_rows(map(_written, results), _COLUMNS, what="grades", form=form_of(form, output), output=output)


def import_grades(
    file: Path, config: Path, grant: str, *, line_item: str | None, tag: str | None, form: str | None
) -> int:
    """Send the grades in a file, and tell of each row that was not taken why.

    Returns:
        The exit status: 0 when all were taken, now or before; else 1.

    Raises:
        click.UsageError: no grant, or several, fit; line item and tag were both given.
        click.FileError: what is taken cannot be noted.
        Stopped: the file cannot be read; several line items have the tag.
        LtiError: the configuration cannot work, or there is no such line item.
    """
    _refuse_both(line_item, tag)
    rows = read_rows(file, form)
    grades = grades_of(config, grant)
    if unread := unread_columns(rows):
        tell(f"Columns that are not read: {', '.join(unread)}")
    counts = _Counts()
    ready = list(_ready(rows, counts))
    if ready:
        journal = Journal(file.with_name(f"{file.name}.taken"))
        address = _target(grades, line_item, tag, ready[0].score)
        _Sending(grades, address, journal, counts).send(ready)
    click.echo(f"{file}: {counts.sentence}")
    return 1 if counts.refused or counts.not_tried else 0


@define
class _Counts:
    taken: int = 0
    before: int = 0
    refused: int = 0
    without: int = 0
    not_tried: int = 0

    def refuse(self, row: Row, code: str, message: str) -> None:
        self.refused += 1
        tell(f"{row.place}: {message} [{code}]")

    @property
    def sentence(self) -> str:
        others = {
            "taken before": self.before,
            "refused": self.refused,
            "without a score": self.without,
            "not tried": self.not_tried,
        }
        return ", ".join([f"{self.taken} taken", *(f"{count} {what}" for what, count in others.items() if count)]) + "."


@frozen
class _Ready:
    row: Row
    score: Score


def _ready(rows: Sequence[Row], counts: _Counts) -> Iterator[_Ready]:
    """The rows that can be sent. Of a user with two, the second is refused: platforms keep one score."""
    places: dict[str, str] = {}
    for row in rows:
        try:
            score = score_of(row)
        except (Refusal, InvalidValue) as error:
            counts.refuse(row, error.code, error.message)
            continue
        if score is None:
            counts.without += 1
        elif score.user_id in places:
            counts.refuse(row, "user-twice", f"This user stands at {places[score.user_id]} already.")
        else:
            places[score.user_id] = row.place
            yield _Ready(row, score)


@define
class _Sending:
    """The rows on their way to one line item."""

    grades: Grades
    line_item: str
    journal: Journal
    counts: _Counts
    failures: int = 0

    def send(self, ready: Sequence[_Ready]) -> None:
        """Send what was not taken before. It ends early when it is not the rows that are wrong."""
        for number, one in enumerate(counted(ready, "scores", len(ready)), 1):
            if self.journal.has(self.line_item, one.score):
                self.counts.before += 1
            elif not self._is_sent(one):
                self.counts.not_tried = len(ready) - number
                tell("Stopped. Run the same command again later: what was taken is not sent again.")
                return

    def _is_sent(self, one: _Ready) -> bool:
        """Send one row. Whether to go on with the next."""
        try:
            self.grades.submit(one.score, self.line_item)
        except LtiError as error:
            self.counts.refuse(one.row, error.code, _words(error))
            self.failures = 0 if _about_row(error) else self.failures + 1
            return self.failures < MOST_FAILURES and not _about_all(error)
        self.journal.add(self.line_item, one.score)
        self.counts.taken += 1
        self.failures = 0
        return True


def _about_row(error: LtiError) -> bool:
    """Whether the platform answered, and refused what is in the row."""
    refused = isinstance(error, ServiceFailed) and error.status in _OF_A_ROW
    return refused or isinstance(error, InvalidValue)


def _about_all(error: LtiError) -> bool:
    """Whether the next row would fail in the same way for sure."""
    if not isinstance(error, ServiceFailed):
        return not isinstance(error, InvalidValue)
    return error.code == "service.scope_not_granted" or error.code.startswith("token.")


def _words(error: LtiError) -> str:
    return str(error).removesuffix(f" [{error.code}]")


def _target(grades: Grades, line_item: str | None, tag: str | None, first: Score) -> str:
    """The address of the line item, which is made where there is none with the tag."""
    if line_item is not None:
        return line_item
    if tag is not None and first.maximum is not None:
        there = _tagged(grades, tag)
        return (there or grades.find_or_create(LineItem(label=tag, score_maximum=first.maximum, tag=tag))).id or ""
    named = grades.grant.endpoint and grades.grant.endpoint.line_item
    return named or grades.line_item().id or ""


def _tagged(grades: Grades, tag: str) -> LineItem | None:
    """The line item with that tag; None where there is none. What is brought to one can so be read from it again."""
    found = list(grades.line_items(tag=tag))
    if len(found) > 1:
        raise Stopped(f"{len(found)} line items have the tag {tag!r}: give --line-item (lti lineitems).")
    return found[0] if found else None


def _written(result: Result) -> Written:
    return {name: getattr(result, name) for name in _COLUMNS}


def _refuse_both(line_item: str | None, tag: str | None) -> None:
    if line_item is not None and tag is not None:
        raise click.UsageError("Give one of --line-item and --tag.")
