"""What waits for a platform or a store keeps nobody else waiting, in front of a real server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Semaphore, Thread
from typing import Any

import pytest
from attrs import evolve, frozen
from dependency_injector.providers import Object
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lti_adapters.clock import SystemClock
from lti_adapters.container import LtiContainer
from lti_adapters.http import Urllib3Http
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import HttpClient, Page
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.starlette import Lti, current_launch, launch_url_for
from lti_adapters.starlette.fastapi import Launch
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.registration import Registration
from lti_core.strict_json import write_json
from lti_storage.memory import MemoryStore
from lti_storage.registration_files import read_registrations
from lti_storage.registrations import FixedRegistrations
from tests.fakes import TOOL_PEM, FakeNonces
from tests.frameworks.sites import asgi
from tests.frameworks.steps import HTML, KEY, begun, login, post

PATIENCE = 100  # seconds, only for a test that fails
OTHERS, PEOPLE = 200, 16
THREADS = 40  # of a tool, by default, and of an application's plain views
HELD = THREADS + 5

Ask = Callable[[], int]  # one request; the status of its answer


def platform_of(name: str, tool_url: str = "https://localhost") -> SimulatedPlatform:
    return SimulatedPlatform(
        issuer=f"https://{name}.example", tool_url=tool_url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM
    )


class Held:
    """Something that does not go on before it is released. `arrived` counts who waits."""

    def __init__(self) -> None:
        self.arrived, self.released = Semaphore(0), Event()

    def wait(self) -> None:
        self.arrived.release()
        assert self.released.wait(PATIENCE)


class HeldNonces(Held, FakeNonces):
    """A store of nonces that does not answer."""

    def __init__(self) -> None:
        Held.__init__(self)
        FakeNonces.__init__(self)

    def use(self, nonce: str, expires_at: datetime, holder: str) -> bool:
        self.wait()
        return super().use(nonce, expires_at, holder)


class HeldStore(Held):
    """A store that keeps, and does not answer what it has kept."""

    def __init__(self) -> None:
        super().__init__()
        self._kept = MemoryStore(SystemClock())
        self.add, self.set, self.delete = self._kept.add, self._kept.set, self._kept.delete

    def get(self, key: str) -> str | None:
        self.wait()
        return self._kept.get(key)


class HeldRegistrations(Held):
    """A database of registrations that does not answer."""

    def __init__(self) -> None:
        super().__init__()
        document = platform_of("first").registration_document(private_key=TOOL_PEM)
        self._kept = FixedRegistrations(read_registrations(document, None))
        self.all = self._kept.all

    def find(self, issuer: str, client_id: str) -> Registration | None:
        self.wait()
        return self._kept.find(issuer, client_id)

    def of_issuer(self, issuer: str) -> tuple[Registration, ...]:
        self.wait()
        return self._kept.of_issuer(issuer)


class PatientHttp:
    """The Http port on real sockets, that waits for as long as a test needs."""

    def __init__(self) -> None:
        self._http = Urllib3Http(read=PATIENCE)

    def send(self, request: HttpRequest) -> HttpResponse:
        return self._http.send(evolve(request, total=PATIENCE))


@contextmanager
def held_key_set() -> Iterator[tuple[str, Held]]:
    """The address of a platform's key set, on a real server that does not answer before it is released."""
    held = Held()

    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.wait()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(write_json({"keys": [dict(KEY.public)]}).encode())

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/keys", held
        server.shutdown()


def in_starlette() -> Starlette:
    """An application with pages of its own, one of them for people with a launch."""

    def plain(request: Request) -> PlainTextResponse:
        return PlainTextResponse("plain")

    async def coroutine(request: Request) -> PlainTextResponse:
        return PlainTextResponse("coroutine")

    async def later(request: Request) -> PlainTextResponse:
        return PlainTextResponse((await current_launch(request)).user.id)

    return Starlette(
        routes=[Route(f"/{page.__name__}", page, name=page.__name__) for page in (plain, coroutine, later)]
    )


def in_fastapi() -> FastAPI:
    """The same."""
    app = FastAPI()

    @app.get("/plain")
    def plain() -> str:
        return "plain"

    @app.get("/coroutine")
    async def coroutine() -> str:
        return "coroutine"

    @app.get("/later")
    async def later(launch: Launch) -> str:
        return launch.user.id

    return app


frameworks = pytest.mark.parametrize("framework", [in_starlette, in_fastapi])


