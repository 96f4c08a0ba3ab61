"""The launch of a request: of the launch itself, or of a later one that carries its id."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.requests import Request

from lti_adapters.starlette.here import here_of
from lti_adapters.starlette.requests import asked_of
from lti_adapters.web import later
from lti_adapters.web.later import IN_ADDRESS, IN_HEADER, Entered
from lti_core.errors import AccessRefused
from lti_core.messages import LaunchMessage


async def current_launch(request: Request) -> LaunchMessage:
    """The launch of this request. A later request carries its id as `?lti_launch=...` or in `X-LTI-Launch`.

    Raises:
        AccessRefused: `launch.not_launched` when the request carries no launch.
        LaunchRefused: `launch.not_remembered`, `launch.browser_mismatch`.
        StorageFailed: the store did not answer.
    """
    return (await _entered(request)).message


async def _entered(request: Request) -> Entered:
    here = here_of(request)
    if here.entered is None:
        launch_id = request.headers.get(IN_HEADER) or request.query_params.get(IN_ADDRESS, "")
        tools = [served.mounted for served in here.tools.values()]
        here.entered = await here.run(later.enter, launch_id, tools, lambda mounted: asked_of(request, mounted.name))
    return here.entered


def current_launch_id(request: Request) -> str:
    """The id of the request's launch, once `current_launch` was asked for it: what `launch_url_for` puts in addresses.

    Raises:
        AccessRefused: `launch.not_launched` before that.
    """
    entered = here_of(request).entered
    if entered is None:
        raise AccessRefused("launch.not_launched", "This page belongs to a launch; open it from your course.")
    return entered.launch_id


def launch_url_for(request: Request, name: str, /, **path_params: object) -> str:
    """The path of the application's route of that name, on this host, which carries the request's launch.

    Raises:
        AccessRefused: as `current_launch_id`.
    """
    path = here_of(request).path_for(name, **path_params)
    return f"{path}?{urlencode({IN_ADDRESS: current_launch_id(request)})}"


def role_required(*questions: str) -> Callable[[Request], Awaitable[LaunchMessage]]:
    """As `current_launch`, for people of whom one of `questions` is true: "teacher", "student" ...

    Everybody else gets 403 (`tool.role_required`).

    Raises:
        ConfigurationError: `config.role_unknown`, when it is made.
    """
    later.check_questions(questions)

    async def launch_of_role(request: Request) -> LaunchMessage:
        entered = await _entered(request)
        await here_of(request).run(later.demand_role, entered, questions)
        return entered.message

    return launch_of_role
