"""Writes the pages that are made from the code: `python -m docs.make`."""

from collections.abc import Iterable
from pathlib import Path

from docs.differences import tables
from docs.error_codes import Entry, entries
from lti_adapters.pages.advice import ADVICE, KINDS

__all__ = ["entries", "errors_page", "moving_page"]

HERE = Path(__file__).parent

_SECTIONS = {
    "login": "A login is refused",
    "launch": "A launch is refused, or a later request that goes on with one",
    "tool": "The launch is good, but does not allow what was asked for",
    "deep_linking": "Content was picked that the platform does not take",
    "grant": "A kept grant does not allow what was asked for",
    "token": "A platform gave no access token",
    "http": "A request to a platform failed",
    "service": "A platform refused a request, or answered what cannot be read",
    "storage": "The storage does not answer",
    "config": "The tool is set up in a way that cannot work",
    "platform": "The simulated platform refuses",
}


def errors_page() -> str:
    """The page of all error codes."""
    found = entries()
    parts = [_INTRODUCTION]
    for kind, title in _SECTIONS.items():
        of_kind = [entry for entry in found if entry.code.startswith(f"{kind}.")]
        if of_kind:
            parts.append(f"## {title}: `{kind}.`\n\n{_common_advice(kind)}{_table(of_kind)}")
    return "\n".join(parts)


def moving_page() -> str:
    """The page about moving from pylti1p3, with its tables of what is different."""
    written, rest = (HERE / "moving-from-pylti1p3.md").read_text("utf-8").split(_BEGIN)
    return f"{written}{_BEGIN}\n{tables()}\n{_END}{rest.split(_END)[1]}"


def _common_advice(kind: str) -> str:
    """What is advised for all codes of that kind, where none has advice of its own."""
    if kind not in KINDS or any(code.startswith(f"{kind}.") for code in ADVICE):
        return ""
    return f"{KINDS[kind].administrator}\n\n"


def _table(found: Iterable[Entry]) -> str:
    """One row for each code; a column that would be empty is left out."""
    rows = [(f"`{entry.code}`", entry.status, *map(_cell, _sentences(entry))) for entry in found]
    shown = [number for number, _ in enumerate(_COLUMNS) if any(row[number] for row in rows)]
    lines = [_COLUMNS, ("---",) * len(_COLUMNS), *rows]
    return "".join(f"| {' | '.join(line[number] for number in shown)} |\n" for line in lines)


def _sentences(entry: Entry) -> tuple[str, str, str]:
    advice = ADVICE.get(entry.code)
    return entry.meaning, entry.demanded, advice.administrator if advice else ""


def _cell(text: str) -> str:
    for mark in "\\|<>*":
        text = text.replace(mark, f"\\{mark}")
    return text


_BEGIN, _END = "<!-- made -->\n", "<!-- end of what is made -->"
_COLUMNS = ("code", "status", "what it means", "what is demanded, and where", "what the administrator does")
_INTRODUCTION = """# Error codes

This page is made from the code by `python -m docs.make`. A test fails when the two differ.

Every refusal is an `LtiError` with these parts:

- `code`: listed here. A code never changes its meaning: logs, tests and programs may rely on it.
- `message`: a sentence for a person. It may change.
- `spec`: the section of a specification that demands it; empty where the demand is this library's own.
- `expected` and `found`: for the page that explains the refusal. They never hold a token, a secret or a name.

The kind of an error is its class: `LoginRefused`, `LaunchRefused`, `AccessRefused`, `InvalidValue` (what this tool
wanted to send cannot be sent), `ServiceFailed`, `StorageFailed`, `ConfigurationError`.

A browser gets a page that explains the refusal, a program that asks for JSON (`Accept: application/json`) gets
`{"error": {"code": ..., "message": ..., "spec": ...}}`. The status is the one in the table. A rule that only warns lets
the launch through: the warning stands in `launch.warnings`. Most errors of the kind `config.` are raised when the
program starts; 503 is the answer where one comes up later.

The texts of the page can be replaced by code, in the setting `pages.texts`, and be German, in `pages.language`
([configuration](configuration.md#pages)). An ellipsis stands for what is only known when it happens.
"""


if __name__ == "__main__":
    (HERE / "errors.md").write_text(errors_page(), encoding="utf-8")
    (HERE / "moving-from-pylti1p3.md").write_text(moving_page(), encoding="utf-8")
