"""What only the Starlette adapter promises: applications, mounts, handlers, middleware, deep linking."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from dependency_injector.providers import Object
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from lti_adapters.container import LtiContainer
from lti_adapters.reference_tool.starlette_app import create_app
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import browser_of
from lti_adapters.simulator.people import LEARNER, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.starlette import Lti, current_launch, current_launch_id, launch_url_for, role_required
from lti_core.deep_linking import LtiResourceLink
from lti_core.errors import ConfigurationError
from tests.frameworks.sites import Body, asgi
from tests.frameworks.sites import Request as Sent
from tests.frameworks.steps import HTML, JSON, code_of, platform_at

FORM = "application/x-www-form-urlencoded"


async def later(request: Request) -> Response:
    launch = await current_launch(request)
    return JSONResponse({"who": launch.user.id, "id": current_launch_id(request)})


def tool_with_pages(config: Any = None, *routes: Any, **options: Any) -> Starlette:
    app = Starlette(routes=[Route("/later/{page}", later, name="later"), *routes])

    async def opened(request: Request, launch: Any) -> Any:
        return {"later": launch_url_for(request, "later", page="1 é?")}

    Lti(app, config, **options).resource_link(opened)
    return app


def test_one_extension_may_serve_several_applications_each_with_its_own_platform() -> None:
    lti = Lti()

    @lti.resource_link
    async def opened(request: Request, launch: Any) -> Any:
        return await lti.in_thread(lambda: [item.label for item in lti.grades(launch).line_items()])

    clients = {}
    for name in ("north", "south"):
        platform, app = platform_at("/lti", name), Starlette()
        container = LtiContainer(settings=Object(read_settings(platform.config)), http=Object(platform.http))
        lti.init_app(app, container=container)
        clients[name] = (platform, TestClient(app))
    for platform, client in (*clients.values(), *clients.values()):
        assert platform.launch(client).json == ["Quiz 1"]


def test_an_extension_of_no_application_says_so(lti_platform: SimulatedPlatform) -> None:
    with pytest.raises(RuntimeError, match="init_app"):
        Lti(config=lti_platform.config).grades(None)  # type: ignore[arg-type]


def test_without_any_configuration_it_says_what_to_write() -> None:
    with pytest.raises(ConfigurationError, match=r'Lti\(..., config="tool.json"\)') as refusal:
        Lti(Starlette())
    assert refusal.value.code == "config.missing"


def test_two_tools_of_one_application_need_two_names(lti_platform: SimulatedPlatform) -> None:
    app = Starlette()
    Lti(app, lti_platform.config)
    with pytest.raises(ConfigurationError) as refusal:
        Lti(app, lti_platform.config, url_prefix="/other")
    assert refusal.value.code == "config.name_taken"


def test_a_route_for_everything_does_not_hide_the_tools_addresses(lti_platform: SimulatedPlatform) -> None:
    app = tool_with_pages(lti_platform.config, Mount("/", lambda *_: None))
    assert lti_platform.launch(TestClient(app)).status == 200


@pytest.mark.parametrize("prefix", ["/school", "/a school/é", "/a\r\nSet-Cookie: a=b"])
def test_an_application_may_be_mounted_below_a_path(prefix: str) -> None:
    encoded = prefix.replace(" ", "%20").replace("é", "%C3%A9").replace("\r\n", "%0D%0A")
    platform = platform_at(f"{encoded}/lti")
    app = tool_with_pages(platform.config, after_launch="redirect")
    _, *more = prefix.split("/")[1:]
    whole = Starlette(routes=[Mount("/{first}" + "".join(f"/{name}" for name in more), app)])
    client = TestClient(whole)
    page = platform.launch(client)
    assert page.url.startswith(f"https://localhost{encoded}/lti/launches/")
    assert page.json["later"].startswith(f"{encoded}/later/1%20%C3%A9%3F?lti_launch=")
    assert client.get(f"https://localhost{page.json['later']}").json()["who"] == LEARNER.id


def test_a_root_path_that_the_server_knows_is_part_of_the_launch_address() -> None:
    platform = platform_at("/school/lti")
    client = TestClient(tool_with_pages(platform.config), root_path="/school")
    assert platform.launch(client).json["later"].startswith("/school/later/")


def is_in_loop() -> bool:
    try:
        return asyncio.get_running_loop() is not None
    except RuntimeError:
        return False


async def coroutine(request: Request, launch: Any) -> bool:
    return is_in_loop()


@pytest.mark.parametrize(("handler", "in_loop"), [(coroutine, True), (lambda *_: is_in_loop(), False)])
def test_a_coroutine_runs_in_the_event_loop_and_a_plain_handler_does_not(
    lti_platform: SimulatedPlatform, handler: Callable[..., Any], in_loop: bool
) -> None:
    app = Starlette()
    Lti(app, lti_platform.config).resource_link(handler)
    assert lti_platform.launch(TestClient(app)).json is in_loop


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (HTMLResponse("<b>Hi</b>"), "text/html; charset=utf-8"),
        ("<b>Hi</b>", "text/plain; charset=utf-8"),
        (["<b>Hi</b>"], "application/json"),
    ],
)
def test_a_handler_answers_a_response_a_text_or_a_document(
    lti_platform: SimulatedPlatform, said: Any, kind: str
) -> None:
    app = Starlette()
    lti = Lti(app, lti_platform.config)

    async def opened(request: Request, launch: Any) -> Any:
        return said

    for handler in (opened, lambda request, launch: said, lambda request, launch: opened(request, launch)):
        lti.resource_link(handler)
        page = lti_platform.launch(TestClient(app))
        assert (page.status, page.headers["content-type"]) == (200, kind)
        assert "<b>Hi</b>" in page.text


def test_the_current_launch_is_the_same_within_the_launch_itself(lti_platform: SimulatedPlatform) -> None:
    app = Starlette()

    async def opened(request: Request, launch: Any) -> bool:
        return await current_launch(request) is launch

    Lti(app, lti_platform.config).resource_link(opened)
    assert lti_platform.launch(TestClient(app)).json is True


def test_an_address_of_a_launch_needs_a_launch(lti_platform: SimulatedPlatform) -> None:
    async def link(request: Request) -> Response:
        return JSONResponse(launch_url_for(request, "later", page="1"))

    client = TestClient(tool_with_pages(lti_platform.config, Route("/link", link)))
    page = browser_of(client).send("GET", "https://localhost/link", (), JSON)
    assert (page.status, code_of(page)) == (403, "launch.not_launched")


def test_middleware_that_has_tasks_of_its_own_changes_nothing(lti_platform: SimulatedPlatform) -> None:
    class Timed(BaseHTTPMiddleware):
        async def dispatch(self, request: Request, call_next: Any) -> Response:
            answer: Response = await call_next(request)
            answer.headers["X-Timed"] = "yes"
            return answer

    for outermost in (True, False):
        app = Starlette(routes=[Route("/later/{page}", later, name="later")])
        lti = Lti(config=lti_platform.config)
        lti.resource_link(lambda request, launch: {"later": launch_url_for(request, "later", page="1")})
        steps = [lambda app=app: app.add_middleware(Timed), lambda app=app, lti=lti: lti.init_app(app)]
        for step in steps[:: -1 if outermost else 1]:
            step()
        client = TestClient(app)
        page = lti_platform.launch(client)
        answer = client.get(f"https://localhost{page.json['later']}")
        assert (answer.status_code, answer.headers["x-timed"]) == (200, "yes")
        assert answer.headers["cache-control"] == "no-store"
        assert client.get("https://localhost/later/1").status_code == 403


def test_an_application_begins_and_ends_as_without(lti_platform: SimulatedPlatform) -> None:
    seen = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> Any:
        seen.append("begun")
        yield
        seen.append("ended")

    app = Starlette(lifespan=lifespan)
    Lti(app, lti_platform.config).resource_link(lambda request, launch: "opened")
    with TestClient(app) as client:
        assert lti_platform.launch(client).text == "opened"
    assert seen == ["begun", "ended"]


@pytest.mark.parametrize("plain", [True, False])
def test_what_was_picked_goes_back_to_the_platform(lti_platform: SimulatedPlatform, plain: bool) -> None:
    app = Starlette()
    lti, items = Lti(app, lti_platform.config), [LtiResourceLink(title="Quiz 7")]

    async def pick(request: Request, launch: Any) -> Response:
        return await lti.in_thread(lti.deep_linking_response, request, launch, items)

    lti.deep_linking((lambda request, launch: lti.deep_linking_response(request, launch, items)) if plain else pick)
    page = lti_platform.launch(TestClient(app), message=lti_platform.deep_linking(), accept=HTML)
    (link,) = lti_platform.submit(page).links
    assert link.title == "Quiz 7"


def test_a_role_that_nobody_can_have_is_refused_where_it_is_asked_for() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        role_required("techer")
    assert refusal.value.code == "config.role_unknown"


@pytest.mark.parametrize("path", ["login", "launch"])
def test_a_body_that_is_cut_off_is_refused(lti_platform: SimulatedPlatform, path: str) -> None:
    app, sent = tool_with_pages(lti_platform.config), [{"type": "http.request", "body": b"a=", "more_body": True}]

    async def cut(scope: Any, receive: Any, send: Any) -> None:
        async def received() -> Any:
            return sent.pop() if sent else {"type": "http.disconnect"}

        await app(scope, received, send)

    headers = {"host": "localhost", "content-type": FORM}
    assert asgi.answered(cut, Sent(method="POST", path=f"/lti/{path}", headers=headers)).status == 413


def test_an_unreadable_host_is_not_taken_for_the_tools(lti_platform: SimulatedPlatform) -> None:
    body = Body(b"iss=x")
    headers = {"host": "evil.example/path?", "content-type": FORM}
    request = Sent(method="POST", path="/lti/login", headers=headers, body=body)
    assert asgi.answered(tool_with_pages(lti_platform.config), request).status == 400


def test_each_event_loop_has_threads_of_its_own(lti_platform: SimulatedPlatform) -> None:
    lti = Lti(config=lti_platform.config, threads=1)

    async def both() -> list[str]:
        return list(await asyncio.gather(lti.in_thread(str.upper, "a"), lti.in_thread(str.upper, "b")))

    assert [asyncio.run(both()) for _ in range(2)] == [["A", "B"]] * 2


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nowhere", 400, "tool.not_found"),
        ("OPTIONS", "members", 405, "tool.method_not_allowed"),
        ("POST", "scores", 400, "tool.too_large"),
    ],
)
def test_the_reference_tool_explains_what_it_does_not_answer(
    lti_platform: SimulatedPlatform, method: str, path: str, status: int, code: str
) -> None:
    client = TestClient(create_app(lti_platform.config, id_opens_launches=True))
    launch_id = lti_platform.launch(client, user=TEACHER, accept=JSON).json["launch_id"]
    address, body = f"https://localhost/tool/launches/{launch_id}/{path}", b"x" * 1_100_000 if method == "POST" else b""
    answer = client.request(method, address, content=body, headers={"Content-Type": JSON})
    assert answer.json()["error"]["code"] == code
    assert answer.status_code in (status, 413, 404)
