"""Under ASGI nothing of ours waits on the event loop."""

import asyncio
import json
from threading import Event
from typing import Any
from urllib.parse import urlencode

from dependency_injector.providers import Object
from django.http import HttpResponse
from django.urls import include, path
from starlette.testclient import TestClient

from lti_adapters.container import LtiContainer
from lti_adapters.django import Lti
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import FORM, browser_of
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.ports import HttpRequest
from lti_core.ports import HttpResponse as PlatformResponse
from tests.django.project import Asgi
from tests.fakes import TOOL_PEM
from tests.frameworks.steps import KEY, begun

KEYS = json.dumps({"keys": [dict(KEY.public)]}).encode()


class HoldingHttp:
    """A platform that answers the request for its key set when it is let to."""

    def __init__(self) -> None:
        self.asked, self.may_go_on = Event(), Event()

    def send(self, request: HttpRequest) -> PlatformResponse:
        self.asked.set()
        assert self.may_go_on.wait(60)
        return PlatformResponse(status=200, body=KEYS)


async def call(app: Any, address: str, body: bytes = b"", cookie: str = "") -> int:
    """The status of what the application answers."""
    headers = {"host": "localhost", "content-type": FORM, "content-length": str(len(body)), "cookie": cookie}
    scope = {
        "type": "http", "http_version": "1.1", "asgi": {"version": "3.0"}, "scheme": "https", "path": address,
        "method": "POST" if body else "GET", "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items() if value],
    }  # fmt: skip
    messages: list[Any] = [{"type": "http.request", "body": body}]
    sent: list[Any] = []

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()  # nobody goes away
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return int(sent[0]["status"])


def test_while_a_key_set_is_waited_for_others_are_answered() -> None:
    platform = SimulatedPlatform(keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
    document = platform.registration_document(private_key=TOOL_PEM, inline_keys=False)
    config = {"registrations": {"document": document}}
    held = HoldingHttp()
    lti = Lti(container=LtiContainer(settings=Object(read_settings(config)), http=Object(held)))
    lti.resource_link(lambda request, launch: HttpResponse("open"))

    async def page(request: Any) -> HttpResponse:
        return HttpResponse("here")

    app = Asgi(path("lti/", include(lti.urls)), path("page", page))
    browser = browser_of(client := TestClient(app, base_url="https://localhost"))
    form = urlencode(begun(platform, browser)).encode()
    cookie = "; ".join(f"{kept.name}={kept.value}" for kept in client.cookies.jar)

    async def both() -> None:
        launch = asyncio.create_task(call(app, "/lti/launch", form, cookie))
        while not held.asked.is_set():
            await asyncio.sleep(0.01)
        addresses = ["/page", "/lti/jwks"] * 100
        assert set(await asyncio.gather(*(call(app, address) for address in addresses))) == {200}
        assert not launch.done()
        held.may_go_on.set()
        assert await launch == 200

    asyncio.run(both())
