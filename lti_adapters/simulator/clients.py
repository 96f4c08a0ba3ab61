"""Browsers that programs drive: test clients of Werkzeug (Flask's, too), Django and Starlette, and one for HTTP."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from html.parser import HTMLParser
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from attrs import define, field, frozen
from urllib3 import PoolManager, Timeout

from lti_adapters.simulator.draft import Form
from lti_core.errors import ConfigurationError

REDIRECTS = 5
REDIRECT_STATUS = (301, 302, 303, 307, 308)


@frozen(kw_only=True)
class Page:
    """What a tool answered. `headers` have lower-case names; `cookies` are those that this answer set."""

    status: int
    url: str
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    cookies: Mapping[str, str] = field(factory=dict, repr=False)

    @cached_property
    def json(self) -> Any:
        """The text, read as JSON.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.text)

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as an absolute address; None when the page is none."""
        leads_on = self.status in REDIRECT_STATUS and "location" in self.headers
        return urljoin(self.url, self.headers["location"]) if leads_on else None


class Browser(Protocol):
    """One browser, with its cookies."""

    def send(self, method: str, url: str, fields: Form, accept: str) -> Page:
        """Send one request; redirects are not followed. `fields` are a query (GET) or a form (POST)."""

    def fresh(self) -> Self:
        """Another browser of the same kind, without cookies."""


@frozen
class WerkzeugBrowser:
    """Drives a test client of Werkzeug. Requests go to the whole address, so that Secure cookies come back."""

    client: Any

    def send(self, method: str, url: str, fields: Form, accept: str) -> Page:
        """As `Browser.send`."""
        whole = url if method == "POST" else with_query(url, fields)
        parts = urlsplit(whole)
        answer = self.client.open(
            f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/",
            method=method,
            base_url=f"{parts.scheme}://{parts.netloc}",
            headers={"Accept": accept},
            follow_redirects=False,
            **({"data": urlencode(fields), "content_type": FORM} if method == "POST" else {}),
        )
        return Page(
            status=answer.status_code,
            url=whole,
            text=answer.get_data(as_text=True),
            headers={name.lower(): value for name, value in answer.headers.items()},
            cookies=read_cookies(answer.headers.getlist("Set-Cookie")),
        )

    def fresh(self) -> "WerkzeugBrowser":
        """As `Browser.fresh`."""
        return WerkzeugBrowser(type(self.client)(self.client.application, self.client.response_wrapper))


@frozen
class StarletteBrowser:
    """Drives Starlette's test client, which is FastAPI's, too. Requests go to the whole address, as above."""

    client: Any

    def send(self, method: str, url: str, fields: Form, accept: str) -> Page:
        """As `Browser.send`."""
        whole = url if method == "POST" else with_query(url, fields)
        headers = {"Accept": accept, **({"Content-Type": FORM} if method == "POST" else {})}
        body = urlencode(fields).encode() if method == "POST" else None
        answer = self.client.request(method, whole, content=body, headers=headers, follow_redirects=False)
        return Page(
            status=answer.status_code,
            url=whole,
            text=answer.text,
            headers={name.lower(): value for name, value in answer.headers.items()},
            cookies=read_cookies(answer.headers.get_list("set-cookie")),
        )

    def fresh(self) -> "StarletteBrowser":
        """As `Browser.fresh`."""
        return StarletteBrowser(type(self.client)(self.client.app))


@frozen
class DjangoBrowser:
    """Drives Django's test client. Requests have the host that they go to: the setting ALLOWED_HOSTS must hold it."""

    client: Any

    def send(self, method: str, url: str, fields: Form, accept: str) -> Page:
        """As `Browser.send`."""
        whole = url if method == "POST" else with_query(url, fields)
        parts = urlsplit(whole)
        answer = self.client.generic(
            method,
            f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/",
            urlencode(fields) if method == "POST" else "",
            content_type=FORM,
            secure=parts.scheme == "https",
            headers={"host": parts.netloc, "accept": accept},
        )
        set_now = read_cookies([cookie.OutputString() for cookie in answer.cookies.values()])
        for deleted in (name for name, value in set_now.items() if not value):
            del self.client.cookies[deleted]
        return Page(
            status=answer.status_code,
            url=whole,
            text=answer.getvalue().decode(errors="replace"),
            headers={name.lower(): value for name, value in answer.headers.items()},
            cookies=set_now,
        )

    def fresh(self) -> "DjangoBrowser":
        """As `Browser.fresh`."""
        return DjangoBrowser(type(self.client)())


def _pool() -> PoolManager:
    return PoolManager(retries=False, timeout=Timeout(connect=5, read=30))


