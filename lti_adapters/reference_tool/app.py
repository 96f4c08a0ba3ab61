"""The reference tool as a Flask application."""

from typing import Any
from urllib.parse import urljoin

from attrs import evolve
from dependency_injector.providers import Object
from flask import Flask, Response, jsonify, request, url_for

from lti_adapters.flask import Lti, current_launch_id
from lti_adapters.flask.access import restore
from lti_adapters.flask.extension import Config, container_of
from lti_adapters.flask.mounted import mounted_as
from lti_adapters.flask.requests import page_response
from lti_adapters.reference_tool.launched import about_page, launch_document, launched_page
from lti_adapters.reference_tool.offers import offers_of
from lti_adapters.reference_tool.opened import NAME, origin, platform_urls, service_paths, service_urls
from lti_adapters.reference_tool.routes import add_routes
from lti_core.messages import LaunchMessage

_ADDRESSES = {
    "Login (initiation) address": "login",
    "Launch, redirect and target link address": "launch",
    "Key set address": "jwks",
}


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
    app.json.sort_keys = False  # type: ignore[attr-defined]  # claims are shown in the order in which they were sent
    wired = container or container_of(config)
    if id_opens_launches:
        wired.tool.override(Object(evolve(wired.tool(), id_opens_launches=True)))
    lti = Lti(app, container=wired, name=NAME)
    lti.resource_link(_launched)
    lti.deep_linking(_launched)
    lti.submission_review(_launched)
    app.add_url_rule("/", "about", _about)
    app.add_url_rule("/healthz", "health", _health)
    app.add_url_rule("/tool/launches/<launch_id>", "launched", _launch_again)
    add_routes(app)
    app.after_request(_not_kept)
    return app


def _launched(launch: LaunchMessage) -> Response:
    return _answer(launch, current_launch_id())


def _launch_again(launch_id: str) -> Response:
    return _answer(restore(mounted_as(NAME), launch_id), launch_id)


def _answer(launch: LaunchMessage, launch_id: str) -> Response:
    """The launch as a page, or as JSON where that is asked for."""
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
        answer = jsonify(launch_document(launch, launch_id, service_urls(launch_id)))
    else:
        address = url_for("launched", launch_id=launch_id)
        offers = offers_of(launch, service_paths(launch_id))
        page = launched_page(launch, address=address, framed_by=platform_urls(launch), offers=offers)
        answer = page_response(page)
    answer.vary.add("Accept")
    return answer


def _about() -> Response:
    addresses = {name: urljoin(origin(), url_for(f"{NAME}.{at}")) for name, at in _ADDRESSES.items()}
    return page_response(about_page(addresses))


def _health() -> Response:
    return jsonify(status="ok")


def _not_kept(answer: Response) -> Response:
    if request.endpoint != "health":
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
