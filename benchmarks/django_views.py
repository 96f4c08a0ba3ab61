"""Django with two empty views, and with this library's."""

from types import ModuleType
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test.utils import override_settings
from django.urls import include, path
from django.views.decorators.http import require_POST

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, LOGGING_CONFIG=None, USE_TZ=True)
django.setup()

from lti_adapters.django import Lti  # noqa: E402 settings come first

urlpatterns: list[Any] = []  # each application brings its own


class _Application(WSGIHandler):
    def __init__(self, *patterns: Any) -> None:
        super().__init__()
        self._urlconf = ModuleType("urlconf")
        vars(self._urlconf)["urlpatterns"] = list(patterns)

    def get_response(self, request: HttpRequest) -> Any:
        vars(request)["urlconf"] = self._urlconf
        return super().get_response(request)


def empty_app() -> WSGIHandler:
    """Reads the forms, and answers as short as the others do. Without any middleware."""

    @require_POST
    def login(request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(request.POST["iss"])

    @require_POST
    def launch(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.POST["state"] and request.POST["id_token"] and "ok")

    return _Application(path("lti/login", login), path("lti/launch", launch))


def django_app(container: Any) -> WSGIHandler:
    """This library's, with its middleware."""
    lti = Lti(container=container)
    lti.resource_link(lambda request, launch: HttpResponse("ok"))
    with override_settings(MIDDLEWARE=["lti_adapters.django.middleware.LtiMiddleware"]):
        return _Application(path("lti/", include(lti.urls)))
