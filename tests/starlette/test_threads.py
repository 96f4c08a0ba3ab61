"""What waits for a platform or a store keeps nobody else waiting, in front of a real server."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event, Semaphore
from typing import Any

import pytest
from dependency_injector.providers import Object
from fastapi import FastAPI

from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import HttpClient, Page
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.starlette import Lti
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.strict_json import write_json
from tests.fakes import TOOL_PEM, FakeNonces
from tests.frameworks.sites import asgi
from tests.frameworks.steps import HTML, KEY, begun, login, post

PATIENCE = 100  # seconds, only for a test that fails
OTHERS, PEOPLE = 200, 16
HELD = 45  # more than there are threads for the tool, or for plain views


class Held:
    """Something that does not go on before it is released. `arrived` counts who waits."""

    def __init__(self) -> None:
        self.arrived, self.released = Semaphore(0), Event()

    def wait(self) -> None:
        self.arrived.release()
        assert self.released.wait(PATIENCE)


class HeldKeySet(Held):
    """An Http port that keeps the platform's key set back."""

    def send(self, request: HttpRequest) -> HttpResponse:
        self.wait()
        return HttpResponse(status=200, body=write_json({"keys": [dict(KEY.public)]}).encode())


class HeldNonces(Held, FakeNonces):
    """A store of nonces that does not answer."""

    def __init__(self) -> None:
        Held.__init__(self)
        FakeNonces.__init__(self)

    def use(self, nonce: str, expires_at: datetime, holder: str) -> bool:
        self.wait()
        return super().use(nonce, expires_at, holder)


def tool(made: list[SimulatedPlatform], registration: dict[str, object], **ports: Any) -> Callable[[str], FastAPI]:
    """An application with a plain and an asynchronous page of its own."""

    def make(url: str) -> FastAPI:
        made.append(SimulatedPlatform(tool_url=url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM))
        settings = made[0].config
        settings["registrations"]["document"][made[0].issuer][0].update(registration)
        app = FastAPI()
        parts = {name: Object(port) for name, port in ports.items()}
        lti = Lti(app, container=LtiContainer(settings=Object(read_settings(settings)), **parts))

        @lti.resource_link
        async def opened(request: Any, launch: Any) -> str:
            return "opened"

        @app.get("/plain")
        def plain() -> str:
            return "plain"

        @app.get("/coroutine")
        async def coroutine() -> str:
            return "coroutine"

        return app

    return make


def answers(platform: SimulatedPlatform, *paths: str) -> set[int]:
    """How 200 requests are answered: those of `paths` in turn, and logins for an empty one."""

    def ask(number: int) -> int:
        path, browser = paths[number % len(paths)], HttpClient(platform.tool_url)
        return (browser.send("GET", platform.tool_url + path, (), HTML) if path else login(platform, browser)).status

    with ThreadPoolExecutor(PEOPLE) as people:
        return set(people.map(ask, range(OTHERS)))


def launched(platform: SimulatedPlatform) -> Callable[[], Page]:
    """The last step of an honest launch."""
    browser = HttpClient(platform.tool_url)
    fields = begun(platform, browser)
    return lambda: post(platform, browser, fields)


def test_while_a_platform_keeps_its_key_set_back_all_others_are_answered() -> None:
    http, made = HeldKeySet(), []
    registration = {"key_set": None, "key_set_url": "https://platform.example/jwks"}
    with asgi.serving(tool(made, registration, http=http)), ThreadPoolExecutor(1) as person:
        launch = person.submit(launched(made[0]))
        try:
            assert http.arrived.acquire(timeout=PATIENCE)
            assert answers(made[0], "/plain", "/coroutine", "/lti/jwks", "") == {200, 302}
            assert not launch.done()
        finally:
            http.released.set()
        assert launch.result(PATIENCE).text == "opened"


@pytest.mark.parametrize("path", ["/plain", "/coroutine"])
def test_however_many_launches_wait_for_a_store_the_applications_own_pages_are_answered(path: str) -> None:
    nonces, made = HeldNonces(), []
    with asgi.serving(tool(made, {}, nonces=nonces)), ThreadPoolExecutor(HELD) as people:
        begun_before = [launched(made[0]) for _ in range(HELD)]
        launches = [people.submit(launch) for launch in begun_before]
        try:
            assert all(nonces.arrived.acquire(timeout=PATIENCE) for _ in range(40))
            assert answers(made[0], path) == {200}
            assert not any(launch.done() for launch in launches)
        finally:
            nonces.released.set()
        assert {launch.result(PATIENCE).text for launch in launches} == {"opened"}
