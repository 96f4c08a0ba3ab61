"""`lti keys`: make the tool's keys, and show their public parts. A private key is never shown."""

import json
from base64 import b64encode
from collections.abc import Collection
from pathlib import Path
from textwrap import wrap
from typing import Any

import click
from dependency_injector.providers import Object

from lti_adapters.clock import SystemClock
from lti_adapters.container import LtiContainer
from lti_adapters.settings import load_settings
from lti_core.keys import SigningKey, new_private_key, public_pem
from lti_core.ports import KeyStore
from lti_core.registration import Registration
from lti_storage.tool_keys import FolderToolKeys, ToolKeys


def make_key(folder: Path | None, config: Path | None) -> None:
    """Make a key in the folder, or where the setting `tool.keys` says.

    Raises:
        ConfigurationError: it cannot be kept there.
        click.UsageError: not one of the two was given.
    """
    key = _tool_keys(folder, config).add(new_private_key())
    click.echo(f"New key {key.kid}: it signs from now on. Its public part:\n")
    click.echo(pem_of(key))
    click.echo(json.dumps(key.public, indent=2))
    if folder is not None:
        click.echo(f'\nThe private key is in {folder}. Tell your tool: tool.keys = "{folder.absolute()}".')


def show_keys(folder: Path | None, config: Path | None) -> None:
    """Show all keys of the folder, or of a configuration.

    Raises:
        ConfigurationError: a key cannot be read.
        click.UsageError: not one of the two was given, or the folder is missing.
    """
    if folder is not None and config is None and not folder.is_dir():
        raise click.UsageError(f"There is no folder {folder}; lti keys new makes it.")
    own = _tool_keys(folder, config)
    keys = _all_keys(own, config)
    if not keys:
        click.echo("There is no key yet: lti keys new makes one.", err=True)
    for key in keys:
        click.echo(f"Key {key.kid}\n\n{pem_of(key)}")
    click.echo(json.dumps({"keys": [dict(key.public) for key in keys]}, indent=2))


def container_of(config: Path) -> Any:
    """The wiring of a configuration."""
    return LtiContainer(settings=Object(load_settings(config)))


def signing_keys(container: Any) -> tuple[tuple[Registration, SigningKey], ...]:
    """Each registration with the key that the tool uses there; none where no registrations are set yet.

    Raises:
        ConfigurationError: `config.signing_key_missing`; a registration or a key cannot be read.
    """
    given = container.settings().registrations
    if given.file is None and given.url is None and given.document is None:
        return ()
    keys: KeyStore = container.keys()
    return tuple((registration, keys.signing_key(registration)) for registration in container.registrations().all())


def pem_of(key: SigningKey) -> str:
    """The public part of a key as PEM text."""
    lines = wrap(b64encode(key.material).decode(), 64)
    return public_pem("\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""]))


def _all_keys(own: ToolKeys, config: Path | None) -> Collection[SigningKey]:
    of_registrations = () if config is None else signing_keys(container_of(config))
    return {key.kid: key for key in (*own.all(), *(key for _, key in of_registrations))}.values()


def _tool_keys(folder: Path | None, config: Path | None) -> ToolKeys:
    if (folder is None) == (config is None):
        raise click.UsageError("Give one of --folder and --config.")
    if folder is not None:
        return FolderToolKeys(folder, SystemClock())
    assert config is not None
    keys: ToolKeys = container_of(config).tool_keys()
    return keys
