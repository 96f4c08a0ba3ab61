"""The addresses of a tool: login, launch, the launched page, and the key set."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from lti_adapters.django.access import enter
from lti_adapters.django.mount import Mount, marked
from lti_adapters.django.requests import add_headers, asked_of, of_launch, refusal, response_of
from lti_adapters.web import endpoints
from lti_adapters.web.answer import Answer
from lti_adapters.web.later import Entered, restored
from lti_adapters.web.mounted import AfterLaunch
from lti_core.errors import LtiError


def patterns(mount: Mount, after_launch: AfterLaunch) -> list[URLPattern]:
    """The addresses of that tool."""

    def login(request: HttpRequest, **_: Any) -> HttpResponseBase:
        mounted = mount.mounted()
        return response_of(endpoints.login(mounted, asked_of(request, mounted)))

    def launch(request: HttpRequest, **_: Any) -> HttpResponseBase:
        mounted = mount.mounted()
        asked = asked_of(request, mounted)
        entered = endpoints.launch(mounted, asked)
        return response_of(entered) if isinstance(entered, Answer) else _handled(request, entered)

    def launched(request: HttpRequest, launch_id: str, **_: Any) -> HttpResponseBase:
        mounted = mount.mounted()
        return _handled(request, restored(mounted, asked_of(request, mounted), launch_id))

    def jwks(request: HttpRequest, **_: Any) -> HttpResponseBase:
        return response_of(endpoints.key_set(mount.mounted()))

    found = [("login", login), ("launch", launch), ("jwks", require_safe(jwks))]
    addresses = [path(view_name, _own(view, mount), name=view_name) for view_name, view in found]
    if after_launch == "redirect":
        addresses.append(path("launches/<launch_id>", _own(require_safe(launched), mount), name="launched"))
    return addresses


def _own(view: Callable[..., HttpResponseBase], mount: Mount) -> Callable[..., HttpResponseBase]:
    """A view of ours: it explains what it refuses; platforms post to it; what it has kept stays kept.

    Were a launch undone with the transaction of its request, it could be sent once more.
    """

    @transaction.non_atomic_requests
    @csrf_exempt
    @wraps(view)
    def answering(request: HttpRequest, **captured: Any) -> HttpResponseBase:
        try:
            return view(request, **captured)
        except LtiError as error:
            return refusal(request, error)

    return marked(answering, mount)


def _handled(request: HttpRequest, entered: Entered) -> HttpResponseBase:
    enter(request, entered)
    view = entered.mounted.handlers[entered.message.message_type].view
    called = async_to_sync(view) if iscoroutinefunction(view) else _atomic(view)
    response: HttpResponseBase = called(request, entered.message)
    add_headers(response, entered.cookies)
    return of_launch(entered, response)


def _atomic(view: Callable[..., Any]) -> Callable[..., Any]:
    """The setting ATOMIC_REQUESTS holds for a view of the project, which ours is not."""
    for alias, database in connections.settings.items():
        if database["ATOMIC_REQUESTS"]:
            view = transaction.atomic(using=alias)(view)
    return view
