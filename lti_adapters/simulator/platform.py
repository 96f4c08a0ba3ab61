"""SimulatedPlatform: an LTI platform in one object."""

from collections.abc import Callable, Iterable
from typing import Any

from attrs import Factory, field, frozen

from lti_adapters.simulator.assembled import (
    deep_linking_of,
    launches_of,
    registration_of,
    services_of,
    speaker_of,
)
from lti_adapters.simulator.authorization import PlatformRefused
from lti_adapters.simulator.broken import broken_named
from lti_adapters.simulator.clients import Browser, Page, browser_of, form_on
from lti_adapters.simulator.conformance import CASES, Case
from lti_adapters.simulator.courses import Activity, Group
from lti_adapters.simulator.draft import Answer
from lti_adapters.simulator.launches import HTML, Launches
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.people import LEARNER, TEACHER, Person
from lti_adapters.simulator.platform_settings import PlatformSettings
from lti_adapters.simulator.roster import Roster
from lti_adapters.simulator.services.deep_links import DeepLinking, Links, Received
from lti_adapters.simulator.services.gradebook import Gradebook
from lti_adapters.simulator.services.in_process import InProcessHttp
from lti_adapters.simulator.services.log import RequestLog
from lti_adapters.simulator.services.services import Services
from lti_adapters.simulator.variation import Login, Variation


