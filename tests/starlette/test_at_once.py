"""Where a tool works: in the event loop at what waits for nothing, else in a thread."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from dependency_injector.providers import Object
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from lti_adapters.clock import SystemClock
from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import browser_of
from lti_adapters.simulator.people import TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.starlette import Lti, launch_url_for, role_required
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.strict_json import write_json
from tests.frameworks.steps import JSON, KEY, answered, login, platform_at, post

IN_LOOP, IN_THREAD = {"loop"}, {"thread"}
FETCHED = {"key_set": None, "key_set_url": "https://platform.example/jwks"}


def here() -> str:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return "thread"
    return "loop"


class Watch:
    """Keeps where it is looked at: each step of a tool does so."""

    def __init__(self) -> None:
        self.places: set[str] = set()

    def now(self) -> datetime:
        self.places.add(here())
        return SystemClock().now()

    def sleep(self, seconds: float) -> None:
        SystemClock().sleep(seconds)

    def during(self, step: Callable[[], Any]) -> tuple[Any, set[str]]:
        self.places = set()
        return step(), self.places


class Publisher:
    """Answers the platform's key set; keeps where it was asked."""

    def __init__(self) -> None:
        self.places: list[str] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        self.places.append(here())
        return HttpResponse(status=200, body=write_json({"keys": [dict(KEY.public)]}).encode())


async def later(request: Request) -> Response:
    launch = await role_required("teacher")(request)
    return JSONResponse(launch.user.id)


async def opened(request: Request, launch: Any) -> Any:
    return {"later": launch_url_for(request, "later")}


def tool(platform: SimulatedPlatform, settings: Any = (), parts: Any = (), **options: Any) -> tuple[TestClient, Watch]:
    watch = Watch()
    made = {"settings": read_settings({**platform.config, **dict(settings)}), "clock": watch, **dict(parts)}
    app = Starlette(routes=[Route("/later", later, name="later")])
    container = LtiContainer(**{name: Object(part) for name, part in made.items()})
    Lti(app, container=container, **options).resource_link(opened)
    return TestClient(app), watch


@pytest.mark.parametrize(
    ("settings", "options", "at_login", "afterwards"),
    [
        ({}, {}, IN_LOOP, IN_LOOP),
        ({"storage": {"url": "sqlite:///kept.db"}}, {}, IN_LOOP, IN_THREAD),
        ({"tool": {"keys": "keys"}}, {}, IN_THREAD, IN_THREAD),
        ({}, {"on_refused": print}, IN_THREAD, IN_THREAD),
    ],
)
@pytest.mark.parametrize("after_launch", ["render", "redirect"])
def test_only_what_waits_for_nothing_is_done_in_the_event_loop(
    settings: Any, options: Any, at_login: set[str], afterwards: set[str], after_launch: str, in_folder: None
) -> None:
    platform = platform_at("/lti")
    client, watch = tool(platform, settings, after_launch=after_launch, **options)
    browser, message = browser_of(client), platform.resource_link(user=TEACHER)
    fields = tuple(platform.initiate(message).items())
    page, places = watch.during(lambda: browser.send("POST", platform.login_url, fields, JSON))
    assert places == at_login
    page, places = watch.during(lambda: post(platform, browser, answered(platform, browser, page)))
    assert places == afterwards
    if page.location:
        page, places = watch.during(lambda: browser.send("GET", str(page.location), (), JSON))
        assert places == afterwards
    page, places = watch.during(lambda: browser.send("GET", f"https://localhost{page.json['later']}", (), JSON))
    assert (page.json, places) == (TEACHER.id, afterwards)


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For files with relative names."""
    monkeypatch.chdir(tmp_path)


def test_a_key_set_is_fetched_in_a_thread_and_then_needs_none() -> None:
    platform, publisher = platform_at("/lti"), Publisher()
    config = platform.config
    config["registrations"]["document"][platform.issuer][0].update(FETCHED)
    client, watch = tool(platform, config, {"http": publisher})
    browser = browser_of(client)
    places = []
    for _ in range(2):
        fields = answered(platform, browser, login(platform, browser))
        page, used = watch.during(lambda fields=fields: post(platform, browser, fields))
        assert page.status == 200
        places.append(used)
    assert (publisher.places, places) == (["thread"], [IN_LOOP | IN_THREAD, IN_LOOP])
