"""The Starlette adapter, and the same with FastAPI."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from lti_adapters.starlette import Lti, current_launch, fastapi, launch_url_for, role_required
from lti_core.messages import LaunchMessage
from tests.frameworks.sites import asgi, site
from tests.frameworks.sites.site import Wanted

TEACHING = ("teacher", "teaching_assistant")
KEPT = {"Cache-Control": "private, max-age=60"}


class StarletteSite:
    """The Starlette adapter."""

    def application(self, wanted: Wanted) -> Any:
        app = self.pages()
        for tool in wanted.tools():
            _add(app, tool)
        return asgi.proxied(app) if wanted.proxied else app

    def pages(self) -> Starlette:
        """The pages that come after a launch."""
        app, teachers_only = Starlette(), role_required(*TEACHING)

        async def later(request: Request) -> Response:
            return JSONResponse({"who": (await current_launch(request)).user.id})

        async def picture(request: Request) -> Response:
            return JSONResponse({"of": (await current_launch(request)).user.id}, headers=KEPT)

        async def grades(request: Request) -> Response:
            await teachers_only(request)
            return JSONResponse({"grades": []})

        for page in (later, picture, grades):
            app.add_route(f"/{page.__name__}", page)
        return app

    def client(self, application: Any) -> Any:
        """Starlette's test client."""
        return TestClient(application)

    def answered(self, application: Any, request: site.Request) -> site.Answered:
        """As ASGI says."""
        return asgi.answered(application, request)

    def serving(self, make: Callable[[str], Any]) -> AbstractContextManager[str]:
        """uvicorn."""
        return asgi.serving(make)


class FastAPISite(StarletteSite):
    """The same with FastAPI's dependencies."""

    def pages(self) -> Starlette:
        app = FastAPI(responses=fastapi.REFUSALS)

        @app.get("/later")
        def later(launch: fastapi.Launch) -> Any:
            return {"who": launch.user.id}

        @app.get("/picture")
        async def picture(launch: fastapi.Launch, response: Response) -> Any:
            response.headers.update(KEPT)
            return {"of": launch.user.id}

        @app.get("/grades")
        def grades(launch: Annotated[LaunchMessage, Depends(fastapi.role_required(*TEACHING))]) -> Any:
            return {"grades": []}

        return app


def _add(app: Starlette, wanted: Wanted) -> None:
    lti = Lti(app, wanted.config, **wanted.options)

    async def opened(request: Request, launch: LaunchMessage) -> Any:
        if wanted.handler is not None:
            return wanted.handler(launch)
        return {"who": launch.user.id, "kind": launch.message_type, "later": launch_url_for(request, "later")}

    for message in wanted.messages:
        lti.message(message)(opened)
