"""The reference tool as a Starlette application."""

from collections.abc import Callable
from functools import partial
from typing import Any

from attrs import evolve
from dependency_injector.providers import Object
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lti_adapters.container import Config, container_of
from lti_adapters.reference_tool import views
from lti_adapters.reference_tool.reading import MAX_BODY
from lti_adapters.reference_tool.routes import SERVICES, View
from lti_adapters.starlette import Lti, current_launch_id
from lti_adapters.starlette.here import here_of
from lti_adapters.starlette.requests import asked_of, body_of, response_of
from lti_adapters.web.answer import Answer
from lti_adapters.web.asked import Asked
from lti_adapters.web.endpoints import METHODS
from lti_adapters.web.mounted import Mounted
from lti_core.messages import LaunchMessage

_NAME = "lti"


def create_app(config: Config | None = None, *, container: Any = None, id_opens_launches: bool = False) -> Starlette:
    """The reference tool, with its addresses under /lti and /tool.

    Args:
        config, container, id_opens_launches: as of the Flask application's `create_app`.

    Raises:
        ConfigurationError: with a sentence that says what to write instead.
    """
    wired = container or container_of(config)
    if id_opens_launches:
        wired.tool.override(Object(evolve(wired.tool(), id_opens_launches=True)))
    app = Starlette(
        routes=[
            Route("/", _about),
            Route("/healthz", _health),
            Route("/tool/launches/{launch_id}", _launched_again),
            *(Route(f"/tool/launches/{{launch_id}}/{path}", _service(view), methods=[m]) for m, path, view in SERVICES),
            Route("/tool/launches/{below:path}", _elsewhere, methods=METHODS),
        ]
    )
    lti = Lti(app, container=wired, name=_NAME)
    for message in views.MESSAGES:
        lti.message(message)(_launched)
    return app


async def _launched(request: Request, launch: LaunchMessage) -> Response:
    launch_id = current_launch_id(request)
    return await _answered(request, lambda mounted, asked: views.launched(mounted, asked, launch, launch_id))


async def _about(request: Request) -> Response:
    return await _answered(request, views.about)


async def _health(request: Request) -> Response:
    return await _answered(request, lambda mounted, asked: views.health())


async def _launched_again(request: Request) -> Response:
    return await _answered(request, partial(views.launched_again, launch_id=request.path_params["launch_id"]))


async def _elsewhere(request: Request) -> Response:
    return await _answered(request, partial(views.elsewhere, below=request.path_params["below"]))


def _service(view: View) -> Callable[[Request], Any]:
    async def serviced(request: Request) -> Response:
        body = await body_of(request, MAX_BODY) if request.method == "POST" else b""
        launch_id = request.path_params["launch_id"]
        return await _answered(request, partial(views.service, launch_id=launch_id, view=view), body)

    return serviced


async def _answered(request: Request, view: Callable[[Mounted, Asked], Answer], body: bytes | None = b"") -> Response:
    tool = here_of(request).tools[_NAME]
    answer = await tool.threads.run(view, tool.mounted, asked_of(request, _NAME, body))
    return response_of(answer, tool.threads)
