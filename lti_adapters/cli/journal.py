"""Journal: what a platform took of a file's rows, so that the same file can be sent again."""

import os
import re
from pathlib import Path

import click
from attrs import define, field

from lti_core.registration import key_of
from lti_core.services.scores import Score, score_members

_LINE = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{64})")


@define(eq=False)
class Journal:
    """A file beside the rows: for each score that was taken one line of two hashes, who and what. No names, no grades.

    A line is written at once, and whole lines only are read. Of one learner and line item the last one counts: a row
    that was changed is sent, and so is one that was changed back.
    """

    path: Path
    _taken: dict[str, str] = field(init=False, factory=dict, repr=False)
    _begun: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        """Made where it is missing: before anything is sent it is known that it can be written.

        Raises:
            click.FileError: it cannot be.
        """
        self._append("")
        try:
            text = self.path.read_text(encoding="ascii", errors="replace")
        except OSError as error:
            raise click.FileError(str(self.path), error.strerror or "") from error
        whole = (_LINE.fullmatch(line) for line in text.split("\n")[:-1])
        self._taken.update((line[1], line[2]) for line in whole if line)
        self._begun = bool(text) and not text.endswith("\n")

    def has(self, line_item: str, score: Score) -> bool:
        """Whether this very score was the last that was taken for this learner and line item."""
        return self._taken.get(_who(line_item, score)) == _what(score)

    def add(self, line_item: str, score: Score) -> None:
        """Note that a score was taken.

        Raises:
            click.FileError: it cannot be written.
        """
        who, what = _who(line_item, score), _what(score)
        line = f"{who} {what}\n"
        if self._begun:  # half a line of a process that was ended
            line, self._begun = f"\n{line}", False
        self._append(line)
        self._taken[who] = what

    def _append(self, line: str) -> None:
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line.encode())
            finally:
                os.close(descriptor)
        except OSError as error:
            raise click.FileError(str(self.path), error.strerror or "") from error


def _who(line_item: str, score: Score) -> str:
    return key_of("taken", line_item, score.user_id)


def _what(score: Score) -> str:
    return key_of("score", *(f"{name}={value}" for name, value in sorted(score_members(score).items())))
