"""The steps of a launch, one by one, as a browser takes them."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from urllib3 import HTTPResponse, PoolManager

from lti_adapters.simulator.clients import Browser, HttpClient, Page
from lti_adapters.simulator.keys import KeyRing, PlatformKey
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import PLATFORM_PEM, TOOL_PEM

JSON, HTML = "application/json", "text/html"
KEY = PlatformKey.of(PLATFORM_PEM)  # platforms may share it: to make one takes a while


def platform_at(prefix: str, name: str = "platform") -> SimulatedPlatform:
    """A platform whose tool has the addresses `prefix`/login and `prefix`/launch."""
    return SimulatedPlatform(
        issuer=f"https://{name}.example",
        login_url=f"https://localhost{prefix}/login",
        launch_url=f"https://localhost{prefix}/launch",
        keys=KeyRing([KEY]),
        tool_private_key=TOOL_PEM,
    )


def raw(method: str, url: str, **more: Any) -> HTTPResponse:
    """One plain request."""
    if "fields" in more:
        more["encode_multipart"] = False  # as browsers send a form
    answer = PoolManager().request(method, url, redirect=False, timeout=20, **more)
    assert isinstance(answer, HTTPResponse)
    return answer


def login(platform: SimulatedPlatform, browser: Browser, method: str = "POST", **changes: str) -> Page:
    """What the tool answers the platform's wish to launch."""
    fields = {**platform.initiate(platform.resource_link()), **changes}
    return browser.send(method, platform.login_url, tuple(fields.items()), JSON)


def answered(platform: SimulatedPlatform, browser: Browser, page: Page) -> tuple[tuple[str, str], ...]:
    """What the platform makes the browser post, after a login."""
    asked = parse_qsl(urlsplit(str(page.location)).query)
    return tuple(platform.authorize(asked, browser.fresh).fields)


def post(platform: SimulatedPlatform, browser: Browser, fields: Any, accept: str = JSON) -> Page:
    """What the tool answers a launch."""
    return browser.send("POST", platform.launch_url, fields, accept)


def code_of(page: Page) -> str:
    """Why it refuses."""
    return str(page.json["error"]["code"])


def begun(platform: SimulatedPlatform, browser: Browser, message: Message | None = None) -> tuple[tuple[str, str], ...]:
    """An honest launch that was not sent yet: the form that the browser is about to post."""
    fields = tuple(platform.initiate(message or platform.resource_link()).items())
    return answered(platform, browser, browser.send("POST", platform.login_url, fields, JSON))


def cookies_of(browser: HttpClient) -> str:
    """What its next request says in `Cookie`."""
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
