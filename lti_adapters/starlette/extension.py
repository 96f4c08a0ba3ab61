"""Lti: it holds the handlers of launches; what it is wired to stands in each application."""

from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar, Unpack

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from lti_adapters.container import Config
from lti_adapters.starlette.here import Served, add, context
from lti_adapters.starlette.requests import launch_url, refusal, response_of
from lti_adapters.starlette.threads import Threads
from lti_adapters.starlette.views import routes
from lti_adapters.web.endpoints import page_back
from lti_adapters.web.extension import Extension, Options
from lti_adapters.web.mounted import Mounted
from lti_core.deep_linking.items import ContentItem
from lti_core.deep_linking.response import Said
from lti_core.errors import LtiError
from lti_core.messages import LaunchMessage

Params = ParamSpec("Params")
Result = TypeVar("Result")


class Lti(Extension):
    """Makes a Starlette or FastAPI application an LTI tool. Handlers are called with the request and the launch.

    A handler may be a coroutine function or a plain function, which then runs in a thread. It answers with a response,
    a text, or what JSON can hold.

    Args:
        app: the application; or none, and `init_app` later.
        config: a settings file, a registrations file, or a mapping of settings.
        url_prefix: where the addresses `login`, `launch` and `jwks` are.
        threads: how many calls may wait at once for stores and platforms. They have threads of their own: neither the
            event loop nor the application's plain views wait for them.
        options: as of `Extension`.

    Raises:
        ConfigurationError: with a sentence that says what to write instead.
    """

    def __init__(
        self,
        app: Starlette | None = None,
        config: Config | None = None,
        *,
        url_prefix: str = "/lti",
        threads: int = 40,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(config, **options)
        self._url_prefix, self._threads = url_prefix, Threads(threads)
        self._latest: Mounted | None = None
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Starlette, *, container: Any = None) -> None:
        """Add the tool's addresses to `app`, before it serves its first request.

        Args:
            container: a wired `LtiContainer` for this application.

        Raises:
            ConfigurationError: with a sentence that says what to write instead.
        """
        mounted = self._made(container=container)
        add(app, Served(mounted, self._threads))
        # In front: a route for everything, as of static files, would hide them.
        app.router.routes[:0] = routes(self._name, self._url_prefix, self._after_launch)
        app.add_exception_handler(LtiError, refusal)
        self._latest = mounted

    def _mounted(self) -> Mounted:
        """Of the application whose request this is; outside of requests, of the one that was made last."""
        here = context.get(None)
        if here is not None and self._name in here.tools:
            return here.tools[self._name].mounted
        if self._latest is None:
            raise RuntimeError("This Lti belongs to no application yet: call init_app(app).")
        return self._latest

    async def in_thread(self, call: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> Result:
        """What `call` answers. For calls that wait for a platform or a store, where a coroutine must not wait:

        await lti.in_thread(lti.grades(launch).submit, score)
        """
        return await self._threads.run(call, *args, **kwargs)

    def deep_linking_response(
        self, request: Request, launch: LaunchMessage, items: Iterable[ContentItem], **said: Unpack[Said]
    ) -> Response:
        """A page that takes `items` to the platform, by itself or by its button. None of them: nothing was picked.

        It may wait for a store: in a coroutine, call it by `in_thread`.

        Args:
            launch: the deep linking request, in its handler or in a later request.
            said: `message`, `log`, `error_message`, `error_log`, `line_items`: as of
                `lti_core.deep_linking.deep_linking_response`.

        Raises:
            AccessRefused, InvalidValue: with the codes of that function.
        """
        mounted = self._mounted()
        answer = page_back(mounted, launch, items, launch_url(request, mounted.name), **said)
        return response_of(answer, self._threads)
