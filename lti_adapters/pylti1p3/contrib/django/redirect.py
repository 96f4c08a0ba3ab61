"""DjangoRedirect: the way to the platform, as Django's response."""

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect

from lti_adapters.pylti1p3.contrib.django.cookie import DjangoCookieService
from lti_adapters.pylti1p3.cookies_allowed_check import redirecting_page
from lti_adapters.pylti1p3.redirect import Redirect


class DjangoRedirect(Redirect[HttpResponseBase]):
    """Sets the cookies on its way."""

    def __init__(self, location: str, cookie_service: DjangoCookieService | None = None) -> None:
        self._location = location
        self._cookie_service = cookie_service

    def do_redirect(self) -> HttpResponseBase:
        """See `Redirect`."""
        return self._with_cookies(_Going(self._location))

    def do_js_redirect(self) -> HttpResponseBase:
        """See `Redirect`."""
        return self._with_cookies(HttpResponse(redirecting_page(self._location)))

    def set_redirect_url(self, location: str) -> None:
        """See `Redirect`."""
        self._location = location

    def get_redirect_url(self) -> str:
        """See `Redirect`."""
        return self._location

    def _with_cookies(self, response: HttpResponseBase) -> HttpResponseBase:
        response.headers["Cache-Control"] = "no-store"
        if self._cookie_service is not None:
            self._cookie_service.update_response(response)
        return framed(response)


class _Going(HttpResponseRedirect):
    """Django's own refuses long addresses, as those to platforms are."""

    def __init__(self, location: str) -> None:
        HttpResponse.__init__(self, status=302, headers={"Location": location})


def framed(response: HttpResponseBase) -> HttpResponseBase:
    """It may stand in a platform's frame: `X-Frame-Options` is not added to it."""
    vars(response)["xframe_options_exempt"] = True
    return response
