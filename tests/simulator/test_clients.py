"""Browsers that programs drive, against real servers on loopback."""

from threading import Thread

import pytest
from attrs import evolve
from flask import Flask, make_response, redirect, request
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from werkzeug.serving import make_server
from werkzeug.test import Client

from lti_adapters.simulator import conformance
from lti_adapters.simulator.clients import HttpClient, Page, browser_of, read_cookies, sent_onward
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import ConfigurationError
from tests.django.project import configure, urlconf_of

configure()

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse  # noqa: E402 settings come first
from django.test import Client as DjangoClient  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


@pytest.fixture
def serve():
    """Serves applications on free ports, and returns their addresses."""
    servers = []

    def serve_one(make_app):
        server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
        url = f"http://127.0.0.1:{server.server_port}"
        server.app = make_app(url)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return url

    yield serve_one
    for server in servers:
        server.shutdown()
        server.server_close()


def wandering_app(_url):
    """Sets cookies, tells which ones come back, and redirects."""
    app = Flask("wandering_app")

    @app.route("/set")
    def set_cookies():
        answer = make_response("set")
        answer.set_cookie("__Host-lti", "one", secure=True, httponly=True, samesite="None", partitioned=True)
        answer.set_cookie("plain", "two")
        return answer

    @app.route("/delete")
    def delete():
        answer = make_response("deleted")
        answer.delete_cookie("plain")
        return answer

    @app.route("/cookies", methods=["GET", "POST"])
    def cookies():
        return {"cookies": dict(request.cookies), "form": request.form, "args": request.args}

    app.add_url_rule("/on", "on", view_func=lambda: redirect("/cookies?at=last", 303))
    app.add_url_rule("/round", "round", view_func=lambda: redirect("/round"))
    app.add_url_rule("/away", "away", view_func=lambda: redirect("https://elsewhere.example/x"))
    return app


def wandering_starlette(_url):
    """The same with Starlette."""

    def set_cookies(_request):
        answer = PlainTextResponse("set")
        answer.headers.append("Set-Cookie", "__Host-lti=one; Path=/; Secure; HttpOnly; SameSite=None; Partitioned")
        answer.set_cookie("plain", "two")
        return answer

    def delete(_request):
        answer = PlainTextResponse("deleted")
        answer.delete_cookie("plain")
        return answer

    async def cookies(request):
        form = dict(await request.form()) if request.method == "POST" else {}
        return JSONResponse({"cookies": request.cookies, "form": form, "args": dict(request.query_params)})

    return Starlette(
        routes=[
            Route("/set", set_cookies),
            Route("/delete", delete),
            Route("/cookies", cookies, methods=["GET", "POST"]),
            Route("/on", lambda _: RedirectResponse("/cookies?at=last", 303)),
        ]
    )


def wandering_django(_url):
    """The same with Django, as its addresses."""

    def set_cookies(_request):
        answer = HttpResponse("set")
        answer.set_cookie("__Host-lti", "one", secure=True, httponly=True, samesite="None")
        answer.set_cookie("plain", "two")
        return answer

    def delete(_request):
        answer = HttpResponse("deleted")
        answer.delete_cookie("plain")
        return answer

    @csrf_exempt
    def cookies(request):
        return JsonResponse({"cookies": request.COOKIES, "form": request.POST.dict(), "args": request.GET.dict()})

    return urlconf_of(
        [
            path("set", set_cookies),
            path("delete", delete),
            path("cookies", cookies),
            path("on", lambda _: HttpResponseRedirect("/cookies?at=last", status=303)),
        ]
    )


@pytest.fixture(params=["http", "flask", "werkzeug", "starlette", "django"])
def browser(request, serve):
    """The same application behind each kind of browser, and its address."""
    if request.param == "http":
        url = serve(wandering_app)
        yield browser_of(HttpClient(url)), url
        return
    if request.param == "starlette":
        yield browser_of(TestClient(wandering_starlette(""))), "https://localhost"
        return
    if request.param == "django":
        with override_settings(ROOT_URLCONF=wandering_django("")):
            yield browser_of(DjangoClient()), "https://localhost"
        return
    app = wandering_app("")
    yield browser_of(app.test_client() if request.param == "flask" else Client(app)), "https://localhost"


def test_cookies_that_want_https_come_back(browser):
    one, url = browser
    assert one.send("GET", f"{url}/set", (), "*/*").cookies == {"__Host-lti": "one", "plain": "two"}
    assert one.send("GET", f"{url}/cookies", (), "*/*").json["cookies"] == {"__Host-lti": "one", "plain": "two"}