@define(eq=False)
class HttpClient:
    """A browser for a tool that runs somewhere. Its cookies never leave the tool's origin.

    Cookies that want https are sent back over http as well, as browsers do on loopback.

    Args:
        base_url: where the tool is, as `http://127.0.0.1:5000`.
    """

    base_url: str
    cookies: dict[str, str] = field(factory=dict, init=False, repr=False)
    _pool: PoolManager = field(factory=_pool, init=False, repr=False)

    def send(self, method: str, url: str, fields: Form, accept: str) -> Page:
        """As `Browser.send`.

        Raises:
            ConfigurationError: `config.tool_url_foreign` when `url` is not at `base_url`.
            urllib3.exceptions.HTTPError: nobody answers there.
        """
        if urlsplit(url)[:2] != urlsplit(self.base_url)[:2]:
            message = "The address is not at base_url: give the platform the tool_url that the client has."
            raise ConfigurationError("config.tool_url_foreign", message, expected=self.base_url, found=url)
        whole = url if method == "POST" else with_query(url, fields)
        headers = {"Accept": accept}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if method == "POST":
            headers["Content-Type"], body = FORM, urlencode(fields)
        answer = self._pool.request(method, whole, headers=headers, body=body, redirect=False)
        set_now = read_cookies(answer.headers.getlist("set-cookie"))
        self.cookies = {name: value for name, value in {**self.cookies, **set_now}.items() if value}
        return Page(
            status=answer.status,
            url=whole,
            text=answer.data.decode(errors="replace"),
            headers={name.lower(): value for name, value in answer.headers.items()},
            cookies=set_now,
        )

    def fresh(self) -> "HttpClient":
        """As `Browser.fresh`."""
        return HttpClient(self.base_url)


FORM = "application/x-www-form-urlencoded"


def browser_of(client: Any) -> Browser:
    """`client` as a browser: a test client of Flask, Werkzeug, Django, Starlette or FastAPI, or a browser already.

    Raises:
        ConfigurationError: `config.client_unknown`.
    """
    if hasattr(client, "send") and hasattr(client, "fresh"):
        browser: Browser = client
        return browser
    if hasattr(client, "open") and hasattr(client, "application"):
        return WerkzeugBrowser(client)
    if hasattr(client, "request") and hasattr(client, "app"):
        return StarletteBrowser(client)
    if hasattr(client, "generic") and hasattr(client, "handler"):
        return DjangoBrowser(client)
    message = (
        "The client must be a test client of Flask, Werkzeug, Django, Starlette or FastAPI, or an HttpClient(base_url)."
    )
    raise ConfigurationError("config.client_unknown", message, found=type(client).__name__)


def follow(browser: Browser, page: Page, accept: str) -> Page:
    """The page that redirects lead to, as long as they stay at the tool."""
    origin = urlsplit(page.url)[:2]
    for _ in range(REDIRECTS):
        if page.location is None or urlsplit(page.location)[:2] != origin:
            break
        page = browser.send("GET", page.location, (), accept)
    return page


def read_cookies(headers: list[str]) -> dict[str, str]:
    """The cookies of Set-Cookie headers, by name; one that is deleted has no value."""
    cookies = {}
    for header in headers:
        pair, *attributes = (part.strip() for part in header.split(";"))
        name, _, value = pair.partition("=")
        deleted = any(attribute.lower() == "max-age=0" for attribute in attributes)
        cookies[name] = "" if deleted else value
    return cookies


def with_query(url: str, fields: Form) -> str:
    """`url` with more parameters; those that it has are kept."""
    if not fields:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(fields)}"


def sent_onward(page: Page, to: str) -> Form | None:
    """The parameters that `page` sends the browser to the address `to` with: by a redirect, or by a form."""
    if (location := page.location) is not None:
        parts, wanted = urlsplit(location), urlsplit(to)
        same = parts[:3] == wanted[:3]
        return tuple(parse_qsl(parts.query, keep_blank_values=True)) if same else None
    if page.status != 200 or not page.headers.get("content-type", "").startswith("text/html"):
        return None
    action, fields = form_on(page.text)
    return fields if action == to else None


def form_on(text: str) -> tuple[str, Form]:
    """Action and named inputs of the first form of a page; empty where there is none."""
    reader = _FormReader()
    reader.feed(text)
    return reader.action or "", tuple(reader.fields)


class _FormReader(HTMLParser):
    """Reads the first form of a page: its action and its named inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: list[tuple[str, str]] = []
        self._on: dict[str, Callable[[dict[str, str]], None]] = {"form": self._form, "input": self._input}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._on:
            self._on[tag]({name: value or "" for name, value in attrs})

    def _form(self, attributes: dict[str, str]) -> None:
        if self.action is None:
            self.action = attributes.get("action", "")

    def _input(self, attributes: dict[str, str]) -> None:
        if "name" in attributes:
            self.fields.append((attributes["name"], attributes.get("value", "")))
