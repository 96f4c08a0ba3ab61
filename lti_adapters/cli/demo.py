"""`lti demo`: the simulated platform and the reference tool in one process. They meet over HTTP only."""

import click

from lti_adapters.cli.serving import serve
from lti_adapters.cli.sockets import listen, listen_from, port_of
from lti_adapters.reference_tool.flask_app import create_app
from lti_adapters.simulator.web import create_platform_app, local_platform

PLATFORM_HOST = "127.0.0.1"
TOOL_HOST = "localhost"  # another site than the platform's, so that the tool's frame and cookies are as in real life


def run_demo(port: int) -> None:
    """Serve both, until Ctrl-C.

    Raises:
        click.ClickException: the port is in use.
    """
    platform_sockets = listen(PLATFORM_HOST, port)
    tool_sockets = listen_from(TOOL_HOST, port_of(platform_sockets) + 1)
    tool_url = f"http://{TOOL_HOST}:{port_of(tool_sockets)}"
    platform = local_platform(PLATFORM_HOST, port_of(platform_sockets), tool_url)
    document = platform.registration_document(inline_keys=False, private_key=platform.tool_private_key)
    settings = {"registrations": {"document": document}, "tool": {"url": tool_url}}
    tool = create_app(settings, id_opens_launches=True)
    click.echo(f"Open   {platform.issuer}/   (the platform; the tool is at {tool_url}/)")
    click.echo("Ctrl-C ends it.")
    serve((tool, tool_sockets), (create_platform_app(platform), platform_sockets))
