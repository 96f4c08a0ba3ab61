"""`lti grants`: what is kept, and how to forget it."""

import json
from pathlib import Path

import click

from lti_adapters.cli.cells import printable
from lti_adapters.cli.granted import SHORT, chosen
from lti_adapters.cli.keys import container_of
from lti_adapters.cli.tables import Row, form_of, write_rows
from lti_core.services.grant import ServiceGrant
from lti_storage.grants import Grants, written

WHOLE = 64  # digits of a key

_COLUMNS = (
    "key", "context_title", "context_id", "platform", "issuer", "client_id", "deployment_id", "expires_at", "allows",
)  # fmt: skip


def list_grants(config: Path, form: str | None) -> None:
    """List the grants.

    Raises:
        ConfigurationError, StorageFailed: the configuration cannot work, or they cannot be read.
    """
    form = form_of(form)
    length = SHORT if form == "table" else None
    grants = _kept(config).all()
    write_rows((_row(grant, length) for grant in grants), _COLUMNS, what="grants", form=form)
    if not grants:
        click.echo("No grant is kept: lti.keep_grant(launch) keeps one where tool.grants says.", err=True)


def show_grant(config: Path, beginning: str) -> None:
    """Show a grant.

    Raises:
        ConfigurationError, StorageFailed: as `list_grants`.
        click.UsageError: none or several fit.
    """
    grant = chosen(_kept(config).all(), beginning)
    document = {"key": grant.key, **json.loads(written(grant)), "may": grant.may.questions}
    click.echo(json.dumps(document, indent=2))


def revoke_grants(config: Path, beginning: str, *, expired: bool) -> None:
    """Forget one grant, or all whose time is over.

    Raises:
        ConfigurationError, StorageFailed: as `list_grants`.
        click.UsageError: not one of the two was asked for; none or several fit.
    """
    if bool(beginning) == expired:
        raise click.UsageError("Give the beginning of a grant's key, or --expired.")
    container = container_of(config)
    grants, now = container.grants(), container.clock().now()
    every = grants.all()
    over = [grant for grant in every if grant.expires_at is not None and grant.expires_at <= now]
    if len(beginning) == WHOLE and grants.revoke(beginning):  # also one that is left out, as somebody changed it
        click.echo(f"Revoked {beginning[:SHORT]}")
        return
    for grant in over if expired else [chosen(every, beginning)]:
        grants.revoke(grant.key)
        click.echo(f"Revoked {grant.key[:SHORT]}  {printable(grant.context_title or grant.context_id or '')}".rstrip())


def _kept(config: Path) -> Grants:
    grants: Grants = container_of(config).grants()
    return grants


def _row(grant: ServiceGrant, length: int | None) -> Row:
    row = {name: getattr(grant, name) for name in _COLUMNS[1:-1]}
    allows = tuple(question for question, answer in grant.may.questions.items() if answer)
    return {**row, "key": grant.key[:length], "allows": allows}
