"""What an extension is wired to in one application."""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, Literal

from attrs import frozen
from flask import Flask, current_app
from flask.typing import ResponseReturnValue

from lti_adapters.settings import Settings
from lti_adapters.tool import Tool
from lti_core.errors import ConfigurationError
from lti_core.messages import MessageType

log = logging.getLogger("lti")
AfterLaunch = Literal["render", "redirect"]
_EXTENSION = "lti"


@frozen
class Handler:
    """A view for one message type: `kind` where the user brought an own type, else the library's, else `generic`."""

    view: Callable[[Any], ResponseReturnValue]
    kind: MessageType | None
    generic: MessageType


@frozen(eq=False)
class Mounted:
    """One tool in one application."""

    name: str
    tool: Tool
    settings: Settings
    handlers: Mapping[str, Handler]
    after_launch: AfterLaunch

    def message_types(self) -> dict[str, MessageType]:
        """The types that have a handler; all others are refused before the launch is used up."""
        known = self.tool.message_types
        return {name: handler.kind or known.get(name, handler.generic) for name, handler in self.handlers.items()}


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
    if mounted.settings.storage.url.startswith("memory:") and _many_workers():
        log.warning("storage memory:// is for one process: with several workers a launch could be used once in each")


def _many_workers() -> bool:
    """Whether this process seems to be one of several that serve the application."""
    return not {"gunicorn", "uwsgi"}.isdisjoint(sys.modules) and os.environ.get("WEB_CONCURRENCY") != "1"


def mounted_tools() -> tuple[Mounted, ...]:
    """The tools of the current application."""
    return tuple(current_app.extensions[_EXTENSION].values())


def mounted_as(name: str) -> Mounted:
    """The tool of that name in the current application."""
    found: Mounted = current_app.extensions[_EXTENSION][name]
    return found
