"""`lti keys`: make the tool's keys, and show their public parts. A private key is never shown."""

import json
from base64 import b64encode
from collections.abc import Collection
from pathlib import Path
from textwrap import wrap
from typing import Any

import click
from dependency_injector.providers import Object

from lti_adapters.cli.present import only_present
from lti_adapters.clock import SystemClock
from lti_adapters.container import LtiContainer
from lti_adapters.settings import Settings, load_settings
from lti_core.errors import ConfigurationError
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
    _refuse_both(folder, config)
    settings = None if config is None else load_settings(config)
    key = _tool_keys(folder, settings).add(new_private_key())
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
    _refuse_both(folder, config)
    if folder is not None and not folder.is_dir():
        raise click.UsageError(f"There is no folder {folder}; lti keys new makes it.")
    keys = _all_keys(folder, config)
    if not keys:
        click.echo("There is no key yet: lti keys new makes one.", err=True)
    for key in keys:
        click.echo(f"Key {key.kid}\n\n{pem_of(key)}")
    click.echo(json.dumps({"keys": [dict(key.public) for key in keys]}, indent=2))


def container_of(config: Path) -> Any:
    """The wiring of a configuration, to look at: what is not there yet is not made."""
    return LtiContainer(settings=Object(only_present(load_settings(config))))


def signing_keys(container: Any) -> tuple[tuple[Registration, SigningKey | None], ...]:
    """Each registration with the key that the tool uses there, if any; none where no registrations are set yet.

    Raises:
        ConfigurationError: a registration or a key cannot be read.
    """
    given = container.settings().registrations
    if given.file is None and given.url is None and given.document is None:
        return ()
    keys: KeyStore = container.keys()
    return tuple((registration, _key_for(registration, keys)) for registration in container.registrations().all())


def _key_for(registration: Registration, keys: KeyStore) -> SigningKey | None:
    try:
        return keys.signing_key(registration)
    except ConfigurationError as error:
        if error.code != "config.signing_key_missing":
            raise
        return None  # launches may live by state.secrets


def pem_of(key: SigningKey) -> str:
    """The public part of a key as PEM text."""
    lines = wrap(b64encode(key.material).decode(), 64)
    return public_pem("\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""]))


def _all_keys(folder: Path | None, config: Path | None) -> Collection[SigningKey]:
    settings = None if config is None else only_present(load_settings(config))
    keys = list(_tool_keys(folder, settings).all())
    if settings is not None:
        keys += [key for _, key in signing_keys(LtiContainer(settings=Object(settings))) if key is not None]
    return {key.kid: key for key in keys}.values()


def _refuse_both(folder: Path | None, config: Path | None) -> None:
    if (folder is None) == (config is None):
        raise click.UsageError("Give one of --folder and --config.")


def _tool_keys(folder: Path | None, settings: Settings | None) -> ToolKeys:
    if folder is not None:
        return FolderToolKeys(folder, SystemClock())
    keys: ToolKeys = LtiContainer(settings=Object(settings)).tool_keys()
    return keys
