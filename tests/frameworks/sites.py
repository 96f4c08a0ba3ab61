"""A tool in each framework, served over HTTP. A further framework is one more class, and one line in SITES."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any, Protocol

from attrs import field, frozen
from flask import Flask, jsonify
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.serving import make_server

from lti_adapters.cli.serving import Quiet
from lti_adapters.flask import Lti, current_launch, launch_url_for, role_required
from lti_core.messages import LaunchMessage


@frozen(kw_only=True)
class Wanted:
    """A tool, said so that every framework can make it.

    It answers launches of links and of deep linking with JSON: who, what, and the address `/later` that carries the
    launch. `/later` answers who launched, `/picture` too, and may be kept for a minute; `/grades` is for teachers.
    """

    config: Mapping[str, Any]
    options: Mapping[str, Any] = field(factory=dict)
    proxied: bool = False
    handler: Callable[[LaunchMessage], Any] | None = None


class Site(Protocol):
    """A framework's way to make such a tool."""

    def application(self, wanted: Wanted) -> Any:
        """The WSGI application."""


class FlaskSite:
    """The Flask adapter."""

    def application(self, wanted: Wanted) -> Any:
        app = Flask("tool")
        lti = Lti(config=wanted.config, **wanted.options)

        @lti.resource_link
        @lti.deep_linking
        def opened(launch: LaunchMessage) -> Any:
            if wanted.handler is not None:
                return wanted.handler(launch)
            return jsonify(who=launch.user.id, kind=launch.message_type, later=launch_url_for("later"))

        @app.get("/later")
        def later() -> Any:
            return jsonify(who=current_launch.user.id)

        @app.get("/picture")
        def picture() -> Any:
            answer = jsonify(of=current_launch.user.id)
            answer.headers["Cache-Control"] = "private, max-age=60"
            return answer

        @app.get("/grades")
        @role_required("teacher", "teaching_assistant")
        def grades() -> Any:
            return jsonify(grades=[])

        lti.init_app(app)
        if wanted.proxied:
            app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)  # type: ignore[method-assign]
        return app


SITES: Mapping[str, Site] = {"flask": FlaskSite()}


@contextmanager
def serving(make: Callable[[str], Any]) -> Iterator[str]:
    """Serve what `make` makes of the address that it is served at."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    server.app = make(url)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)  # seconds between looks at shutdown
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
