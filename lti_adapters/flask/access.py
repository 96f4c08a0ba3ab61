"""The launch of a request: of the launch itself, or of a later one that carries its id."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from attrs import frozen
from flask import Response, after_this_request, current_app, request, url_for
from werkzeug.local import LocalProxy

from lti_adapters.flask.mounted import Mounted, mounted_tools
from lti_adapters.flask.requests import cookies, launch_url
from lti_core.errors import AccessRefused
from lti_core.messages import LaunchMessage
from lti_core.roles import Roles

IN_ADDRESS = "lti_launch"
IN_HEADER = "X-LTI-Launch"
_IN_ENVIRON = "lti.launch"  # not in flask.g: an application context may outlive a request

Params = ParamSpec("Params")
Answer = TypeVar("Answer")


@frozen
class Entered:
    """The launch of a request, its id, and the tool that accepted it."""

    mounted: Mounted
    message: LaunchMessage
    launch_id: str


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
        launch_id = request.headers.get(IN_HEADER) or request.args.get(IN_ADDRESS)
        if not launch_id:
            message = "This page belongs to a launch; open it from your course."
            raise _recorded(mounted_tools()[0], AccessRefused("launch.not_launched", message))
        found = Entered(*_restored(launch_id), launch_id)
        enter(found)
        after_this_request(not_kept)
    return found


def not_kept(answer: Response) -> Response:
    """What a page shows of a launch is for this browser, and for this time, unless the page says otherwise."""
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _restored(launch_id: str) -> tuple[Mounted, LaunchMessage]:
    """The launch, by whichever of the application's tools remembers it."""
    *others, last = mounted_tools()
    found = next((mounted for mounted in others if mounted.tool.remembers(launch_id)), last)
    return found, restore(found, launch_id)


def _recorded(mounted: Mounted, refusal: AccessRefused, *platform: str) -> AccessRefused:
    mounted.tool.record(refusal, *platform)
    return refusal


def restore(mounted: Mounted, launch_id: str) -> LaunchMessage:
    """The launch of that id, for the browser that opened it."""
    return mounted.tool.restore(
        launch_id, launch_url=launch_url(mounted), cookies=cookies(), message_types=mounted.message_types()
    )


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
    for question in questions:
        Roles(()).answers(question)

    def decorated(view: Callable[Params, Answer]) -> Callable[Params, Answer]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
            if not any(current_launch.roles.answers(question) for question in questions):
                message = "Your role in this course does not allow that."
                refusal = AccessRefused("tool.role_required", message, expected=", ".join(questions))
                raise _recorded(_entered().mounted, refusal, current_launch.issuer, current_launch.client_id)
            answer: Answer = current_app.ensure_sync(view)(*args, **kwargs)
            return answer

        return guarded

    return decorated
