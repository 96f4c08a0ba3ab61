"""`lti registrations`: the agreements with platforms that stand in a database, changed while the tool runs."""

from pathlib import Path
from typing import Any

import click
from attrs import evolve

from lti_adapters.cli import keys
from lti_adapters.cli.tables import Row, form_of, write_rows
from lti_adapters.container import container_of
from lti_core.errors import ConfigurationError
from lti_core.keys import read_private_key
from lti_core.registration import Registration
from lti_storage.cached import SEEN_WITHIN
from lti_storage.registration_files import registrations_of_file
from lti_storage.registrations import FixedRegistrations, Registrations

_COLUMNS = (
    "issuer", "client_id", "default", "deployments", "login_url", "token_url", "audience", "key_set_url", "own_key",
)  # fmt: skip
ANY = "any"


def list_registrations(config: Path, form: str | None) -> None:
    """List the registrations, without private keys.

    Raises:
        ConfigurationError, StorageFailed: the configuration cannot work, or they cannot be read.
    """
    registrations: Registrations = keys.container_of(config).listed_registrations()
    write_rows(map(_row, registrations.all()), _COLUMNS, what="registrations", form=form_of(form))


def add_registrations(config: Path, file: Path | None, values: dict[str, Any]) -> None:
    """Add one registration of `values`, or all of a registrations file.

    Raises:
        ConfigurationError, StorageFailed: the configuration cannot work, or the registration cannot stand there.
        click.UsageError: something that a registration needs was not given.
    """
    kept = _editable(config)
    if file is not None and values:
        raise click.UsageError("Give --from FILE, or a registration by options, but not both.")
    for registration in registrations_of_file(file) if file is not None else (_new(values),):
        kept.add(registration)
        _told("Added", registration)


def edit_registration(config: Path, issuer: str, client_id: str, values: dict[str, Any]) -> None:
    """Change what is given of a registration; the rest stays.

    Raises:
        ConfigurationError, StorageFailed: as `add_registrations`; there is no such registration.
        click.UsageError: nothing was given.
    """
    kept = _editable(config)
    registration = kept.find(issuer, client_id)
    if registration is None:
        message = f"There is no registration of issuer {issuer!r} with client id {client_id!r}."
        raise ConfigurationError("config.registration_unknown", message)
    if not values:
        raise click.UsageError("Say what shall change: lti registrations edit --help lists it.")
    changed = evolve(registration, **_members(values))
    kept.replace(changed)
    _told("Changed", changed)


def remove_registration(config: Path, issuer: str, client_id: str) -> None:
    """Forget a registration.

    Raises:
        ConfigurationError, StorageFailed: as `edit_registration`.
    """
    _editable(config).remove(issuer, client_id)
    click.echo(f"Removed {client_id} at {issuer}. {_SOON}")


_SOON = f"Every process of the tool knows within {SEEN_WITHIN.total_seconds():.0f} seconds."


def _editable(config: Path) -> Any:
    registrations = container_of(config).listed_registrations()
    if isinstance(registrations, FixedRegistrations):
        message = "These registrations stand in a file: edit the file, and start the tool again."
        raise ConfigurationError("config.registrations_fixed", message)
    return registrations


def _new(values: dict[str, Any]) -> Registration:
    for name in ("issuer", "client_id", "login_url"):
        if name not in values:
            raise click.UsageError(f"--{name.replace('_', '-')} is missing.")
    return Registration(**_members(values))


def _members(values: dict[str, Any]) -> dict[str, Any]:
    """The members of a registration that were given."""
    members = dict(values)
    if "deployment" in members:
        ids = members.pop("deployment")
        members["deployments"] = ANY if ANY in ids else "closed"
        members["deployment_ids"] = [one for one in ids if one != ANY]
    if "private_key_file" in members:
        members["private_key"] = _pem(members.pop("private_key_file"))
    return members


def _pem(file: Path) -> str:
    try:
        pem = file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"The private key in {file} cannot be read.") from error
    read_private_key(pem)
    return pem


def _told(what: str, registration: Registration) -> None:
    click.echo(f"{what} {registration.client_id} at {registration.issuer}. {_SOON}")


def _row(registration: Registration) -> Row:
    row = {name: getattr(registration, name) for name in _COLUMNS if name not in ("deployments", "own_key")}
    ids = tuple(sorted(registration.deployment_ids))
    deployments = (*ids, ANY) if registration.deployments == ANY else ids
    return {**row, "deployments": deployments, "own_key": registration.private_key is not None}
