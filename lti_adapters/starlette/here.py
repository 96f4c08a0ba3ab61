"""Here: the application that a request came to, with its tools, and the launch that the request belongs to."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from urllib.parse import quote

from attrs import define, field, frozen
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lti_adapters.starlette.threads import Params, Result, Threads
from lti_adapters.web import endpoints
from lti_adapters.web.answer import Answer
from lti_adapters.web.asked import Asked
from lti_adapters.web.at_once import MustWait, logs_in_at_once, without_waiting
from lti_adapters.web.later import Entered
from lti_adapters.web.mounted import Mounted
from lti_core.errors import ConfigurationError

_IN_SCOPE = "lti.here"
IN_PATHS = "/:@!$&'()*+,;=~"  # stand in paths as they are (RFC 3986 §3.3)


@frozen(eq=False)
class Served:
    """A tool of an application. What may wait does so in threads; what waits for nothing is answered at once.

    Attributes:
        at_once: the tool without any waiting, where it can do that.
    """

    mounted: Mounted
    threads: Threads
    at_once: Mounted | None = field(init=False)
    _logs_in_at_once: bool = field(init=False)

    @at_once.default
    def _tool_at_once(self) -> Mounted | None:
        return without_waiting(self.mounted)

    @_logs_in_at_once.default
    def _login_at_once(self) -> bool:
        return logs_in_at_once(self.mounted)

    async def login(self, asked: Asked) -> Answer:
        """As `endpoints.login`."""
        if self._logs_in_at_once:
            return endpoints.login(self.mounted, asked)
        return await self.threads.run(endpoints.login, self.mounted, asked)

    async def launch(self, asked: Asked) -> Entered | Answer:
        """As `endpoints.launch`."""
        if self.at_once is not None:
            with suppress(MustWait):
                return endpoints.launch(self.at_once, asked)
        return await self.threads.run(endpoints.launch, self.mounted, asked)


@define(eq=False)
class Here:
    """One request's place.

    Attributes:
        tools: of the application, by their names.
        root: the path below which the application is served, percent-encoded; empty for the root of its host.
        at: the name of the tool whose address was asked for, if it was one.
        entered: the launch, once it is known.
    """

    app: Starlette
    tools: Mapping[str, Served]
    root: str
    at: str | None = None
    entered: Entered | None = field(default=None, repr=False)

    @property
    def tool(self) -> Served:
        """The tool that speaks for the application: the one whose address this is, else the first."""
        return self.tools[self.at] if self.at is not None else next(iter(self.tools.values()))

    async def run(self, call: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> Result:
        """What `call` answers, which may ask every tool of the application: in a thread, unless none of them waits."""
        if all(served.at_once for served in self.tools.values()):
            return call(*args, **kwargs)
        return await self.tool.threads.run(call, *args, **kwargs)

    def path_for(self, name: str, **path_params: object) -> str:
        """The path of a route of the application, on this host."""
        return path_in(self.app, self.root, name, **path_params)


def path_in(app: Starlette, root: str, name: str, **path_params: object) -> str:
    """The path of a route of an application that is served below the path `root`."""
    return root + quote(app.url_path_for(name, **path_params), safe=IN_PATHS)


context: ContextVar[Here] = ContextVar("lti.here")
"""For what is called without the request."""


def here_of(request: Request) -> Here:
    """The place of a request."""
    found: Here = request.scope[_IN_SCOPE]
    return found


class Places:
    """Middleware that gives each request its place, and keeps what shows a launch out of caches."""

    def __init__(self, app: ASGIApp, tools: Mapping[str, Served]) -> None:
        self._app, self._tools = app, tools

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; see the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        root = quote(scope.get("root_path", "").rstrip("/"), safe=IN_PATHS)
        scope[_IN_SCOPE] = here = Here(scope["app"], self._tools, root)
        token = context.set(here)
        try:
            await self._app(scope, receive, _sender(here, send))
        finally:
            context.reset(token)


def _sender(here: Here, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and here.entered is not None:
            headers = MutableHeaders(scope=message)
            for name, value in here.entered.defaults:
                headers.setdefault(name, value)
        await send(message)

    return sending


def add(app: Starlette, served: Served) -> None:
    """Make that a tool of the application.

    Raises:
        ConfigurationError: `config.name_taken` when two tools of one application have one name.
    """
    if not hasattr(app.state, "lti"):
        app.state.lti = {}
        app.add_middleware(Places, tools=app.state.lti)
    tools, name = app.state.lti, served.mounted.name
    if name in tools:
        message = f"The application has a tool called {name!r} already; give Lti(..., name=...) another one."
        raise ConfigurationError("config.name_taken", message)
    tools[name] = served
