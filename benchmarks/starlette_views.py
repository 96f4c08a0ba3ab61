"""Starlette and FastAPI with two empty views, and with this library's."""

from typing import Any, TypeVar

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from lti_adapters.starlette import Lti

App = TypeVar("App", bound=Starlette)


async def _login(request: Request) -> Response:
    return RedirectResponse(str((await request.form())["iss"]), 302)


async def _launch(request: Request) -> Response:
    form = await request.form()
    return PlainTextResponse(str(form["state"] and form["id_token"] and "ok"))


def empty_starlette() -> Starlette:
    """Reads the forms, and answers as short as the others do."""
    app = Starlette()
    app.add_route("/lti/login", _login, methods=["POST"])
    app.add_route("/lti/launch", _launch, methods=["POST"])
    return app


def empty_fastapi() -> FastAPI:
    """The same as path operations."""
    app = FastAPI()
    app.post("/lti/login")(_login)
    app.post("/lti/launch")(_launch)
    return app


def starlette_app(container: Any) -> Starlette:
    """This library's."""
    return _with_tool(Starlette(), container)


def fastapi_app(container: Any) -> FastAPI:
    """This library's."""
    return _with_tool(FastAPI(), container)


def _with_tool(app: App, container: Any) -> App:
    lti = Lti(app, container=container)

    @lti.resource_link
    async def opened(request: Request, launch: Any) -> str:
        return "ok"

    return app