def test_deleted_cookies_are_gone(browser):
    one, url = browser
    one.send("GET", f"{url}/set", (), "*/*")
    one.send("GET", f"{url}/delete", (), "*/*")
    assert one.send("GET", f"{url}/cookies", (), "*/*").json["cookies"] == {"__Host-lti": "one"}


def test_a_fresh_browser_has_no_cookies(browser):
    one, url = browser
    one.send("GET", f"{url}/set", (), "*/*")
    assert one.fresh().send("GET", f"{url}/cookies", (), "*/*").json["cookies"] == {}


def test_fields_go_into_the_form_or_the_query(browser):
    one, url = browser
    fields = (("a", "ü & =+"), ("b", ""))
    posted = one.send("POST", f"{url}/cookies?q=1", fields, "*/*").json
    asked = one.send("GET", f"{url}/cookies?q=1", fields, "*/*").json
    assert (posted["form"], posted["args"]) == ({"a": "ü & =+", "b": ""}, {"q": "1"})
    assert (asked["form"], asked["args"]) == ({}, {"q": "1", "a": "ü & =+", "b": ""})


def test_a_redirect_is_not_followed_unasked(browser):
    one, url = browser
    page = one.send("GET", f"{url}/on", (), "*/*")
    assert (page.status, page.location) == (303, f"{url}/cookies?at=last")


def test_what_is_no_client_is_explained():
    with pytest.raises(ConfigurationError, match="HttpClient") as refusal:
        browser_of(object())
    assert refusal.value.code == "config.client_unknown"


def test_an_http_client_never_leaves_its_tool():
    with pytest.raises(ConfigurationError) as refusal:
        HttpClient("http://127.0.0.1:1").send("GET", "http://elsewhere.example/", (), "*/*")
    assert refusal.value.code == "config.tool_url_foreign"


@pytest.fixture
def served(serve, platform, tool_app):
    """A platform whose tool runs behind a real socket."""
    moved = []

    def make_app(url):
        moved.append(
            SimulatedPlatform(
                clock=platform.clock,
                keys=platform.keys,
                tool_private_key=platform.tool_private_key,
                tool_url=url,
            )
        )
        return tool_app(moved[0])

    serve(make_app)
    return moved[0]


@pytest.mark.parametrize("case", conformance.CASES, ids=str)
def test_the_suite_runs_over_http(served, case):
    case.run(served, HttpClient(served.tool_url))


def test_a_launch_ends_where_the_tools_redirects_lead(platform, tool_app):
    app = tool_app(platform)
    launched = app.view_functions["launch"]
    app.view_functions["launch"] = lambda: (launched(), redirect("/on?first=1", 303))[1]
    app.add_url_rule("/on", "on", lambda: redirect("/page?second=2"))
    app.add_url_rule("/page", "page", lambda: "the page")
    page = platform.launch(app.test_client())
    assert (page.status, page.url, page.text) == (200, "https://localhost/page?second=2", "the page")


@pytest.mark.parametrize(("path", "ends"), [("/round", "https://localhost/round"), ("/away", "https://localhost/away")])
def test_redirects_that_go_round_or_away_are_left_at_some_point(platform, tool_app, path, ends):
    app = tool_app(platform)
    app.view_functions["launch"] = lambda: redirect(path, 303)
    app.add_url_rule("/round", "round", lambda: redirect("/round"))
    app.add_url_rule("/away", "away", lambda: redirect("https://elsewhere.example/"))
    page = platform.launch(app.test_client())
    assert (page.status, page.url) == (302, ends)


def test_a_login_that_goes_on_by_a_form_is_understood():
    text = (
        '<form action="https://p.example/auth" method="post"><input name="a" value="1 &amp; 2">'
        '<input name="b"><button>Go</button></form><form action="/other"></form>'
    )
    page = Page(status=200, url="https://localhost/lti/login", text=text, headers={"content-type": "text/html"})
    assert sent_onward(page, "https://p.example/auth") == (("a", "1 & 2"), ("b", ""))
    assert sent_onward(page, "https://q.example/auth") is None
    assert sent_onward(evolve(page, status=400), "https://p.example/auth") is None


def test_a_redirect_elsewhere_is_no_authentication_request():
    page = Page(status=302, url="https://localhost/", text="", headers={"location": "https://q.example/auth?a=1"})
    assert sent_onward(page, "https://p.example/auth") is None
    assert sent_onward(page, "https://q.example/auth") == (("a", "1"),)


@given(st.lists(st.text()))
def test_odd_cookies_are_read_without_complaint(headers):
    assert all(isinstance(value, str) for value in read_cookies(headers).values())
