"""The reference tool as a Django application, under WSGI."""

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import django
from attrs import evolve
from dependency_injector.providers import Object
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt

from lti_adapters.container import Config, container_of
from lti_adapters.django import Lti, current_launch_id
from lti_adapters.django.mount import mounts
from lti_adapters.django.requests import asked_of, response_of
from lti_adapters.reference_tool import views
from lti_adapters.reference_tool.routes import SERVICES, View
from lti_adapters.web.answer import Answer
from lti_adapters.web.asked import Asked
from lti_adapters.web.mounted import Mounted
from lti_core.messages import LaunchMessage

_SETTINGS = {
    "ALLOWED_HOSTS": ["*"],  # the setting tool.url decides what the tool is called
    "MIDDLEWARE": ["lti_adapters.django.middleware.LtiMiddleware"],
    "ROOT_URLCONF": __name__,
    "USE_TZ": True,
}
urlpatterns: list[URLPattern] = []  # each application brings its own


class Application(WSGIHandler):
    """Django with addresses of its own, so that several may run in a process; its settings are one for all of them."""

    def __init__(self, urlpatterns: list[URLPattern | URLResolver]) -> None:
        super().__init__()
        self._urlconf = ModuleType("urlconf")
        vars(self._urlconf)["urlpatterns"] = urlpatterns

    def get_response(self, request: HttpRequest) -> Any:
        """As Django does, with these addresses."""
        vars(request)["urlconf"] = self._urlconf
        return super().get_response(request)


def create_app(config: Config | None = None, *, container: Any = None, id_opens_launches: bool = False) -> Application:
    """The reference tool, with its addresses under /lti and /tool. Settings that Django has already are kept.

    Args:
        config, container, id_opens_launches: as of the Flask application's `create_app`.

    Raises:
        ConfigurationError: with a sentence that says what to write instead.
    """
    wired = container or container_of(config)
    made = evolve(wired.tool(), id_opens_launches=True) if id_opens_launches else wired.tool()
    if not settings.configured:  # as it is with a storage of Django's
        settings.configure(**_SETTINGS)
        django.setup()
    wired.tool.override(Object(made))
    lti = Lti(container=wired)
    for message in views.MESSAGES:
        lti.message(message)(_launched)
    lti.prepare()
    return Application(
        [
            path("lti/", include(lti.urls)),
            path("", partial(_answered, view=views.about)),
            path("healthz", _health),
            path("tool/launches/<launch_id>", _launched_again),
            *(path(f"tool/launches/<launch_id>/{at}", _service(by_method)) for at, by_method in _by_path().items()),
        ]
    )


def _by_path() -> dict[str, dict[str, View]]:
    found: dict[str, dict[str, View]] = {}
    for method, at, view in SERVICES:
        found.setdefault(at, {})[method] = view
    return found


def _launched(request: HttpRequest, launch: LaunchMessage) -> HttpResponseBase:
    return _answered(request, partial(views.launched, launch=launch, launch_id=current_launch_id(request)))


def _health(request: HttpRequest) -> HttpResponseBase:
    return response_of(views.health())


def _launched_again(request: HttpRequest, launch_id: str) -> HttpResponseBase:
    return _answered(request, partial(views.launched_again, launch_id=launch_id))


def _service(by_method: dict[str, View]) -> Callable[..., HttpResponseBase]:
    @csrf_exempt
    def serviced(request: HttpRequest, launch_id: str) -> HttpResponseBase:
        view = by_method.get("GET" if request.method == "HEAD" else request.method or "")
        if view is None:
            return HttpResponseNotAllowed(list(by_method))
        return _answered(request, partial(views.service, launch_id=launch_id, view=view))

    return serviced


def _answered(request: HttpRequest, view: Callable[[Mounted, Asked], Answer]) -> HttpResponseBase:
    (mount,) = mounts()
    mounted = mount.mounted()
    return response_of(view(mounted, asked_of(request, mounted)))
