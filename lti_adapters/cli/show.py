"""`lti config show`: what an administrator pastes into the platform."""

import json
from pathlib import Path

import click

from lti_adapters.cli.addresses import origin_of
from lti_adapters.cli.keys import container_of, pem_of, signing_keys

UNKNOWN = "https://YOUR-TOOL"
_ADDRESSES = (
    ("Login address (initiate login, OpenID Connect login)", "/lti/login"),
    ("Launch address (redirect URI, target link)", "/lti/launch"),
    ("Key set address (JWKS, public keyset)", "/lti/jwks"),
)


def show_configuration(config: Path | None, url: str | None) -> None:
    """Print the addresses, and for each registration the key that the tool signs with.

    Raises:
        ConfigurationError: the configuration cannot work.
        click.UsageError: neither of the two was given.
    """
    if config is None and url is None:
        raise click.UsageError("Give --config, --url, or both.")
    container = None if config is None else container_of(config)
    set_url = None if container is None else container.settings().tool.url
    _show_addresses(set_url if url is None else origin_of(url, "--url"))
    if container is None:
        click.echo("\nThe public keys: lti keys show --folder FOLDER")
        return
    for registration, key in signing_keys(container):
        click.echo(f"\nPlatform {registration.issuer}, client id {registration.client_id}")
        if key is None:
            click.echo("No key: launches need none where state.secrets is set, services do. lti keys new makes one.")
            continue
        click.echo(f"Public key {key.kid}, where the platform does not read the key set address:\n")
        click.echo(pem_of(key))
        click.echo(json.dumps(dict(key.public), indent=2))


def _show_addresses(origin: str | None) -> None:
    width = max(len(name) for name, _ in _ADDRESSES)
    for name, path in _ADDRESSES:
        click.echo(f"{name:{width}}  {origin or UNKNOWN}{path}")
    if origin is None:
        click.echo(f"({UNKNOWN} stands for where the tool is: give --url, or set tool.url.)")
