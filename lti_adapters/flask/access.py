"""The launch of a request: of the launch itself, or of a later one that carries its id."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Response, after_this_request, current_app, request, url_for
from werkzeug.local import LocalProxy

from lti_adapters.flask.mounted import mounted_tools
from lti_adapters.flask.requests import asked_of
from lti_adapters.web import later
from lti_adapters.web.later import IN_ADDRESS, IN_HEADER, Entered
from lti_core.messages import LaunchMessage

_IN_ENVIRON = "lti.launch"  # not in flask.g: an application context may outlive a request

Params = ParamSpec("Params")
Answer = TypeVar("Answer")


def enter(entered: Entered) -> None:
    """Make that the launch of this request."""
    request.environ[_IN_ENVIRON] = entered


def current_launch_id() -> str:
    """The id of this request's launch: what `launch_url_for` puts into addresses.

    Raises:
        AccessRefused, LaunchRefused: as `current_launch`.
    """
    return _entered().launch_id


def _current() -> LaunchMessage:
    return _entered().message


def _entered() -> Entered:
    found: Entered | None = request.environ.get(_IN_ENVIRON)
    if found is None:
        launch_id = request.headers.get(IN_HEADER) or request.args.get(IN_ADDRESS, "")
        found = later.enter(launch_id, mounted_tools(), asked_of)
        enter(found)
        after_this_request(partial(of_launch, found))
    return found


def of_launch(entered: Entered, answer: Response) -> Response:
    """`answer` with the headers that it has when it shows a launch."""
    for name, value in entered.defaults:
        answer.headers.setdefault(name, value)
    return answer


current_launch: LaunchMessage = cast(LaunchMessage, LocalProxy(_current))
"""The launch of this request. A later request carries its id as `?lti_launch=...` or in the header `X-LTI-Launch`.

Raises (when it is used):
    AccessRefused: `launch.not_launched` when the request carries no launch.
    LaunchRefused: `launch.not_remembered`, `launch.browser_mismatch`.
"""


def launch_url_for(endpoint: str, **values: str | int) -> str:
    """As Flask's `url_for`, and the address carries the current launch."""
    arguments: dict[str, Any] = {IN_ADDRESS: current_launch_id(), **values}
    return url_for(endpoint, **arguments)


def role_required(*questions: str) -> Callable[[Callable[Params, Answer]], Callable[Params, Answer]]:
    """A view for people of whom one of `questions` is true: "teacher", "student", "teaching_assistant" ...

    The view answers 403 (`tool.role_required`) to everybody else.

    Raises:
        ConfigurationError: `config.role_unknown`, when the view is defined.
    """
    later.check_questions(questions)

    def decorated(view: Callable[Params, Answer]) -> Callable[Params, Answer]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
            later.demand_role(_entered(), questions)
            answer: Answer = current_app.ensure_sync(view)(*args, **kwargs)
            return answer

        return guarded

    return decorated
