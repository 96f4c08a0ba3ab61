"""What a configuration names and is there: commands that only look at it make no file, no folder and no table."""

import sqlite3
from contextlib import closing
from pathlib import Path

from attrs import evolve

from lti_adapters.settings import RegistrationSettings, Settings

SCHEMA_TABLE = "lti_schema"  # the table that the tool makes last in a database of its own
_SQLITE = "sqlite:///"


def only_present(settings: Settings) -> Settings:
    """`settings` without the databases and folders that are still to be made."""
    given, keys, grants = settings.registrations, settings.tool.keys, settings.tool.grants
    if given.url is not None and not is_made(given.url):
        settings = evolve(settings, registrations=RegistrationSettings(document={}))  # there are none yet
    if keys is not None and not (is_made(keys) if "://" in keys else Path(keys).is_dir()):
        settings = evolve(settings, tool=evolve(settings.tool, keys=None))
    if grants is not None and "://" in grants and not is_made(grants):
        settings = evolve(settings, tool=evolve(settings.tool, grants=None))
    return settings


def is_made(url: str) -> bool:
    """Whether a tool has used the database under `url` before. It is only read.

    Where that cannot be told the answer is True: the backend itself says what is wrong.
    """
    name = url.removeprefix(_SQLITE)
    if name == url or "?" in name or name.startswith((":", "file:")):
        return True
    path = Path(name).absolute()
    if not path.is_file():
        return path.exists()
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [SCHEMA_TABLE])
            return found.fetchone() is not None
    except sqlite3.Error:
        return True
