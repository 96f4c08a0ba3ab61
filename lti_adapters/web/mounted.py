"""Mounted: one tool in one application, with what the application does with its launches."""

import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypedDict

from attrs import frozen

from lti_adapters.pages.texts import texts_with
from lti_adapters.settings import Settings
from lti_adapters.tool import Tool
from lti_core.messages import MessageType

log = logging.getLogger("lti")
AfterLaunch = Literal["render", "redirect"]


class Texts(TypedDict):
    """Arguments that our pages have in common."""

    texts: Mapping[str, str]
    language: str


@frozen
class Handler:
    """A view for one message type: `kind` where the user brought an own type, else the library's, else `generic`."""

    view: Callable[..., Any]
    kind: MessageType | None
    generic: MessageType


@frozen(eq=False)
class Mounted:
    """One tool in one application.

    Attributes:
        name: another one for each tool of an application.
        after_launch: "render": the handler answers the launch itself. "redirect": the launch is answered with 303 to a
            page that carries the launch, so that a reload of it works.
    """

    name: str
    tool: Tool
    settings: Settings
    handlers: Mapping[str, Handler]
    after_launch: AfterLaunch = "render"

    def message_types(self) -> dict[str, MessageType]:
        """The types that have a handler; all others are refused before the launch is used up."""
        known = self.tool.message_types
        return {name: handler.kind or known.get(name, handler.generic) for name, handler in self.handlers.items()}

    @property
    def texts(self) -> Texts:
        """The words of the tool's pages, and their language."""
        pages = self.settings.pages
        return {"texts": texts_with(pages.texts, pages.language), "language": pages.language}


def warn_of_workers() -> None:
    """Say so where several workers seem to serve an application whose storage is in each one's own memory."""
    if _many_workers():
        log.warning("this storage is for one process: with several workers a launch could be used once in each")


def _many_workers() -> bool:
    """Whether this process seems to be one of several that serve the application."""
    if "uvicorn" in sys.modules and multiprocessing.parent_process() is not None:
        return True
    return not {"gunicorn", "uwsgi"}.isdisjoint(sys.modules) and os.environ.get("WEB_CONCURRENCY") != "1"
