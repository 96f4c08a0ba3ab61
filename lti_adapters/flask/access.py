"""The launch of a request: of the launch itself, or of a later one that carries its id."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar, cast

from flask import g, request, url_for
from werkzeug.local import LocalProxy

from lti_adapters.flask.mounted import Mounted, mounted_tools
from lti_adapters.flask.requests import launch_url
from lti_core.errors import AccessRefused
from lti_core.messages import LaunchMessage
from lti_core.roles import Roles

IN_ADDRESS = "lti_launch"
IN_HEADER = "X-LTI-Launch"

Params = ParamSpec("Params")
Answer = TypeVar("Answer")


def enter(mounted: Mounted, message: LaunchMessage, launch_id: str) -> None:
    """Make `message` the launch of this request."""
    g.lti_launch, g.lti_launch_id, g.lti_mounted = message, launch_id, mounted


def current_launch_id() -> str:
    """The id of this request's launch: what `launch_url_for` puts into addresses.

    Raises:
        AccessRefused, LaunchRefused: as `current_launch`.
    """
    _current()
    return str(g.lti_launch_id)


def _current() -> LaunchMessage:
    if "lti_launch" not in g:
        launch_id = request.headers.get(IN_HEADER) or request.args.get(IN_ADDRESS)
        if not launch_id:
            message = "This page belongs to a launch; open it from your course."
            _refuse(mounted_tools()[0], AccessRefused("launch.not_launched", message))
        enter(*_restored(launch_id), launch_id)
    return cast(LaunchMessage, g.lti_launch)


def _restored(launch_id: str) -> tuple[Mounted, LaunchMessage]:
    """The launch, by whichever of the application's tools remembers it."""
    *others, last = mounted_tools()
    found = next((mounted for mounted in others if mounted.tool.remembers(launch_id)), last)
    return found, restore(found, launch_id)


def _refuse(mounted: Mounted, refusal: AccessRefused) -> NoReturn:
    mounted.tool.record(refusal, *((g.lti_launch.issuer, g.lti_launch.client_id) if "lti_launch" in g else ()))
    raise refusal


def restore(mounted: Mounted, launch_id: str) -> LaunchMessage:
    """The launch of that id, for the browser that opened it."""
    return mounted.tool.restore(
        launch_id, launch_url=launch_url(mounted), cookies=request.cookies, message_types=mounted.message_types()
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
                _refuse(g.lti_mounted, refusal)
            return view(*args, **kwargs)

        return guarded

    return decorated
