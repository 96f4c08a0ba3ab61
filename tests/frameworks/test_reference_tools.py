"""The reference tool shows the same pages in every framework."""

import re
from collections.abc import Mapping
from html import unescape

from dependency_injector.providers import Object

from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import HttpClient, Page
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.people import TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM
from tests.frameworks.sites import REFERENCE_TOOLS, SITES
from tests.frameworks.steps import HTML, KEY

VARIES = re.compile(r"[\w-]{32,}|\d{10}|127\.0\.0\.1:\d+|\d{4}-\d\d-\d\d[T ][\d:.+Z]+")  # ids, moments and addresses
LINKS = re.compile(r'href="([^"]*/tool/launches/[^"]+)"')
HEADERS = ("content-type", "cache-control", "content-security-policy", "referrer-policy", "x-frame-options")


def shown(page: Page) -> tuple[int, str, tuple[str | None, ...]]:
    """What is to be the same."""
    headers = [page.headers.get(name) for name in HEADERS]
    return page.status, VARIES.sub("?", page.text), tuple(text and VARIES.sub("?", text) for text in headers)


def pages_of(framework: str) -> Mapping[str, tuple[object, ...]]:
    """Each page that a teacher can open, by its address."""
    made: list[SimulatedPlatform] = []

    def make(url: str) -> object:
        made.append(SimulatedPlatform(tool_url=url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM))
        container = LtiContainer(settings=Object(read_settings(made[0].config)), http=Object(made[0].http))
        return REFERENCE_TOOLS[framework](container=container)

    with SITES[framework].serving(make) as url:
        browser = HttpClient(url)
        launched = made[0].launch(browser, user=TEACHER, accept=HTML)
        found = {"launched": shown(launched)}
        links = [unescape(link) for link in LINKS.findall(launched.text)]
        for link in ("/", "/lti/launch", "/tool/launches/unknown", *links):
            found[VARIES.sub("?", link)] = shown(browser.send("GET", url + link.removeprefix(url), (), HTML))
    return found


def test_each_page_is_the_same_in_every_framework() -> None:
    first, *others = map(pages_of, sorted(REFERENCE_TOOLS))
    assert len(first) > 6
    assert first["launched"][0] == 200
    for other in others:
        assert other == first