class Site:
    """A tool in front of a real server, and two platforms.

    Args:
        registration: what is different at the first platform.
        ports: parts of the tool's container.
    """

    def __init__(self, framework: Callable[[], Starlette], registration: Any = (), **ports: Any) -> None:
        self._framework, self._registration = framework, dict(registration)
        self._ports = {name: Object(port) for name, port in ports.items()}

    def made_at(self, url: str) -> Starlette:
        self.first, self.second = platform_of("first", url), platform_of("second", url)
        document: dict[str, Any] = {}
        for platform in (self.first, self.second):
            document |= platform.registration_document(private_key=TOOL_PEM)
        document[self.first.issuer][0].update(self._registration)
        settings = read_settings({"registrations": {"document": document}, "tool": {"url": url}})
        container = LtiContainer(settings=Object(settings), **self._ports)
        app, lti = self._framework(), Lti()
        lti.init_app(app, container=container)

        @lti.resource_link
        async def opened(request: Request, launch: Any) -> Any:
            return {"later": launch_url_for(request, "later")}

        return app

    def page(self, path: str) -> Ask:
        return lambda: self.browser().send("GET", self.first.tool_url + path, (), HTML).status

    def browser(self) -> HttpClient:
        return HttpClient(self.first.tool_url)

    def launched(self, platform: SimulatedPlatform) -> Callable[[], Page]:
        """The last step of an honest launch."""
        browser = self.browser()
        fields = begun(platform, browser)
        return lambda: post(platform, browser, fields)

    def reopened(self, platform: SimulatedPlatform) -> Callable[[], Page]:
        """A later request of a launch."""
        browser = self.browser()
        address = post(platform, browser, begun(platform, browser)).json["later"]
        return lambda: browser.send("GET", platform.tool_url + address, (), HTML)


def statuses(*asked: Ask) -> set[int]:
    """How 200 requests are answered: each of `asked` in turn."""
    with ThreadPoolExecutor(PEOPLE) as people:
        return set(people.map(lambda number: asked[number % len(asked)](), range(OTHERS)))


@frameworks
def test_while_a_platform_keeps_its_key_set_back_all_others_are_answered(framework: Any) -> None:
    """Held by a real server, for as long as the others take: 200 of them, or the test fails.

    A wait of five seconds would let a tool pass that answers them after it.
    """
    with held_key_set() as (url, held):
        site = Site(framework, {"key_set": None, "key_set_url": url}, http=PatientHttp())
        with asgi.serving(site.made_at), ThreadPoolExecutor(1) as person:
            later = site.reopened(site.second)
            launch = person.submit(site.launched(site.first))
            try:
                assert held.arrived.acquire(timeout=PATIENCE)
                pages = [site.page(path) for path in ("/plain", "/coroutine", "/lti/jwks")]
                logins = [lambda: login(site.first, site.browser()).status]
                launches = [lambda: site.launched(site.second)().status, lambda: later().status]
                assert statuses(*pages, *launches) == {200}
                assert statuses(*logins) == {302}
                assert not launch.done()
            finally:
                held.released.set()
            assert launch.result(PATIENCE).status == 200


@frozen
class Step:
    """One that asks the store.

    Attributes:
        port: of the container, that is held.
        prepare: all before the step itself, for each who is to wait.
        status: when it may go on.
    """

    port: str
    hold: Callable[[], Any]
    prepare: Callable[[Site], list[Callable[[], Page]]]
    status: int = 200


STEPS = [
    Step("registrations", HeldRegistrations, lambda site: [lambda: login(site.first, site.browser())] * HELD, 302),
    Step("nonces", HeldNonces, lambda site: [site.launched(site.first) for _ in range(HELD)]),
    Step("store", HeldStore, lambda site: [site.reopened(site.first)] * HELD),
]


@frameworks
@pytest.mark.parametrize("step", STEPS, ids=["login", "launch", "later request"])
def test_however_many_wait_for_a_store_the_applications_own_pages_are_answered(framework: Any, step: Step) -> None:
    held = step.hold()
    site = Site(framework, **{step.port: held})
    with asgi.serving(site.made_at), ThreadPoolExecutor(HELD) as people:
        waiting = [people.submit(one) for one in step.prepare(site)]
        try:
            assert all(held.arrived.acquire(timeout=PATIENCE) for _ in range(THREADS))
            assert statuses(site.page("/plain"), site.page("/coroutine")) == {200}
            assert not any(one.done() for one in waiting)
        finally:
            held.released.set()
        assert {one.result(PATIENCE).status for one in waiting} == {step.status}
