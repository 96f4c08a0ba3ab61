"""What FastAPI's applications need beside `Lti`: dependencies that its OpenAPI pages show.

from lti_adapters.starlette.fastapi import REFUSALS, Launch, Lti, role_required

@app.get("/report", responses=REFUSALS)
def report(launch: Annotated[LaunchMessage, Depends(role_required("teacher"))]): ...
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, APIKeyQuery

from lti_adapters.starlette import access
from lti_adapters.starlette.access import current_launch_id, launch_url_for
from lti_adapters.starlette.extension import Lti
from lti_adapters.web.later import IN_ADDRESS, IN_HEADER
from lti_core.messages import LaunchMessage

__all__ = ["REFUSALS", "Launch", "Lti", "current_launch", "current_launch_id", "launch_url_for", "role_required"]

_WHAT = "The id of a launch. The browser's cookie of that launch must come with it."
_InHeader = Security(APIKeyHeader(name=IN_HEADER, scheme_name="launch-in-header", description=_WHAT, auto_error=False))
_InAddress = Security(
    APIKeyQuery(name=IN_ADDRESS, scheme_name="launch-in-address", description=_WHAT, auto_error=False)
)
_Shown = str | None  # the values are read where all frameworks' are; these say to OpenAPI that there are two ways


async def current_launch(
    request: Request, in_header: Annotated[_Shown, _InHeader], in_address: Annotated[_Shown, _InAddress]
) -> LaunchMessage:
    """As `lti_adapters.starlette.current_launch`, for `Depends`."""
    return await access.current_launch(request)


Launch = Annotated[LaunchMessage, Depends(current_launch)]
"""A parameter of this type is the launch of the request; it is refused without one."""


def role_required(*questions: str) -> Callable[..., Awaitable[LaunchMessage]]:
    """As `lti_adapters.starlette.role_required`, for `Depends`.

    Raises:
        ConfigurationError: `config.role_unknown`, when it is made.
    """
    launch_of_role = access.role_required(*questions)

    async def shown(request: Request, launch: Launch) -> LaunchMessage:
        return await launch_of_role(request)

    return shown


def _refused(description: str) -> dict[str, Any]:
    error = {"type": "object", "properties": {name: {"type": "string"} for name in ("code", "message", "spec")}}
    schema = {"type": "object", "properties": {"error": error}}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: _refused("The launch is not remembered, or another browser's."),
    403: _refused("The request carries no launch, or the person's role does not allow it."),
    503: _refused("A store does not answer."),
}
"""For `responses` of a route, a router or an application: what a page that belongs to a launch may answer, too."""
