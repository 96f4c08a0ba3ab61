"""The commands over kept grants. Each only hands over to a module of its own, imported when it runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from lti_adapters.cli.command_group import Commands

_FILE = click.Path(path_type=Path, dir_okay=False)


def _not_empty(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """What is empty was not meant: a script's variable that is not set, say."""
    if value == "":
        raise click.BadParameter("it is empty.")
    return value


_config = click.option("--config", type=_FILE, required=True, help="A settings file that has tool.grants.")
_grant = click.option(
    "--grant", metavar="KEY", default="", help="The beginning of a grant's key; not needed where only one is kept."
)
_output = click.option("--output", type=_FILE, help="Write into this file, when all is there; else to the terminal.")
_line_item = click.option(
    "--line-item", metavar="URL", callback=_not_empty, help="The line item's address (lti lineitems)."
)
_tag = click.option(
    "--tag", callback=_not_empty, help="Or the tag of a line item. Neither: the one of the link that was launched."
)


def _format(*names: str, what: str) -> Callable[[Any], Any]:
    return click.option("--format", "form", type=click.Choice(names), help=what)


_written = _format("table", "csv", "json", what="Else by the file's ending; a table at a terminal, CSV in a pipe.")


@click.group(cls=Commands, short_help="What platforms let the tool do without a user.")
def grants() -> None:
    """Kept grants: what platforms let the tool do at their services without a user.

    A grant is taken from a launch by lti.keep_grant(launch), one for each course.
    """


@grants.command("list", short_help="List the kept grants.")
@_config
@_written
def grants_list(config: Path, form: str | None) -> None:
    """List the kept grants: key, course, platform, end, and what each allows.

    \b
    Example:
      lti grants list --config lti.toml
    """
    from lti_adapters.cli.grants import list_grants

    list_grants(config, form)


@grants.command("show", short_help="Show one grant as JSON.")
@_config
@click.argument("key", default="")
def grants_show(config: Path, key: str) -> None:
    """Show a grant as JSON: addresses, scopes, and what they allow.

    KEY is the beginning of its key; not needed where only one is kept.

    \b
    Example:
      lti grants show --config lti.toml 3f9c
    """
    from lti_adapters.cli.grants import show_grant

    show_grant(config, key)


@grants.command("revoke", short_help="Forget grants.")
@_config
@click.argument("key", default="")
@click.option("--expired", is_flag=True, help="All whose time is over, in place of KEY.")
def grants_revoke(config: Path, key: str, expired: bool) -> None:
    """Forget a grant: jobs cannot use it any more. KEY is the beginning of its key.

    The platform is not told. A later launch may bring a grant again, where the tool keeps it.

    \b
    Examples:
      lti grants revoke --config lti.toml 3f9c
      lti grants revoke --config lti.toml --expired
    """
    from lti_adapters.cli.grants import revoke_grants

    revoke_grants(config, key, expired=expired)


@click.command(short_help="Write a class list.")
@_config
@_grant
@click.option("--role", callback=_not_empty, help="Only members with this role, as Learner.")
@click.option("--groups", is_flag=True, help="With the ids of each member's groups.")
@click.option(
    "--limit", type=click.IntRange(min=1), help="Members to a page; some platforms tell large courses only so."
)
@_written
@_output
def members(
    config: Path,
    grant: str,
    role: str | None,
    groups: bool,
    limit: int | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Write the class list of a kept grant's course.

    \b
    Examples:
      lti members --config lti.toml
      lti members --config lti.toml --grant 3f9c --role Learner --output roster.csv
      lti members --config lti.toml --limit 100
    """
    from lti_adapters.cli.members import write_members

    write_members(config, grant, role=role, groups=groups, limit=limit, form=form, output=output)


@click.command(short_help="Write the line items of a course.")
@_config
@_grant
@_written
@_output
def lineitems(config: Path, grant: str, form: str | None, output: Path | None) -> None:
    """Write the line items that the tool has in a kept grant's course.

    \b
    Example:
      lti lineitems --config lti.toml
    """
    from lti_adapters.cli.lineitems import write_line_items

    write_line_items(config, grant, form=form, output=output)


@click.group(cls=Commands, short_help="Read grades from a platform, or bring them there.")
def grades() -> None:
    """Grades of a kept grant's course."""


@grades.command("export", short_help="Write the grades of a line item.")
@_config
@_grant
@_line_item
@_tag
@_written
@_output
def grades_export(
    config: Path, grant: str, line_item: str | None, tag: str | None, form: str | None, output: Path | None
) -> None:
    """Write the grades that stand in a line item. `grades import` reads the same columns.

    \b
    Example:
      lti grades export --config lti.toml --tag essay --output essay.csv
    """
    from lti_adapters.cli.grades import export_grades

    export_grades(config, grant, line_item=line_item, tag=tag, form=form, output=output)


@grades.command("import", short_help="Send the grades in a file.")
@click.argument("file", type=_FILE)
@_config
@_grant
@_line_item
@_tag
@_format("csv", "json", what="Else by the file's ending.")
@click.pass_context
def grades_import(
    ctx: click.Context,
    file: Path,
    config: Path,
    grant: str,
    line_item: str | None,
    tag: str | None,
    form: str | None,
) -> None:
    """Send the grades in FILE, a CSV or JSON file: one row for each user.

    Columns: user_id, score, maximum; and, where wanted, comment, activity_progress and grading_progress. Rows
    without a score are left out. A line item with the tag is made where there is none.

    It can be run again after a break, or when rows were mended: what the platform took stands in FILE.taken, and
    is not sent again. The exit status is 0 when all rows were taken, 1 when some were not.

    \b
    Example:
      lti grades import essay.csv --config lti.toml --tag essay
    """
    from lti_adapters.cli.grades import import_grades

    ctx.exit(import_grades(file, config, grant, line_item=line_item, tag=tag, form=form))


COMMANDS = (grants, members, lineitems, grades)
