"""Each test of the contract runs against each framework."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from lti_adapters.simulator.clients import HttpClient
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM
from tests.frameworks.sites import SITES, Site, Wanted
from tests.frameworks.steps import KEY


@pytest.fixture(params=sorted(SITES))
def site(request: pytest.FixtureRequest) -> Site:
    """A framework."""
    return SITES[request.param]


@pytest.fixture
def serve(site: Site) -> Iterator[Callable[..., SimulatedPlatform]]:
    """Serves a tool, and answers the platform that it is registered at."""
    with ExitStack() as stack:

        def start(config: Any = None, registration: Any = None, **wanted: Any) -> SimulatedPlatform:
            made: list[SimulatedPlatform] = []

            def make(url: str) -> Any:
                made.append(SimulatedPlatform(tool_url=url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM))
                settings = {**made[0].config, **(config or {})}
                settings["registrations"]["document"][made[0].issuer][0].update(registration or {})
                return site.application(Wanted(config=settings, **wanted))

            stack.enter_context(site.serving(make))
            return made[0]

        yield start


@pytest.fixture
def platform(serve: Callable[..., SimulatedPlatform]) -> SimulatedPlatform:
    """A platform with a tool that is served as it comes."""
    return serve()


@pytest.fixture
def browser(platform: SimulatedPlatform) -> HttpClient:
    """A browser at that tool."""
    return HttpClient(platform.tool_url)
