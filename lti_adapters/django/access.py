"""The launch of a request: of the launch itself, or of a later one that carries its id."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest
from django.urls import reverse
from django.utils.asyncio import async_unsafe

from lti_adapters.django.mount import mounts
from lti_adapters.django.requests import asked_of
from lti_adapters.web import later
from lti_adapters.web.later import IN_ADDRESS, IN_HEADER, Entered
from lti_core.messages import LaunchMessage

_ENTERED = "_lti_entered"

View = TypeVar("View", bound=Callable[..., Any])


def enter(request: HttpRequest, entered: Entered) -> None:
    """Make that the launch of this request: `request.lti`."""
    vars(request).update({_ENTERED: entered, "lti": entered.message})


def entered_in(request: HttpRequest) -> Entered | None:
    """The launch of this request, where it was asked for already."""
    return vars(request).get(_ENTERED)


def current_launch(request: HttpRequest) -> LaunchMessage:
    """The launch of this request. A later request carries its id as `?lti_launch=...` or in the header `X-LTI-Launch`.

    Raises:
        AccessRefused: `launch.not_launched` when the request carries no launch.
        LaunchRefused: `launch.not_remembered`, `launch.browser_mismatch`.
        SynchronousOnlyOperation: in an asynchronous view that is not decorated with `launch_required`.
    """
    return _entered(request).message


def current_launch_id(request: HttpRequest) -> str:
    """The id of this request's launch: what `launch_url_for` puts into addresses.

    Raises:
        AccessRefused, LaunchRefused, SynchronousOnlyOperation: as `current_launch`.
    """
    return _entered(request).launch_id


def launch_url_for(request: HttpRequest, viewname: str, *args: Any, **kwargs: Any) -> str:
    """As Django's `reverse`, and the address carries the current launch."""
    return reverse(viewname, args=args, kwargs=kwargs, query={IN_ADDRESS: current_launch_id(request)})


def launch_required(view: View) -> View:
    """A view for people who launched the tool; `request.lti` is their launch. Others are refused with 403.

    An asynchronous view may use `request.lti` only when it is decorated so, or with `role_required`.
    """
    return _guarded(view, ())


def role_required(*questions: str) -> Callable[[View], View]:
    """A view for people of whom one of `questions` is true: "teacher", "student", "teaching_assistant" ...

    The view answers 403 (`tool.role_required`) to everybody else.

    Raises:
        ConfigurationError: `config.role_unknown`, when the view is defined.
    """
    later.check_questions(questions)
    return lambda view: _guarded(view, questions)


def _guarded(view: View, questions: Sequence[str]) -> View:
    if iscoroutinefunction(view):

        @wraps(view)
        async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            await sync_to_async(_admit)(request, questions)
            return await view(request, *args, **kwargs)

    else:

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _admit(request, questions)
            return view(request, *args, **kwargs)

    return cast(View, guarded)


def _admit(request: HttpRequest, questions: Sequence[str]) -> None:
    entered = _entered(request)
    if questions:
        later.demand_role(entered, questions)


def _entered(request: HttpRequest) -> Entered:
    return entered_in(request) or _restored(request)


@async_unsafe("The launch is read from a storage: decorate an asynchronous view with @launch_required.")
def _restored(request: HttpRequest) -> Entered:
    launch_id = request.headers.get(IN_HEADER) or request.GET.get(IN_ADDRESS, "")
    tools = [mount.mounted() for mount in mounts()]
    found = later.enter(launch_id, tools, lambda mounted: asked_of(request, mounted))
    enter(request, found)
    return found
