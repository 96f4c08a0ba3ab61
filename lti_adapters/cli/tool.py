"""`lti tool`: the reference tool alone, in a framework of one's choice, served by gunicorn or uvicorn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from attrs import evolve, frozen
from dependency_injector.providers import Object

from lti_adapters.cli.sockets import listen, port_of
from lti_adapters.container import LtiContainer, is_of_one_process
from lti_adapters.imported import imported
from lti_adapters.settings import Settings, StorageSettings, load_settings
from lti_core.errors import ConfigurationError

_GUNICORN = imported("lti_adapters.cli.gunicorn:serve", extra="cli")


@frozen
class Framework:
    """What makes the reference tool in a framework, and what serves it: `(application, sockets, workers)`."""

    application: Callable[..., Any]
    serve: Callable[..., Any] = _GUNICORN


FRAMEWORKS = {
    "flask": Framework(imported("lti_adapters.reference_tool.flask_app:create_app", extra="flask")),
    "django": Framework(imported("lti_adapters.reference_tool.django_app:create_app", extra="django")),
    "starlette": Framework(
        imported("lti_adapters.reference_tool.starlette_app:create_app", extra="starlette"),
        imported("lti_adapters.cli.uvicorn:serve", extra="cli"),
    ),
}


def run_tool(config: Path, *, host: str, port: int, framework: str, storage: str | None, workers: int) -> None:
    """Serve it, until Ctrl-C.

    Args:
        storage: a URL, instead of the setting `storage.url`.

    Raises:
        ConfigurationError: the configuration cannot work.
        click.ClickException: the port is in use.
    """
    settings = load_settings(config)
    if storage is not None:
        settings = evolve(settings, storage=StorageSettings(url=storage))
    container = LtiContainer(settings=Object(settings))
    if workers > 1 and is_of_one_process(container.store()):
        raise _accepted_by_each(settings)
    chosen = FRAMEWORKS[framework]
    app = chosen.application(container=container, id_opens_launches=True)
    sockets = listen(host, port)
    click.echo(f"Tool   {settings.tool.url or f'http://{host}:{port_of(sockets)}'}/   (storage {_kind(settings)})")
    click.echo("Ctrl-C ends it.")
    chosen.serve(app, sockets, workers)


def _kind(settings: Settings) -> str:
    """The storage, without what may be a password."""
    return settings.storage.url.partition(":")[0]


def _accepted_by_each(settings: Settings) -> ConfigurationError:
    message = (
        f"With several workers, {_kind(settings)}:// would accept a used launch once in each of them: give --storage"
        " sqlite:////path/to/file.db, or --workers 1."
    )
    return ConfigurationError("config.storage_not_shared", message)
