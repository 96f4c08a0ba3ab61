"""The addresses of a tool: login, launch, the launched page, and the key set."""

from flask import Blueprint, Response, current_app, make_response

from lti_adapters.flask.access import enter, of_launch
from lti_adapters.flask.mounted import mounted_as
from lti_adapters.flask.requests import asked_of, response_of
from lti_adapters.web import endpoints
from lti_adapters.web.answer import Answer
from lti_adapters.web.later import Entered, restored
from lti_adapters.web.mounted import AfterLaunch


def views(name: str, after_launch: AfterLaunch) -> Blueprint:
    """The addresses of the tool called `name`."""
    lti = Blueprint(name, __name__)

    @lti.route("/login", methods=endpoints.METHODS)
    def login() -> Response:
        mounted = mounted_as(name)
        return response_of(endpoints.login(mounted, asked_of(mounted)))

    @lti.route("/launch", methods=endpoints.METHODS)
    def launch() -> Response:
        mounted = mounted_as(name)
        asked = asked_of(mounted)
        entered = endpoints.launch(mounted, asked)
        return response_of(entered) if isinstance(entered, Answer) else _handled(entered)

    if after_launch == "redirect":

        @lti.get("/launches/<launch_id>")
        def launched(launch_id: str) -> Response:
            mounted = mounted_as(name)
            return _handled(restored(mounted, asked_of(mounted), launch_id))

    @lti.get("/jwks")
    def jwks() -> Response:
        return response_of(endpoints.key_set(mounted_as(name)))

    return lti


def _handled(entered: Entered) -> Response:
    enter(entered)
    view = entered.mounted.handlers[entered.message.message_type].view
    answer = make_response(current_app.ensure_sync(view)(entered.message))
    for cookie in entered.cookies:
        answer.headers.add(*cookie)
    return of_launch(entered, answer)
