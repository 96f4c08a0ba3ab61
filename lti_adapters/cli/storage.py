"""`lti storage`: make the tables of the databases that a configuration names."""

from collections.abc import Iterator
from pathlib import Path

import click

from lti_adapters.imported import imported
from lti_adapters.places import backend_of
from lti_adapters.settings import Settings, load_settings

_prepare = imported("lti_storage.sql:prepare", extra="sql")


def init_storage(config: Path) -> None:
    """Make the tables, or complete those of an older version, and tell so for each setting.

    Raises:
        ConfigurationError, StorageFailed: the configuration cannot work, or a database does not answer.
    """
    for setting, url in _places(load_settings(config)):
        kind = url.partition(":")[0]  # the rest may hold a password
        if backend_of(url) == "sql":
            _prepare(url)
            click.echo(f"{setting}: the tables are there ({kind}).")
        elif backend_of(url) == "django":
            click.echo(f"{setting}: python manage.py migrate makes the tables.")
        else:
            click.echo(f"{setting}: {kind} needs no tables.")


def _places(settings: Settings) -> Iterator[tuple[str, str]]:
    """The storage URLs among the settings, with the names of those."""
    yield "storage.url", settings.storage.url
    others = (
        ("registrations.url", settings.registrations.url),
        ("tool.keys", settings.tool.keys),
        ("tool.grants", settings.tool.grants),
    )
    for setting, url in others:
        if url is not None and "://" in url:
            yield setting, url
