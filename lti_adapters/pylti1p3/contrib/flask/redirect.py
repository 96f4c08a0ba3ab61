"""FlaskRedirect: the way to the platform, as Flask's response."""

from flask import Response, current_app, make_response

from lti_adapters.pylti1p3.contrib.flask.cookie import FlaskCookieService
from lti_adapters.pylti1p3.cookies_allowed_check import redirecting_page
from lti_adapters.pylti1p3.redirect import Redirect


class FlaskRedirect(Redirect[Response]):
    """Sets the cookies on its way."""

    def __init__(self, location: str, cookie_service: FlaskCookieService | None = None) -> None:
        self._location = location
        self._cookie_service = cookie_service

    def do_redirect(self) -> Response:
        """See `Redirect`. Without the page that Flask writes for browsers which do not follow."""
        return self._with_cookies(current_app.response_class(status=302, headers={"Location": self._location}))

    def do_js_redirect(self) -> Response:
        """See `Redirect`."""
        return self._with_cookies(make_response(redirecting_page(self._location)))

    def set_redirect_url(self, location: str) -> None:
        """See `Redirect`."""
        self._location = location

    def get_redirect_url(self) -> str:
        """See `Redirect`."""
        return self._location

    def _with_cookies(self, response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        if self._cookie_service is not None:
            self._cookie_service.update_response(response)
        return response
