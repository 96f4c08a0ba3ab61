"""The tools of a Flask application, by their names."""

from flask import Flask, current_app

from lti_adapters.web.mounted import Mounted
from lti_core.errors import ConfigurationError

_EXTENSION = "lti"


def mount(app: Flask, mounted: Mounted) -> None:
    """Keep `mounted` in the application.

    Raises:
        ConfigurationError: `config.name_taken` when two tools of one application have one name.
    """
    tools = app.extensions.setdefault(_EXTENSION, {})
    if mounted.name in tools:
        message = f"The application has a tool called {mounted.name!r} already; give Lti(..., name=...) another one."
        raise ConfigurationError("config.name_taken", message)
    tools[mounted.name] = mounted


def mounted_tools() -> tuple[Mounted, ...]:
    """The tools of the current application."""
    return tuple(current_app.extensions[_EXTENSION].values())


def mounted_as(name: str) -> Mounted:
    """The tool of that name in the current application."""
    found: Mounted = current_app.extensions[_EXTENSION][name]
    return found
