"""The conformance suite against each framework's tools, over HTTP."""

from collections.abc import Iterator

import pytest
from dependency_injector.providers import Object

from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.simulator import conformance
from lti_adapters.simulator.clients import HttpClient
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM
from tests.frameworks.sites import REFERENCE_TOOLS, SITES, Wanted
from tests.frameworks.steps import KEY


@pytest.fixture(scope="module", params=sorted(SITES))
def platform(request: pytest.FixtureRequest) -> Iterator[SimulatedPlatform]:
    """A platform whose tool a framework serves."""
    site, made = SITES[request.param], []

    def make(url: str) -> object:
        made.append(SimulatedPlatform(tool_url=url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM))
        return site.application(Wanted(config=made[0].config))

    with site.serving(make):
        yield made[0]


@pytest.fixture(scope="module", params=sorted(REFERENCE_TOOLS))
def platform_of_reference_tool(request: pytest.FixtureRequest) -> Iterator[SimulatedPlatform]:
    """A platform whose services a framework's reference tool uses, without network."""
    made = []

    def make(url: str) -> object:
        made.append(SimulatedPlatform(tool_url=url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM))
        container = LtiContainer(settings=Object(read_settings(made[0].config)), http=Object(made[0].http))
        return REFERENCE_TOOLS[request.param](container=container)

    with SITES[request.param].serving(make):
        yield made[0]


@pytest.mark.parametrize("case", conformance.CASES, ids=str)
def test_every_framework_accepts_and_refuses_what_it_must(case: conformance.Case, platform: SimulatedPlatform) -> None:
    case.run(platform, HttpClient(platform.tool_url))


@pytest.mark.parametrize("case", conformance.services_of(conformance.REFERENCE_TOOL), ids=str)
def test_every_reference_tool_uses_the_services_as_it_should(
    case: conformance.ServiceCase, platform_of_reference_tool: SimulatedPlatform
) -> None:
    platform = platform_of_reference_tool
    case.run(platform, HttpClient(platform.tool_url), conformance.REFERENCE_TOOL)
