"""FlaskCookieService: cookies in Flask's terms."""

from flask import Response

from lti_adapters.pylti1p3.contrib.flask.request import FlaskRequest
from lti_adapters.pylti1p3.contrib.request_cookies import RequestCookies
from lti_adapters.pylti1p3.cookie import CookieService, cookie_header, takes_secure_cookies

__all__ = ["CookieService", "FlaskCookieService", "FlaskRequest"]


class FlaskCookieService(RequestCookies):
    """Sets its cookies on a response of the framework."""

    def update_response(self, response: Response) -> None:
        """Set the cookies."""
        is_secure = takes_secure_cookies(self._request)
        for key, cookie in self._cookie_data_to_set.items():
            value = str(cookie["value"]).encode().decode("latin-1")  # Flask reads the octets of a cookie as UTF-8
            header = cookie_header(key, value, cookie["exp"], is_secure=is_secure)
            response.headers.add("Set-Cookie", header)
