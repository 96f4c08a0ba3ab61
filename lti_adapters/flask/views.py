"""The addresses of a tool: login, launch, the launched page, and the key set."""

from typing import NoReturn

from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for

from lti_adapters.flask.access import enter, restore
from lti_adapters.flask.mounted import Mounted, mounted_as
from lti_adapters.flask.requests import (
    delete_cookie,
    form_pairs,
    launch_url,
    page_response,
    query_pairs,
    set_cookie,
    texts_of,
)
from lti_adapters.pages.post import post_page
from lti_core.errors import LaunchRefused, LoginRefused, LtiError
from lti_core.messages import LaunchMessage

_TOO_LARGE = "The request is too large."


def views(name: str) -> Blueprint:
    """The addresses of the tool called `name`."""
    lti = Blueprint(name, __name__)

    @lti.route("/login", methods=["GET", "POST"])
    def login() -> Response:
        return _login(mounted_as(name))

    @lti.route("/launch", methods=["GET", "POST"])
    def launch() -> Response:
        return _launch(mounted_as(name))

    @lti.get("/launches/<launch_id>")
    def launched(launch_id: str) -> Response:
        mounted = mounted_as(name)
        return _handled(mounted, restore(mounted, launch_id), launch_id)

    @lti.get("/jwks")
    def jwks() -> Response:
        answer = jsonify(mounted_as(name).tool.public_keys())
        answer.cache_control.public = True
        answer.cache_control.max_age = 300
        return answer

    @lti.after_request
    def not_kept(answer: Response) -> Response:
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return lti


def _login(mounted: Mounted) -> Response:
    if request.method == "POST":
        try:
            pairs = form_pairs(LoginRefused("login.too_large", _TOO_LARGE))
        except LtiError as error:
            _refuse(mounted, error)
    else:
        pairs = query_pairs()
    going = mounted.tool.login(pairs, launch_url=launch_url(mounted), cookies=request.cookies)
    if going.needs_form:
        answer = page_response(post_page(going.action, going.parameters, **texts_of(mounted)))
    else:
        answer = make_response(redirect(going.url))
    set_cookie(answer, going.cookie_name, going.cookie_value, going.cookie_lifetime)
    for stale in going.stale_cookies:
        delete_cookie(answer, stale)
    return answer


def _launch(mounted: Mounted) -> Response:
    try:
        pairs = _response_pairs()
    except LtiError as error:
        _refuse(mounted, error)
    opened = mounted.tool.launch(
        pairs, launch_url=launch_url(mounted), cookies=request.cookies, message_types=mounted.message_types()
    )
    if mounted.after_launch == "redirect":
        answer = make_response(redirect(url_for(".launched", launch_id=opened.launch_id), 303))
    else:
        answer = _handled(mounted, opened.message, opened.launch_id)
    set_cookie(answer, opened.cookie_name, opened.cookie_value, opened.cookie_lifetime)
    return answer


def _response_pairs() -> list[tuple[str, str]]:
    """A posted form; a refusal may also come in the address. A token there is refused: it would stay in logs."""
    in_address = request.args
    if "id_token" in in_address or (request.method != "POST" and "error" not in in_address):
        message = "A launch is a form that the platform posts; open the activity in your course."
        spec = "1EdTech Security Framework 1.0 §5.1.1.3"
        raise LaunchRefused("launch.method_not_allowed", message, spec, "POST", request.method)
    if request.method != "POST":
        return query_pairs()
    return form_pairs(LaunchRefused("launch.too_large", _TOO_LARGE))


def _handled(mounted: Mounted, message: LaunchMessage, launch_id: str) -> Response:
    enter(mounted, message, launch_id)
    return make_response(mounted.handlers[message.message_type].view(message))


def _refuse(mounted: Mounted, error: LtiError) -> NoReturn:
    mounted.tool.record(error)
    raise error
