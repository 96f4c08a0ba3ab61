"""LtiMiddleware: `request.lti`, and refusals as pages."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from lti_adapters.django.access import current_launch, entered_in
from lti_adapters.django.requests import of_launch, refusal
from lti_core.errors import LtiError


class LtiMiddleware(MiddlewareMixin):
    """Gives each request `lti`, its launch, which is restored when it is first used; explains what a view refuses.

    Pages of a launch may be framed, and are not kept by caches unless they say so. It stands last in MIDDLEWARE.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Nothing is asked before the view does."""
        vars(request)["lti"] = SimpleLazyObject(lambda: current_launch(request))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """A page for which the launch was looked at shows it, perhaps."""
        entered = entered_in(request)
        return of_launch(entered, response) if entered else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Whatever else a view raises is Django's to answer."""
        if not isinstance(exception, LtiError):
            return None
        entered = entered_in(request)
        return refusal(request, exception, entered.mounted if entered else None)
