"""DjangoCookieService: cookies in Django's terms."""

from django.http import HttpResponseBase

from lti_adapters.django.requests import add_headers
from lti_adapters.pylti1p3.contrib.django.request import DjangoRequest
from lti_adapters.pylti1p3.contrib.request_cookies import RequestCookies
from lti_adapters.pylti1p3.cookie import CookieService, cookie_header, takes_secure_cookies

__all__ = ["CookieService", "DjangoCookieService", "DjangoRequest"]


class DjangoCookieService(RequestCookies):
    """Sets its cookies on a response of the framework."""

    def update_response(self, response: HttpResponseBase) -> None:
        """Set the cookies."""
        for key, cookie in self._cookie_data_to_set.items():
            value, exp = cookie["value"], cookie["exp"]
            header = cookie_header(key, value, exp, is_secure=takes_secure_cookies(self._request))
            if header.endswith("; Partitioned"):
                add_headers(response, [("Set-Cookie", header)])
            else:
                response.set_cookie(key, str(value), max_age=exp, path="/", httponly=True)
