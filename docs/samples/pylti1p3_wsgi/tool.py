"""A tool on the adapter: it greets, and greets again in later requests."""

import json
import os
from html import escape
from secrets import token_urlsafe

from wsgi_adapter import HTML, WsgiCookies, WsgiLaunch, WsgiLogin, WsgiRequest

from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.session import SessionService
from lti_adapters.pylti1p3.tool_config import ToolConfJsonFile

SESSIONS = {}  # of this process; a program keeps them in a store that forgets
tool_conf = ToolConfJsonFile(os.environ.get("TOOL_CONFIG", "tool.json"))


def login(request, cookies):
    begun = WsgiLogin(request, tool_conf, SessionService(request), cookies)
    return begun.redirect(f"{request.scheme}://{request.host}/lti/launch")


def launch(request, cookies):
    opened = WsgiLaunch(request, tool_conf, SessionService(request), cookies)
    return greeting(opened, f'<p><a href="/again?launch={opened.get_launch_id()}">Again</a></p>')


def again(request, cookies):
    return greeting(
        WsgiLaunch.from_cache(request.get_param("launch"), request, tool_conf, SessionService(request), cookies)
    )


def greeting(opened, more=""):
    name = opened.get_launch_data().get("name", "guest")
    return "200 OK", [HTML], f"<!doctype html><main><h1>Hello {escape(name)}!</h1>{more}</main>"


def jwks(request, cookies):
    return "200 OK", [("Content-Type", "application/json")], json.dumps(tool_conf.get_jwks())


def missing(request, cookies):
    return "404 Not Found", [HTML], "There is no such page."


VIEWS = {"/lti/login": login, "/lti/launch": launch, "/lti/jwks": jwks, "/again": again}


def application(environ, start_response):
    request = WsgiRequest(environ)
    cookies = WsgiCookies(request)
    session_id = cookies.get_cookie("session")
    if session_id not in SESSIONS:
        session_id = token_urlsafe()
        cookies.set_cookie("session", session_id)
    request.session = SESSIONS.setdefault(session_id, {})
    try:
        status, headers, text = VIEWS.get(environ["PATH_INFO"], missing)(request, cookies)
    except LtiException as error:
        status, headers, text = "400 Bad Request", [HTML], escape(str(error))
    start_response(status, [*headers, *(one for one in cookies.headers if one not in headers)])
    return [text.encode()]
