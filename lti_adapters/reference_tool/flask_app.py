"""The reference tool as a Flask application."""

from collections.abc import Callable
from typing import Any

from attrs import evolve
from dependency_injector.providers import Object
from flask import Flask, Response

from lti_adapters.container import Config, container_of
from lti_adapters.flask import Lti, current_launch_id
from lti_adapters.flask.mounted import mounted_as
from lti_adapters.flask.requests import asked_of, response_of
from lti_adapters.reference_tool import views
from lti_adapters.reference_tool.routes import SERVICES, View
from lti_adapters.web.endpoints import METHODS
from lti_core.messages import LaunchMessage

_NAME = "lti"


def create_app(config: Config | None = None, *, container: Any = None, id_opens_launches: bool = False) -> Flask:
    """The reference tool, with its addresses under /lti and /tool.

    Args:
        config, container: as of `Lti`.
        id_opens_launches: whether a launch id alone opens a remembered launch, so that a program beside the browser
            can use it. Who learns the id then sees what the launch brought.

    Raises:
        ConfigurationError: with a sentence that says what to write instead.
    """
    app = Flask(__name__, static_folder=None)
    wired = container or container_of(config)
    if id_opens_launches:
        wired.tool.override(Object(evolve(wired.tool(), id_opens_launches=True)))
    lti = Lti(app, container=wired, name=_NAME)
    for message in views.MESSAGES:
        lti.message(message)(_launched)
    app.add_url_rule("/", "about", _about)
    app.add_url_rule("/healthz", "health", lambda: response_of(views.health()))
    below = "/tool/launches/"
    own: Any = {"provide_automatic_options": False}  # OPTIONS is a method like others, and gets our refusal
    app.add_url_rule(f"{below}<launch_id>", "launched", _launched_again, **own)
    for method, path, view in SERVICES:
        app.add_url_rule(f"{below}<launch_id>/{path}", f"{method} {path}", _service(view), methods=[method], **own)
    app.add_url_rule(f"{below}<path:below>", "elsewhere", _elsewhere, methods=METHODS, **own)
    return app


def _launched(launch: LaunchMessage) -> Response:
    mounted = mounted_as(_NAME)
    return response_of(views.launched(mounted, asked_of(mounted), launch, current_launch_id()))


def _about() -> Response:
    mounted = mounted_as(_NAME)
    return response_of(views.about(mounted, asked_of(mounted)))


def _launched_again(launch_id: str) -> Response:
    mounted = mounted_as(_NAME)
    return response_of(views.launched_again(mounted, asked_of(mounted), launch_id))


def _elsewhere(below: str) -> Response:
    mounted = mounted_as(_NAME)
    return response_of(views.elsewhere(mounted, asked_of(mounted), below))


def _service(view: View) -> Callable[[str], Response]:
    def serviced(launch_id: str) -> Response:
        mounted = mounted_as(_NAME)
        return response_of(views.service(mounted, asked_of(mounted), launch_id, view))

    return serviced
