"""`lti platform`: the simulated platform alone."""

import json

import click

from lti_adapters.cli.addresses import origin_of
from lti_adapters.cli.serving import serve
from lti_adapters.cli.sockets import listen, port_of
from lti_adapters.simulator.web import create_platform_app, local_platform


def run_platform(tool_url: str, host: str, port: int) -> None:
    """Serve it, until Ctrl-C.

    Raises:
        click.ClickException: the port is in use, or the tool's address is none.
    """
    url = origin_of(tool_url, "--tool")
    sockets = listen(host, port)
    platform = local_platform(host, port_of(sockets), url)
    document = platform.registration_document(inline_keys=False)
    click.echo(f"Open   {platform.issuer}/   (the platform; it launches {platform.launch_url})")
    click.echo("The tool's registrations file, where private_key_file names the tool's key (lti keys new):")
    click.echo(json.dumps(_with_key_file(document), indent=2))
    click.echo("Ctrl-C ends it.")
    serve((create_platform_app(platform), sockets))


def _with_key_file(document: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    return {
        issuer: [{**entry, "private_key_file": "private.pem"} for entry in entries]
        for issuer, entries in document.items()
    }
