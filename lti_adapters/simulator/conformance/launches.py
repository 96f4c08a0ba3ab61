"""Cases that are one launch: what a tool must accept, and what it must refuse for which reason."""

from typing import Any, Protocol

from attrs import frozen

from lti_adapters.simulator.clients import Page
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.variation import Says, Variation

JSON = "application/json"


class Platform(Says, Protocol):
    """What a case asks of the platform."""

    def launch(self, client: Any, *, message: Message, broken: Variation | None, method: str, accept: str) -> Page:
        """Launch the tool in `client`, as `SimulatedPlatform.launch` does."""


@frozen
class Case:
    """One launch, and the demand on a tool that it makes."""

    variation: Variation

    def __str__(self) -> str:
        return str(self.variation)

    def run(self, platform: Platform, client: Any) -> None:
        """Launch the tool in `client`, and look at what it does.

        Raises:
            AssertionError: the tool accepts what it must refuse, refuses what it must accept, or names another
                reason than the right one.
        """
        variation = self.variation
        message = variation.message(platform) if variation.message is not None else platform.resource_link()
        page = platform.launch(client, message=message, broken=variation, method=variation.method, accept=JSON)
        if variation.expected_code is None:
            _accepted(self, page)
        else:
            _refused(self, page, variation.expected_code)


def _accepted(case: Case, page: Page) -> None:
    if not 200 <= page.status < 300:
        raise AssertionError(f"{case}: must be accepted, was answered {page.status}: {page.text[:300]}")


def _refused(case: Case, page: Page, code: str) -> None:
    if not 400 <= page.status < 500:
        raise AssertionError(f"{case}: must be refused with 4xx, was answered {page.status}")
    if (found := _code_of(page)) != code:
        raise AssertionError(f"{case}: must be refused because of {code}, was because of {found}")


def _code_of(page: Page) -> object:
    try:
        return page.json["error"]["code"]
    except (ValueError, LookupError, TypeError):
        return f"no readable reason ({page.text[:200]})"