@frozen(kw_only=True, eq=False)
class SimulatedPlatform(PlatformSettings):
    """An LTI platform with one registered tool, for tests and demonstrations.

    Its arguments are the attributes of `PlatformSettings`.
    """

    services: Services = field(init=False, repr=False, default=Factory(services_of, takes_self=True))
    _deep_linking: DeepLinking = field(init=False, repr=False)
    _launches: Launches = field(init=False, repr=False)

    @_deep_linking.default
    def _no_links(self) -> DeepLinking:
        return deep_linking_of(self, self.services)

    @_launches.default
    def _no_launches(self) -> Launches:
        return launches_of(self, self._deep_linking)

    # what the tool must know

    @property
    def token_url(self) -> str:
        """Where the tool asks for access tokens."""
        return self.services.world.addresses.token

    def registration_document(self, *, inline_keys: bool = True, private_key: str | None = None) -> dict[str, Any]:
        """The tool's registration here, as a registrations file has it.

        Args:
            inline_keys: give the keys themselves, so that the tool needs no network; else their address.
            private_key: PEM text of the tool's key, to be included.
        """
        return registration_of(self, self.token_url, inline_keys=inline_keys, private_key=private_key)

    @property
    def config(self) -> dict[str, Any]:
        """Settings for a tool in a test: this registration, and where the tool is.

        No network is needed where the tool's services are reached by `http`:
        `LtiContainer(http=Object(platform.http))`.
        """
        document = self.registration_document(private_key=self.tool_private_key)
        return {"registrations": {"document": document}, "tool": {"url": self.tool_url}}

    # what the platform says

    def resource_link(self, user: Person = LEARNER, activity: str | Activity = "quiz-1") -> Message:
        """`user` opens an activity, by its id or as a value.

        Raises:
            ConfigurationError: `config.activity_unknown`.
        """
        course, opened = self.services.world.catalogue.find(activity)
        return speaker_of(self, self.services.world).resource_link(user, course, opened)

    def deep_linking(self, user: Person = TEACHER) -> Message:
        """`user` picks content of the tool for the first course."""
        return speaker_of(self, self.services.world).deep_linking(user, self.courses[0])

    def submission_review(
        self, user: Person = TEACHER, of: Person = LEARNER, activity: str | Activity = "quiz-1"
    ) -> Message:
        """`user` looks at the work of another person.

        Raises:
            ConfigurationError: `config.activity_unknown`.
        """
        course, reviewed = self.services.world.catalogue.find(activity)
        return speaker_of(self, self.services.world).submission_review(user, course, reviewed, of)

    # the steps of a launch

    def initiate(self, message: Message, variation: Variation | None = None) -> Login:
        """Begin a launch: the parameters that a browser takes to the tool's login address (OIDC step 1)."""
        return self._launches.initiate(message, variation)

    def authorize(self, pairs: Iterable[tuple[str, str]], stranger: Callable[[], Browser]) -> Answer:
        """Answer a tool's authentication request (OIDC step 2).

        Args:
            pairs: its parameters, from a query or a form.
            stranger: makes a browser that has not met the tool yet, for launches that need another login.

        Returns:
            What the browser brings to the tool: a token and the state, or an error.

        Raises:
            PlatformRefused: `platform.client_unknown`, `platform.redirect_uri_unknown`, `platform.login_refused`.
        """
        return self._launches.authorize(pairs, stranger)

    @property
    def conformance(self) -> tuple[Case, ...]:
        """The cases of the certification suite, and more: `case.run(platform, client)` for each."""
        return CASES

    # what the tool does to the platform

    @property
    def http(self) -> InProcessHttp:
        """The tool's Http port to this platform, without network: `send(HttpRequest) -> HttpResponse`."""
        return InProcessHttp(self.services)

    @property
    def requests(self) -> RequestLog:
        """What the services were asked; `requests.of("token")`, `requests.connections`."""
        return self.services.requests

    @property
    def gradebook(self) -> Gradebook:
        """`gradebook["quiz-1"]["u-learner"].score`; line items, and all scores that were sent."""
        return self.services.world.gradebook

    @property
    def members(self) -> Roster:
        """Who is in the first course's class list."""
        return self.services.world.rosters[self.courses[0].id]

    @property
    def activities(self) -> tuple[Activity, ...]:
        """The tool's links in the first course, those that deep linking brought last."""
        known = self.services.world.catalogue.activities(self.courses[0].id)
        return tuple(link for link in known if not link.foreign)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of the first course."""
        return self.courses[0].groups

    @property
    def links(self) -> Links:
        """What deep linking brought."""
        return self._deep_linking.links

    def submit(self, page: Any) -> Received:
        """Send the form on a tool's page back to the platform, as a browser does at the end of deep linking.

        Args:
            page: a `Page`, or the response of a test client.

        Raises:
            PlatformRefused: as `deep_linking_response`; `platform.response_missing` when there is no such form.
        """
        action, fields = form_on(page.text)
        if "JWT" not in dict(fields):
            raise PlatformRefused("platform.response_missing", "The page has no form with a field JWT.")
        return self.deep_linking_response(action, dict(fields)["JWT"])

    def deep_linking_response(self, return_url: str, jwt: str) -> Received:
        """Take the tool's answer to a deep linking request, and put what it brings into the course.

        Raises:
            PlatformRefused: `platform.response_...` names what is wrong with it; `platform.request_unknown` when no
                request named that address.
        """
        return self._deep_linking.receive(return_url, jwt)

    def misbehave(
        self,
        kind: str,
        *,
        at: str = "",
        times: int | None = None,
        one_in: int | None = None,
        seed: int = 0,
        **details: float,
    ) -> None:
        """Do something wrong at the services from now on.

        Args:
            kind: one of `services.misbehaviour.KINDS`, as "status", "slow" or "page-loop".
            at: a kind of service ("members"), a method and a kind ("POST scores"), or a part of an address.
            times: how often; None: until `behave`.
            one_in: one call in so many, as `seed` makes it.
            details: `seconds`, `pause`, `status`, `retry_after`, `size`, `pages`.

        Raises:
            ConfigurationError: `config.misbehaviour_unknown`.
        """
        self.services.misbehaviours.add(kind, at, times, one_in, seed, details)

    def behave(self) -> None:
        """End all misbehaviour."""
        self.services.misbehaviours.clear()

    def issue_token(self, *scopes: str, expires_in: int = 3600) -> str:
        """An access token, without an assertion; for all scopes of the tool where none are named."""
        return self.services.issue_token(scopes or self.scopes, expires_in)

    def revoke_tokens(self) -> None:
        """From now on no access token that is out is good any more."""
        self.services.tokens.revoke()

    def reset(self) -> None:
        """As new: no misbehaviour, no requests, no grades, no links of deep linking. Access tokens stay good."""
        self.behave()
        self.requests.clear()
        self._deep_linking.clear()
        self.gradebook.clear()

    # all steps at once

    def launch(
        self,
        client: Any,
        *,
        user: Person = LEARNER,
        resource_link: str | Activity = "quiz-1",
        message: Message | None = None,
        broken: str | Variation | None = None,
        method: str = "POST",
        accept: str = HTML,
    ) -> Page:
        """Launch the tool in `client` as a browser would, and return the page that the user sees in the end.

        Args:
            client: a test client of Flask, Werkzeug, Django or Starlette, or an `HttpClient`.
            user, resource_link: who opens which activity; or
            message: what is said instead, as `platform.deep_linking(...)`.
            broken: the name of a launch of the table BROKEN, or any variation.
            method: of the login initiation, GET or POST.
            accept: the browser's Accept header; with application/json a tool answers JSON.

        Raises:
            ConfigurationError: `config.activity_unknown`, `config.broken_unknown`, `config.client_unknown`.
            PlatformRefused: as `authorize`: the tool asked with a client id or an address that are not its own.
        """
        variation = broken_named(broken) if isinstance(broken, str) else broken
        said = message or self.resource_link(user, resource_link)
        return self._launches.run(browser_of(client), said, variation, method, accept)
