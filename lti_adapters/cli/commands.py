"""What the `lti` command understands. Each command only hands over to a module of its own, imported when it runs."""

from pathlib import Path

import click

from lti_adapters.cli.command_group import Commands
from lti_adapters.cli.registration_commands import registrations
from lti_adapters.cli.service_commands import COMMANDS

_FILE = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_PORT = click.IntRange(0, 65535)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 it worked; 1 it did not (mistakes were found, a port is in use, a"
    " platform said no); 2 the command or the configuration is wrong; 130 stopped by Ctrl-C.",
)
@click.version_option(package_name="lti-advantage-tool")
def lti() -> None:
    """Make a web application an LTI 1.3 Advantage tool, and try it out.

    \b
    Begin here:
      lti demo                                 a platform and a tool to play with
      lti keys new --folder keys               a key for your tool
      lti config show --url https://tool.example
                                               what the platform's administrator needs
      lti config check tool.json               what is wrong with a configuration
    """


@lti.command(short_help="Start a platform and a tool to play with.")
@click.option("--port", type=_PORT, default=8800, show_default=True, help="The platform's port; 0: any free one.")
def demo(port: int) -> None:
    """Start a simulated platform and the reference tool, to be opened in a browser.

    The platform is served on 127.0.0.1 and the tool on localhost, at the next free port: two sites to a browser, as in
    real life. Nothing is kept after the end. Ctrl-C ends it.

    \b
    Example:
      lti demo --port 8800
    """
    from lti_adapters.cli.demo import run_demo

    run_demo(port)


@lti.command(short_help="Start the reference tool for a real platform.")
@click.option("--config", type=_FILE, required=True, help="A settings file, or a registrations file.")
@click.option("--port", type=_PORT, default=8801, show_default=True, help="0: any free one.")
@click.option("--host", default="localhost", show_default=True, help="Where to listen; 0.0.0.0: on all addresses.")
@click.option("--framework", type=click.Choice(["flask", "django", "starlette"]), default="flask", show_default=True)
@click.option("--storage", metavar="URL", help="Instead of storage.url, as sqlite:///file.db, redis://host/0.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
def tool(config: Path, port: int, host: str, framework: str, storage: str | None, workers: int) -> None:
    """Start the reference tool, for any real platform.

    It shows what a launch brings. A launch's id opens its page (/tool/launches/ID), so that programs can read it, too:
    use it for trying out, not beside real work. Behind a proxy, set tool.url to the address that browsers see.

    \b
    Examples:
      lti tool --config tool.json --port 8801
      lti tool --config settings.toml --storage sqlite:////var/lib/tool.db --workers 4
      lti tool --config settings.toml --framework starlette --storage redis://localhost/0 --workers 4
    """
    from lti_adapters.cli.tool import run_tool

    run_tool(config, host=host, port=port, framework=framework, storage=storage, workers=workers)


@lti.command(short_help="Start a simulated platform for your tool.")
@click.option("--tool", "tool_url", metavar="URL", required=True, help="Where the tool is, as http://localhost:8801.")
@click.option("--port", type=_PORT, default=8800, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; also its name in addresses.")
def platform(tool_url: str, port: int, host: str) -> None:
    """Start a simulated platform for your own tool.

    It prints its registration, which the tool must be given.

    \b
    Example:
      lti platform --port 8800 --tool http://localhost:5000
    """
    from lti_adapters.cli.platform import run_platform

    run_platform(tool_url, host=host, port=port)


@lti.group(cls=Commands)
def keys() -> None:
    """The tool's own keys."""


@keys.command("new", short_help="Make a key.")
@click.option("--folder", type=_FOLDER, help="Where keys are kept: one .pem file each. Made when it is missing.")
@click.option("--config", type=_FILE, help="Or a settings file that has tool.keys.")
def keys_new(folder: Path | None, config: Path | None) -> None:
    """Make a key. It signs from now on; older ones stay published until their files are removed.

    The private key goes into a file that only this user can read, and is never shown.

    \b
    Example:
      lti keys new --folder /var/lib/tool/keys
    """
    from lti_adapters.cli.keys import make_key

    make_key(folder, config)


@keys.command("show", short_help="Show the public parts of the keys.")
@click.option("--folder", type=_FOLDER, help="Where keys are kept.")
@click.option("--config", type=_FILE, help="Or a settings file, or a registrations file.")
def keys_show(folder: Path | None, config: Path | None) -> None:
    """Show the public parts of the tool's keys: as PEM, and as the key set that the tool publishes.

    \b
    Example:
      lti keys show --folder /var/lib/tool/keys
    """
    from lti_adapters.cli.keys import show_keys

    show_keys(folder, config)


@lti.group("config", cls=Commands, short_help="Check a configuration, or show it.")
def configuration() -> None:
    """Configurations: what is wrong with one, and what a platform needs of it."""


@configuration.command("check", short_help="Explain every mistake in a configuration.")
@click.argument("file", type=_FILE)
@click.pass_context
def config_check(ctx: click.Context, file: Path) -> None:
    """Explain every mistake in a settings file or a registrations file, with its line and what to do.

    The network is not used. The exit status is 1 when there are errors; warnings alone leave it at 0.

    \b
    Example:
      lti config check tool.json
    """
    from lti_adapters.cli.check import print_mistakes

    ctx.exit(print_mistakes(file))


@configuration.command("show", short_help="Show what a platform needs to know.")
@click.option("--config", type=_FILE, help="A settings file, or a registrations file.")
@click.option("--url", metavar="URL", help="Where the tool is, as https://tool.example; else the setting tool.url.")
def config_show(config: Path | None, url: str | None) -> None:
    """Show what an administrator pastes into the platform: addresses, and public keys.

    \b
    Example:
      lti config show --config tool.json --url https://tool.example
    """
    from lti_adapters.cli.show import show_configuration

    show_configuration(config, url)


@lti.group(cls=Commands)
def storage() -> None:
    """The databases in which the tool remembers."""


@storage.command("init", short_help="Make the tables of the databases.")
@click.option("--config", type=_FILE, required=True, help="A settings file.")
def storage_init(config: Path) -> None:
    """Make the tables in the databases that a settings file names, or complete those of an older version.

    A tool does so itself at the first use. This is for databases in which it must not make tables: run the command as a
    user who may, and before a new version of this library.

    \b
    Example:
      lti storage init --config lti.toml
    """
    from lti_adapters.cli.storage import init_storage

    init_storage(config)


for command in (registrations, *COMMANDS):
    lti.add_command(command)
