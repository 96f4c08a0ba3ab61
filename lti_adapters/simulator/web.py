"""The simulated platform as a web page, for people: choose who opens what, and watch the tool in a frame.

The platform is best served on 127.0.0.1 and the tool on localhost: two sites to a browser, as in real life.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, jsonify, render_template, request
from urllib3.exceptions import HTTPError

from lti_adapters.simulator.broken import SUBJECTS
from lti_adapters.simulator.choices import choices, message_for, person_named, variation_named
from lti_adapters.simulator.clients import HttpClient
from lti_adapters.simulator.overview import overview
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.profiles.profile import Profile
from lti_adapters.simulator.report import of_answer, of_login
from lti_adapters.simulator.served import METHODS, serve_service, url_of
from lti_core.errors import LtiError

MAX_FORM = 1024 * 1024
RETURNED = ("lti_msg", "lti_errormsg")
STORAGE = "lti_storage_target"


def local_platform(host: str, port: int, tool_url: str, profile: str | Profile = "spec") -> SimulatedPlatform:
    """A platform that is served at that host and port, for the tool at `tool_url`, which publishes its own keys."""
    url = tool_url.rstrip("/")
    issuer = f"http://{host}:{port}"
    return SimulatedPlatform(issuer=issuer, tool_url=url, profile=profile, tool_key_set=partial(fetch_tool_keys, url))


def fetch_tool_keys(tool_url: str) -> bytes:
    """The tool's key set, as it publishes it.

    Raises:
        OSError: nobody answers there.
    """
    try:
        page = HttpClient(tool_url).send("GET", f"{tool_url}/lti/jwks", (), "application/json")
    except HTTPError as error:
        raise OSError("the tool's keys cannot be had") from error
    return page.text.encode()


def create_platform_app(platform: SimulatedPlatform) -> Flask:
    """`platform` as a WSGI application, to be served at its issuer's address."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM
    app.extensions["lti_platform"] = platform
    for path, view in (("/", home), ("/storage", storage), ("/return", returned), ("/healthz", health)):
        app.add_url_rule(path, view_func=view)
    app.add_url_rule("/launch", view_func=launch, methods=["POST"])
    app.add_url_rule("/deep-links", view_func=deep_links, methods=["POST"])
    app.add_url_rule("/auth", view_func=authorize, methods=["GET", "POST"])
    everything_else = "/<path:rest>"
    app.add_url_rule(everything_else, view_func=service, methods=METHODS, provide_automatic_options=False)
    app.register_error_handler(LtiError, refused)
    app.register_error_handler(HTTPError, unreachable)
    app.after_request(_guarded(platform))
    return app


def home() -> str:
    """The page: people, activities, broken launches, and the frame."""
    platform = _platform()
    return render_template(
        "home.html",
        platform=platform,
        course=platform.courses[0],
        people=platform.people,
        choices=choices(platform),
        subjects=SUBJECTS,
        overview=overview(platform),
        tools=_tools(platform),
    )


def storage() -> str:
    """A page without content that keeps values for tools, in a frame beside theirs (LTI postMessage Storage 0.1)."""
    return render_template("storage.html", tools=_tools(_platform()))


def launch() -> str:
    """Send the browser to the tool's login address (OIDC step 1)."""
    platform = _platform()
    person = person_named(platform, request.form.get("person", ""))
    how = request.form.get("how", "frame")
    variation = variation_named(request.form.get("broken", "")) if how == "broken" else None
    message = message_for(platform, person, request.form.get("activity", ""), how)
    login = dict(platform.initiate(message, variation))
    if how != "window" and request.form.get("storage"):
        login[STORAGE] = request.form["storage"]
    return _forward(platform.login_url, tuple(login.items()), of_login(platform.login_url, login, variation))


def authorize() -> str:
    """The authorization endpoint (OIDC step 2): send the browser back to the tool with a token."""
    platform = _platform()
    sent = request.form if request.method == "POST" else request.args
    answer = platform.authorize(sent.items(multi=True), lambda: HttpClient(platform.tool_url))
    return _forward(answer.action, answer.fields, of_answer(answer), method=answer.method, before=answer.before)


def deep_links() -> str:
    """Where a tool's deep linking response is posted to (Deep Linking 2.0 §4.5)."""
    platform = _platform()
    received = platform.deep_linking_response(url_of(platform, request), request.form.get("JWT", ""))
    return render_template("picked.html", received=received)


def service(rest: str) -> Response:
    """The services, and the platform's public keys."""
    return serve_service(_platform(), request)


def returned() -> str:
    """Where a tool sends people back to (LTI 1.3 §5.4.4)."""
    return render_template("return.html", texts={name: request.args.get(name) for name in RETURNED})


def health() -> Response:
    """Whether the platform is up."""
    return jsonify(status="ok")


def refused(error: LtiError) -> tuple[str, int]:
    """A request that this platform cannot answer."""
    return render_template("problem.html", text=error.message, error=error), 400


def unreachable(error: HTTPError) -> tuple[str, int]:
    """The platform itself must ask the tool for a login, and nobody answers there."""
    text = f"The tool does not answer at {_platform().tool_url}. Is it running?"
    return render_template("problem.html", text=text, error=None), 502


def _forward(action: str, fields: Any, report: dict[str, object], **how: Any) -> str:
    return render_template("forward.html", action=action, fields=fields, report=report, **how)


def _platform() -> SimulatedPlatform:
    platform: SimulatedPlatform = current_app.extensions["lti_platform"]
    return platform


def _guarded(platform: SimulatedPlatform) -> Callable[[Response], Response]:
    """Adds the headers that every answer has. Only the tool may be framed and posted to."""
    tools = _tools(platform)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
        f"frame-src 'self' {tools}; form-action 'self' {tools}; frame-ancestors 'self'"
    )

    def add(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = policy
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return add


def _tools(platform: SimulatedPlatform) -> str:
    """The origins of the tool's addresses."""
    return " ".join(sorted({_origin(url) for url in (platform.login_url, *platform.redirect_uris)}))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
