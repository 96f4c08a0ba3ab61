"""An adapter for a bare WSGI application, over the abstract classes that the old package had. An answer is
`(status, headers, text)`."""

from urllib.parse import parse_qsl

from lti_adapters.pylti1p3.cookie import CookieService
from lti_adapters.pylti1p3.message_launch import MessageLaunch
from lti_adapters.pylti1p3.oidc_login import OIDCLogin
from lti_adapters.pylti1p3.redirect import Redirect
from lti_adapters.pylti1p3.request import Request

MOST = 256 * 1024  # bytes of a form
HTML, IN_FRAMES = ("Content-Type", "text/html; charset=utf-8"), "Path=/; HttpOnly; Secure; SameSite=None; Partitioned"


class WsgiRequest(Request):
    session = None  # whoever makes the request sets it

    def __init__(self, environ):
        form = environ["wsgi.input"].read(max(0, min(int(environ.get("CONTENT_LENGTH") or 0), MOST)))
        self.params = dict(parse_qsl(environ.get("QUERY_STRING", "")) + parse_qsl(form.decode(errors="replace")))
        self.cookies = dict(pair.strip().partition("=")[::2] for pair in environ.get("HTTP_COOKIE", "").split(";"))
        self.scheme, self.host = environ["wsgi.url_scheme"], environ.get("HTTP_HOST", "")

    def is_secure(self):
        return self.scheme == "https"

    def get_param(self, key):
        return self.params.get(key)

    def get_host(self):
        return self.host


class WsgiCookies(CookieService):
    def __init__(self, request):
        self.request, self.headers = request, []

    def get_cookie(self, name):
        return self.request.cookies.get(self._get_key(name))

    def set_cookie(self, name, value, exp=3600):
        lifetime = "" if exp is None else f"; Max-Age={exp}"
        self.headers.append(("Set-Cookie", f"{self._get_key(name)}={value}; {IN_FRAMES}{lifetime}"))


class WsgiRedirect(Redirect):
    def __init__(self, location, headers):
        self.location, self.headers = location, headers

    def do_redirect(self):
        return "302 Found", [("Location", self.location), *self.headers], ""

    def do_js_redirect(self):
        return "200 OK", [("Refresh", f"0; url={self.location}"), HTML, *self.headers], ""

    def set_redirect_url(self, location):
        self.location = location

    def get_redirect_url(self):
        return self.location


class WsgiLogin(OIDCLogin):
    def get_redirect(self, url):
        return WsgiRedirect(url, self._cookie_service.headers)

    def get_response(self, html):
        return "200 OK", [HTML], html


class WsgiLaunch(MessageLaunch):
    def _get_request_param(self, key):
        return self._request.get_param(key)
