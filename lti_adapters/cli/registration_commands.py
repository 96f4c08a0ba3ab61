"""The commands over registrations. Each only hands over to a module of its own, imported when it runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from lti_adapters.cli.command_group import Commands

_FILE = click.Path(path_type=Path, dir_okay=False)
_config = click.option("--config", type=_FILE, required=True, help="A settings file that has registrations.url.")
_issuer = click.option("--issuer", required=True, help="As the platform writes it, letter for letter.")
_client_id = click.option("--client-id", required=True, help="What the platform calls this tool.")
_MEMBERS = (
    click.option("--login-url", help="Where logins lead (auth_login_url)."),
    click.option("--token-url", help="Where access tokens come from (auth_token_url)."),
    click.option("--audience", help="Of token requests, where it is not the token URL (auth_audience)."),
    click.option("--key-set-url", help="Where the platform publishes its keys."),
    click.option("--deployment", multiple=True, metavar="ID", help='Can be repeated; "any": every one is accepted.'),
    click.option("--private-key-file", type=_FILE, help="A key of the tool for this platform alone, as PEM."),
    click.option("--default/--no-default", default=None, help="Meant where a login names no client id."),
)


def _members(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_MEMBERS):
        command = option(command)
    return command


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, ())}


@click.group(cls=Commands, short_help="The platforms that the tool has agreements with.")
def registrations() -> None:
    """List and change the registrations in a database (setting registrations.url), while the tool runs."""


@registrations.command("list", short_help="List them.")
@_config
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), help="A table at a terminal, else CSV.")
def list_(config: Path, form: str | None) -> None:
    """List the registrations. Private keys are never shown.

    \b
    Example:
      lti registrations list --config settings.toml --format json
    """
    from lti_adapters.cli.registrations import list_registrations

    list_registrations(config, form)


@registrations.command(short_help="Add one, or those of a file.")
@_config
@click.option("--from", "file", type=_FILE, help="A registrations file, all of which is added.")
@click.option("--issuer", help="As the platform writes it, letter for letter.")
@click.option("--client-id", help="What the platform calls this tool.")
@_members
def add(config: Path, file: Path | None, **values: Any) -> None:
    """Add a registration.

    \b
    Example:
      lti registrations add --config settings.toml --issuer https://lms.example --client-id 4711
        --login-url https://lms.example/auth --token-url https://lms.example/token
        --key-set-url https://lms.example/jwks --deployment 1
    """
    from lti_adapters.cli.registrations import add_registrations

    add_registrations(config, file, _given(values))


@registrations.command(short_help="Change one.")
@_config
@_issuer
@_client_id
@_members
def edit(config: Path, issuer: str, client_id: str, **values: Any) -> None:
    """Change what is given of a registration; everything else stays as it is.

    \b
    Example:
      lti registrations edit --config settings.toml --issuer https://lms.example --client-id 4711
        --deployment any
    """
    from lti_adapters.cli.registrations import edit_registration

    edit_registration(config, issuer, client_id, _given(values))


@registrations.command(short_help="Remove one.")
@_config
@_issuer
@_client_id
def remove(config: Path, issuer: str, client_id: str) -> None:
    """Remove a registration: launches of that platform are refused from then on.

    \b
    Example:
      lti registrations remove --config settings.toml --issuer https://lms.example --client-id 4711
    """
    from lti_adapters.cli.registrations import remove_registration

    remove_registration(config, issuer, client_id)
