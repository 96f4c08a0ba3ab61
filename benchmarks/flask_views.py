"""Two empty Flask views that read the same forms: what a login and a launch cost before any package does anything."""

from typing import Any

from flask import Flask, Response, redirect, request


def empty_app() -> Flask:
    """Reads the forms, and answers as short as the others do."""
    app = Flask("empty")

    @app.post("/lti/login")
    def login() -> Response:
        return redirect(request.form["iss"])  # type: ignore[return-value]  # werkzeug's response is Flask's here

    @app.post("/lti/launch")
    def launch() -> str:
        return request.form["state"] and request.form["id_token"] and "ok"

    return app


def flask_app(container: Any) -> Flask:
    """This library's, which the other package's environment has not got."""
    from lti_adapters.flask import Lti

    app = Flask("new")
    Lti(app, container=container).resource_link(lambda launch: "ok")
    return app
