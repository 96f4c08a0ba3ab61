"""The Django adapter, under WSGI and under ASGI."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from starlette.testclient import TestClient
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from lti_core.messages import LaunchMessage
from tests.django.project import Asgi, Wsgi, configure
from tests.frameworks.sites import asgi, wsgi
from tests.frameworks.sites.site import Answered, Request, Wanted

configure()

from lti_adapters.django import Lti, launch_required, launch_url_for, role_required  # noqa: E402 settings come first


class DjangoSite:
    """The Django adapter, under WSGI. Django's own test client is tested in tests/django."""

    def application(self, wanted: Wanted) -> Any:
        app = Wsgi(*self.addresses(wanted))
        return ProxyFix(app, x_proto=1, x_host=1) if wanted.proxied else app

    def addresses(self, wanted: Wanted) -> list[Any]:
        """Those of the tools, and of the pages that come after a launch."""
        pages = [path(at, view, name=at) for at, view in self.pages().items()]
        return [*map(self._tool, wanted.tools()), *pages]

    def _tool(self, wanted: Wanted) -> Any:
        """The addresses of one tool."""
        options = dict(wanted.options)
        prefix = options.pop("url_prefix", "/lti").strip("/")
        lti = Lti(config=wanted.config, **options)

        def opened(request: HttpRequest, launch: LaunchMessage) -> HttpResponse:
            if wanted.handler is not None:
                return _answer(wanted.handler(launch))
            later = launch_url_for(request, "later")
            return JsonResponse({"who": launch.user.id, "kind": launch.message_type, "later": later})

        for message in wanted.messages:
            lti.message(message)(opened)
        return path(f"{prefix}/", include(lti.urls))

    def pages(self) -> dict[str, Callable[..., Any]]:
        """The pages that come after a launch."""

        def later(request: Any) -> HttpResponse:
            return JsonResponse({"who": request.lti.user.id})

        def picture(request: Any) -> HttpResponse:
            return JsonResponse({"of": request.lti.user.id}, headers={"Cache-Control": "private, max-age=60"})

        @role_required("teacher", "teaching_assistant")
        def grades(_: HttpRequest) -> HttpResponse:
            return JsonResponse({"grades": []})

        return {"later": later, "picture": picture, "grades": grades}

    def client(self, application: Any) -> Any:
        """Werkzeug's, which drives any WSGI application."""
        return Client(application)

    def answered(self, application: Any, request: Request) -> Answered:
        """As WSGI says."""
        return wsgi.answered(application, request)

    def serving(self, make: Callable[[str], Any]) -> AbstractContextManager[str]:
        """Werkzeug's server."""
        return wsgi.serving(make)


class DjangoAsgiSite(DjangoSite):
    """The Django adapter, under ASGI, with asynchronous pages."""

    def application(self, wanted: Wanted) -> Any:
        app = Asgi(*self.addresses(wanted))
        return asgi.proxied(app) if wanted.proxied else app

    def pages(self) -> dict[str, Callable[..., Any]]:
        """The same, asynchronous."""

        @launch_required
        async def later(request: Any) -> HttpResponse:
            return JsonResponse({"who": request.lti.user.id})

        @launch_required
        async def picture(request: Any) -> HttpResponse:
            return JsonResponse({"of": request.lti.user.id}, headers={"Cache-Control": "private, max-age=60"})

        @role_required("teacher", "teaching_assistant")
        async def grades(_: HttpRequest) -> HttpResponse:
            return JsonResponse({"grades": []})

        return {"later": later, "picture": picture, "grades": grades}

    def client(self, application: Any) -> Any:
        """Starlette's, which drives any ASGI application."""
        return TestClient(application)

    def answered(self, application: Any, request: Request) -> Answered:
        """As ASGI says."""
        return asgi.answered(application, request)

    def serving(self, make: Callable[[str], Any]) -> AbstractContextManager[str]:
        """uvicorn."""
        return asgi.serving(make)


def _answer(text: Any) -> HttpResponse:
    return HttpResponse(text) if isinstance(text, str) else JsonResponse(text)
