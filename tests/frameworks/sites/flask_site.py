"""The Flask adapter."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from flask import Flask, jsonify
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_adapters.flask import Lti, current_launch, launch_url_for, role_required
from lti_core.messages import LaunchMessage
from tests.frameworks.sites import wsgi
from tests.frameworks.sites.site import Answered, Request, Wanted


class FlaskSite:
    """The Flask adapter."""

    def application(self, wanted: Wanted) -> Any:
        app = Flask("tool")

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

        for tool in wanted.tools():
            _add(app, tool)
        if wanted.proxied:
            app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)  # type: ignore[method-assign]
        return app

    def client(self, application: Any) -> Any:
        """Flask's test client."""
        return application.test_client()

    def answered(self, application: Any, request: Request) -> Answered:
        """As WSGI says."""
        return wsgi.answered(application, request)

    def serving(self, make: Callable[[str], Any]) -> AbstractContextManager[str]:
        """Werkzeug's server."""
        return wsgi.serving(make)


def _add(app: Flask, wanted: Wanted) -> None:
    lti = Lti(app, wanted.config, **wanted.options)

    def opened(launch: LaunchMessage) -> Any:
        if wanted.handler is not None:
            return wanted.handler(launch)
        return jsonify(who=launch.user.id, kind=launch.message_type, later=launch_url_for("later"))

    for message in wanted.messages:
        lti.message(message)(opened)
