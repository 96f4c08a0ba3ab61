"""Cases of the services: a tool is launched and made to use a service, and the platform looks at what comes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from attrs import frozen

from lti_adapters.simulator.authorization import PlatformRefused
from lti_adapters.simulator.clients import Page
from lti_adapters.simulator.conformance import launches
from lti_adapters.simulator.conformance.entry_points import EntryPoints, NotDone
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.people import Person
from lti_adapters.simulator.roster import Roster
from lti_adapters.simulator.services.deep_links import Received
from lti_adapters.simulator.services.gradebook import Gradebook
from lti_adapters.simulator.services.log import RequestLog

MOST_TRIES = 5


class Platform(launches.Platform, Protocol):
    """What a case asks of the platform; see `SimulatedPlatform`."""

    @property
    def requests(self) -> RequestLog: ...
    @property
    def gradebook(self) -> Gradebook: ...
    @property
    def members(self) -> Roster: ...
    def submit(self, page: Any) -> Received: ...
    def misbehave(self, kind: str, *, at: str, times: int | None = None, **details: float) -> None: ...
    def revoke_tokens(self) -> None: ...
    def reset(self) -> None: ...


@frozen
class Trial:
    """A case under way: who takes part."""

    platform: Platform
    client: Any
    entry_points: EntryPoints

    def launch(self, message: Message | None = None) -> Page:
        """The page that a launch of the tool ends with.

        Raises:
            NotDone: the tool refuses the launch.
        """
        said = message or self.platform.resource_link(self.entry_points.user)
        page = self.platform.launch(self.client, message=said, broken=None, method="POST", accept=launches.JSON)
        if not 200 <= page.status < 300:
            raise NotDone(page.status, page.text)
        return page

    def uses(self, name: str, *what: object) -> Any:
        """Launch the tool and make it use the entry point of that name; what comes of it."""
        return getattr(self.entry_points, name)(self.client, self.launch(), *what)

    def fails(self, name: str, *what: object) -> None:
        """The same, where the tool cannot succeed, and must say so.

        Raises:
            AssertionError: it says nothing, or breaks.
        """
        try:
            self.uses(name, *what)
        except NotDone as failure:
            demand(failure.status >= 400 and failure.status != 500, f"must explain the failure, but broke: {failure}")
        else:
            raise AssertionError("must say that the platform's answer is no good, and did not")

    @contextmanager
    def enrolled(self, *people: Person) -> Iterator[None]:
        """Further members of the course for a while."""
        for person in people:
            self.platform.members.enrol(person)
        try:
            yield
        finally:
            for person in people:
                self.platform.members.drop(str(person.id))


@frozen
class ServiceCase:
    """A demand on what a tool does at a service.

    Attributes:
        name: the area of the certification suite, and what is looked at.
        needs: the entry points that it takes.
        check: raises AssertionError where the tool falls short.
    """

    name: str
    needs: tuple[str, ...]
    check: Callable[[Trial], None]

    def __str__(self) -> str:
        return self.name

    def run(self, platform: Platform, client: Any, entry_points: EntryPoints) -> None:
        """Launch the tool in `client`, make it use the service, and look at what it does. The platform is reset.

        Raises:
            AssertionError: the tool does something wrong, or cannot do what it must.
        """
        platform.reset()
        try:
            self.check(Trial(platform, client, entry_points))
        except (AssertionError, PlatformRefused) as failure:
            raise AssertionError(f"{self}: {failure}") from failure
        finally:
            platform.reset()


def demand(met: bool, sentence: str) -> None:
    """Raise an AssertionError that says `sentence`, unless it is met."""
    if not met:
        raise AssertionError(sentence)


def failures(area: str, name: str, kind: str, *what: object) -> tuple[ServiceCase, ...]:
    """The cases of one entry point about access tokens and refusals. `kind` is of the service, as "members"."""

    def signed(trial: Trial) -> None:
        trial.platform.revoke_tokens()
        trial.uses(name, *what)
        asked = trial.platform.requests.of("token")
        demand(bool(asked), "must ask for a new access token when the platform knows the old one no more")
        refused = [exchange.problem for exchange in asked if exchange.status != 200]
        demand(not refused, f"must ask with a good assertion: {refused}")

    def always_401(trial: Trial) -> None:
        trial.platform.misbehave("status", at=kind, status=401)
        trial.fails(name, *what)
        tries = len(trial.platform.requests.of(kind))
        demand(1 <= tries <= MOST_TRIES, f"must give up, and tried {tries} times")

    def once_404(trial: Trial) -> None:
        trial.platform.misbehave("status", at=kind, status=404, times=1)
        trial.fails(name, *what)
        trial.uses(name, *what)

    return (
        ServiceCase(f"{area}: access token by client credentials with a signed assertion", (name,), signed),
        ServiceCase(f"{area}: 401 that does not end", (name,), always_401),
        ServiceCase(f"{area}: 404, and all is well later", (name,), once_404),
    )
