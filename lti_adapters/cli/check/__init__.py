"""`lti config check`: every mistake in a configuration, by name, with its line and what to do."""

from collections.abc import Sequence
from pathlib import Path

import click

from lti_adapters.cli.check.files import check_file
from lti_adapters.cli.check.opening import Mistake


def print_mistakes(path: Path) -> int:
    """Print the mistakes in a file.

    Returns:
        The exit status: 1 when there are errors, else 0.
    """
    mistakes = check_file(path)
    for mistake in mistakes:
        _print(mistake)
    errors = sum(mistake.finding.is_error for mistake in mistakes)
    click.echo(_summary(path, mistakes, errors))
    return 1 if errors else 0


def _print(mistake: Mistake) -> None:
    finding = mistake.finding
    severity, colour = ("error", "red") if finding.is_error else ("warning", "yellow")
    shown = click.style(severity, fg=colour, bold=True)
    click.echo(f"{mistake.path}:{mistake.line}: {shown}: {finding.what} [{finding.name}]")
    if finding.remedy:
        click.echo(f"    {finding.remedy}")


def _summary(path: Path, mistakes: Sequence[Mistake], errors: int) -> str:
    if not mistakes:
        return f"{path}: no mistake was found."
    return f"{_counted(errors, 'error')}, {_counted(len(mistakes) - errors, 'warning')}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
