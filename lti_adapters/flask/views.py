"""The addresses of a tool: login, launch, the launched page, and the key set."""

from typing import NoReturn

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, request, url_for

from lti_adapters.flask.access import Entered, enter, not_kept, restore
from lti_adapters.flask.mounted import AfterLaunch, Mounted, mounted_as
from lti_adapters.flask.requests import (
    cookies,
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

_TOO_LARGE = "The request is too large."
_EVERY_METHOD = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")  # so that our refusal answers those we don't take


def views(name: str, after_launch: AfterLaunch) -> Blueprint:
    """The addresses of the tool called `name`."""
    lti = Blueprint(name, __name__)

    @lti.route("/login", methods=_EVERY_METHOD)
    def login() -> Response:
        return _login(mounted_as(name))

    @lti.route("/launch", methods=_EVERY_METHOD)
    def launch() -> Response:
        return _launch(mounted_as(name))

    if after_launch == "redirect":

        @lti.get("/launches/<launch_id>")
        def launched(launch_id: str) -> Response:
            mounted = mounted_as(name)
            return _handled(Entered(mounted, restore(mounted, launch_id), launch_id))

    @lti.get("/jwks")
    def jwks() -> Response:
        answer = jsonify(mounted_as(name).tool.public_keys())
        answer.cache_control.public = True
        answer.cache_control.max_age = 300
        return answer

    lti.after_request(not_kept)
    return lti


def _login(mounted: Mounted) -> Response:
    try:
        pairs = _initiation_pairs()
    except LtiError as error:
        _refuse(mounted, error)
    going = mounted.tool.login(pairs, launch_url=launch_url(mounted), cookies=cookies())
    if going.needs_form:
        answer = page_response(post_page(going.action, going.parameters, **texts_of(mounted)))
    else:
        answer = current_app.response_class(status=302, headers={"Location": going.url})
    set_cookie(answer, going.cookie_name, going.cookie_value, going.cookie_lifetime)
    for stale in going.stale_cookies:
        delete_cookie(answer, stale)
    return answer


def _initiation_pairs() -> list[tuple[str, str]]:
    """The parameters in the address or in a posted form."""
    if request.method in ("GET", "HEAD"):
        return query_pairs()
    if request.method != "POST":
        message, spec = "A login begins with GET or POST.", "1EdTech Security Framework 1.0 §5.1.1.1"
        raise LoginRefused("login.method_not_allowed", message, spec, "GET or POST", request.method)
    return form_pairs(lambda: LoginRefused("login.too_large", _TOO_LARGE))


def _launch(mounted: Mounted) -> Response:
    try:
        pairs = _response_pairs()
    except LtiError as error:
        _refuse(mounted, error)
    opened = mounted.tool.launch(
        pairs, launch_url=launch_url(mounted), cookies=cookies(), message_types=mounted.message_types()
    )
    if mounted.after_launch == "redirect":
        answer = make_response(redirect(url_for(".launched", launch_id=opened.launch_id), 303))
    else:
        answer = _handled(Entered(mounted, opened.message, opened.launch_id))
    set_cookie(answer, opened.cookie_name, opened.cookie_value, opened.cookie_lifetime)
    return answer


def _response_pairs() -> list[tuple[str, str]]:
    """A posted form; a refusal may also come in the address. A token there is refused: it would stay in logs."""
    in_address = request.args if request.query_string else {}
    posted, asked = request.method == "POST", request.method in ("GET", "HEAD")
    if "id_token" in in_address or not (posted or (asked and "error" in in_address)):
        message = "A launch is a form that the platform posts; open the activity in your course."
        spec = "1EdTech Security Framework 1.0 §5.1.1.3"
        raise LaunchRefused("launch.method_not_allowed", message, spec, "POST", request.method)
    if asked:
        return query_pairs()
    return form_pairs(lambda: LaunchRefused("launch.too_large", _TOO_LARGE))


def _handled(entered: Entered) -> Response:
    enter(entered)
    view = entered.mounted.handlers[entered.message.message_type].view
    return make_response(current_app.ensure_sync(view)(entered.message))


def _refuse(mounted: Mounted, error: LtiError) -> NoReturn:
    mounted.tool.record(error)
    raise error
