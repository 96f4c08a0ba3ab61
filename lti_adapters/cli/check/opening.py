"""Configuration files, opened with the line of every member, or with what is wrong with the file as a whole."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from lti_adapters.cli.check.finding import Finding
from lti_adapters.cli.check.located import Located, Unreadable, located_json, located_toml
from lti_adapters.setting_documents import is_toml, read_text
from lti_core.errors import ConfigurationError, LtiError

_HINTS = {
    "Invalid control character": "A line break stands between quotes: write \\n there, or use private_key_file.",
    "Expecting property name": "Names stand in double quotes, and no comma follows the last member.",
    "Expecting ',' delimiter": "A comma is missing before this place, or there is a quote too many.",
    "Expecting value": "A value is missing, or a comma follows the last one.",
    "Extra data": "Remove what follows the last bracket.",
    "Invalid \\escape": "A backslash is written twice; in paths / does as well.",
}


@frozen
class Mistake:
    """A finding, and where it stands."""

    path: Path
    line: int
    finding: Finding


@frozen
class Opened:
    """A file's document, and what is wrong with its text."""

    path: Path
    located: Located
    findings: tuple[Finding, ...]
    is_read: bool = True

    def placed(self, findings: Iterable[Finding]) -> Iterator[Mistake]:
        """Findings about the document, with their lines."""
        for finding in findings:
            yield Mistake(self.path, self.located.line_of(finding.at), finding)


def opened(path: Path) -> Opened:
    """A TOML or JSON file. It never fails: what is wrong is a finding."""
    try:
        text = read_text(path)
        located = located_toml(text) if is_toml(path) else located_json(text)
    except ConfigurationError as error:
        return Opened(path, Located(None, {}), (Finding(kind_of(error), (), error.message),), is_read=False)
    except Unreadable as error:
        return Opened(path, Located(None, {(): error.line}), (_unreadable(error, path),), is_read=False)
    return Opened(path, located, tuple(_repeated(located)))


def kind_of(error: LtiError) -> str:
    """The name of a mistake that has an error code."""
    return error.code.removeprefix("config.").replace("_", "-").replace(".", "-")


def _unreadable(error: Unreadable, path: Path) -> Finding:
    kind = "TOML" if is_toml(path) else "JSON"
    hint = next((hint for problem, hint in _HINTS.items() if str(error).startswith(problem)), "")
    return Finding(f"not-{kind.lower()}", (), f"This is not {kind}: {error}.", hint)


def _repeated(located: Located) -> Iterator[Finding]:
    for place in located.repeated:
        what = f'The name "{place[-1]}" stands twice in one object, so that one of the two is lost.'
        yield Finding("member-twice", place, what, "Several registrations of one issuer are written as a list.")
