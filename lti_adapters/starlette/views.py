"""The addresses of a tool: login, launch, the launched page, and the key set."""

from inspect import isawaitable, iscoroutinefunction

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lti_adapters.starlette.here import Served, here_of
from lti_adapters.starlette.requests import asked_of, asked_with_form, response_of, response_to
from lti_adapters.web import endpoints
from lti_adapters.web.answer import Answer
from lti_adapters.web.later import Entered, restored
from lti_adapters.web.mounted import AfterLaunch


def routes(name: str, prefix: str, after_launch: AfterLaunch) -> list[Route]:
    """The addresses of the tool called `name`."""

    async def login(request: Request) -> Response:
        tool = _asked_for(request, name)
        asked = await asked_with_form(request, name)
        return response_of(await tool.login(asked), tool.threads)

    async def launch(request: Request) -> Response:
        tool = _asked_for(request, name)
        asked = await asked_with_form(request, name)
        entered = await tool.launch(asked)
        if isinstance(entered, Answer):
            return response_of(entered, tool.threads)
        return await _handled(request, entered)

    async def launched(request: Request) -> Response:
        tool = _asked_for(request, name)
        launch_id, asked = request.path_params["launch_id"], asked_of(request, name)
        return await _handled(request, await here_of(request).run(restored, tool.mounted, asked, launch_id))

    async def jwks(request: Request) -> Response:
        tool = _asked_for(request, name)
        return response_of(await tool.threads.run(endpoints.key_set, tool.mounted), tool.threads)

    made = [
        Route(f"{prefix}/login", login, methods=endpoints.METHODS, name=f"{name}:login"),
        Route(f"{prefix}/launch", launch, methods=endpoints.METHODS, name=f"{name}:launch"),
        Route(f"{prefix}/jwks", jwks, name=f"{name}:jwks"),
    ]
    if after_launch == "redirect":
        made.append(Route(f"{prefix}/launches/{{launch_id}}", launched, name=f"{name}:launched"))
    return made


def _asked_for(request: Request, name: str) -> Served:
    here = here_of(request)
    here.at = name
    return here.tool


async def _handled(request: Request, entered: Entered) -> Response:
    """What the handler says. A plain function runs in a thread of the application's own, as its plain views do."""
    here_of(request).entered = entered
    view = entered.mounted.handlers[entered.message.message_type].view
    waits_itself = iscoroutinefunction(view) or iscoroutinefunction(getattr(view, "__call__", None))  # noqa: B004
    call = view(request, entered.message) if waits_itself else run_in_threadpool(view, request, entered.message)
    said = await call
    response = response_to(await said if isawaitable(said) else said)
    for cookie in entered.cookies:
        response.headers.append(*cookie)
    return response
