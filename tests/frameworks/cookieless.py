"""A frame in a browser that keeps no cookies, and a tool whose clock stands still; for the tests of both."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from attrs import define, field
from dependency_injector.providers import Object
from urllib3 import HTTPResponse

from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import FORM, HttpClient
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM, FixedClock
from tests.frameworks.sites import Site, Wanted
from tests.frameworks.steps import JSON, KEY, raw

IN_FRAME = {"Sec-Fetch-Dest": "iframe"}
AT_TOP = {"Sec-Fetch-Dest": "document"}
Fields = dict[str, str]


class Seen(HTMLParser):
    """A page: its elements by id, and its forms by their action."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.by_id: dict[str, dict[str, str]] = {}
        self.forms: dict[str, Fields] = {}
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "id" in told:
            self.by_id[told["id"]] = told
        if tag == "form":
            self._inside = told["action"]
            self.forms[self._inside] = {}
        if tag == "input":
            self.forms[self._inside][told["name"]] = told["value"]


@define
class Frame:
    """A frame in a browser that keeps no cookies, and what the platform keeps for it."""

    platform: SimulatedPlatform
    kept: dict[str, str] = field(factory=dict)

    @property
    def origin(self) -> str:
        return self.platform.tool_url

    def login(self, message: Message | None = None, headers: Mapping[str, str] = IN_FRAME, **more: str) -> HTTPResponse:
        """Begin a launch; the answer of the tool."""
        fields = {**self.platform.initiate(message or self.platform.resource_link()), **more}
        return raw("POST", self.platform.login_url, fields=fields, headers=dict(headers))

    def begun(self, message: Message | None = None) -> Fields:
        """The form that the platform posts, after a login whose secret it keeps."""
        page = Seen(self.login(message, lti_storage_target="_parent").data.decode())
        way = page.by_id["way"]
        self.kept[way["data-key"]] = way["data-secret"]
        return answered(self.platform, page.by_id["onward"]["href"])

    def post(self, fields: Fields, **headers: str) -> HTTPResponse:
        """Post a launch from a page of this tool; the answer of the tool."""
        all_headers = {"Accept": JSON, "Origin": self.origin, "Content-Type": FORM, **headers}
        return raw("POST", self.platform.launch_url, body=urlencode(fields), headers=all_headers)

    def finished(self, fields: Fields) -> Fields:
        """The form of the second step, filled in as the page's script does."""
        page = Seen(self.post(fields, Origin=self.platform.issuer).data.decode())
        form = page.forms[urlsplit(self.platform.launch_url).path]
        return {**form, "lti_storage_value": self.kept.get(page.by_id["launch"]["data-key"], "")}

    def launched(self) -> HTTPResponse:
        """All steps of a launch."""
        answer = self.post(self.finished(self.begun()))
        assert answer.status == 200, answer.data
        return answer

    def see(self, address: str, **headers: str) -> HTTPResponse:
        """A later request."""
        url = urljoin(self.platform.tool_url, address)
        return raw("GET", url, headers={"Accept": JSON, **headers})


def answered(platform: SimulatedPlatform, authorization_url: str) -> Fields:
    asked = parse_qsl(urlsplit(authorization_url).query)
    return dict(platform.authorize(asked, lambda: HttpClient(platform.tool_url)).fields)


def code_of(answer: HTTPResponse) -> str:
    return str(answer.json()["error"]["code"])


def cookies_of(answer: HTTPResponse) -> str:
    return "; ".join(cookie.partition(";")[0] for cookie in answer.headers.getlist("set-cookie"))


def token_of(answer: HTTPResponse) -> str:
    return str(answer.json()["later"]).partition("lti_launch=")[2]


def served(site: Site, clock: FixedClock, made: list[SimulatedPlatform], **wanted: Any) -> Any:
    def make(url: str) -> Any:
        platform = SimulatedPlatform(tool_url=url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM, clock=clock)
        made.append(platform)
        container = LtiContainer(clock=Object(clock), settings=Object(read_settings(platform.config)))
        return site.application(Wanted(config={}, options={"container": container, **wanted}))

    return site.serving(make)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def platform(site: Site, clock: FixedClock) -> Iterator[SimulatedPlatform]:
    """A platform with a tool whose clock the test moves."""
    made: list[SimulatedPlatform] = []
    with served(site, clock, made):
        yield made[0]


@pytest.fixture
def frame(platform: SimulatedPlatform) -> Frame:
    return Frame(platform)
