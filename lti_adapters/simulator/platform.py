"""SimulatedPlatform: an LTI platform in one object."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import field, frozen

from lti_adapters.clock import SystemClock
from lti_adapters.simulator.authorization import AuthenticationRequest, PlatformRefused
from lti_adapters.simulator.broken import BROKEN
from lti_adapters.simulator.clients import Browser, Page, browser_of, follow, sent_onward
from lti_adapters.simulator.conformance import CASES, Case
from lti_adapters.simulator.courses import BIOLOGY, Activity, Course
from lti_adapters.simulator.draft import Answer, Draft
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.messages import Message, Speaker
from lti_adapters.simulator.pending import PendingLaunch, PendingLaunches
from lti_adapters.simulator.people import LEARNER, PEOPLE, TEACHER, Person
from lti_adapters.simulator.variation import Login, Variation
from lti_core.errors import ConfigurationError
from lti_core.keys import new_private_key
from lti_core.ports import Clock

HTML = "text/html"


@frozen(kw_only=True, eq=False)
class SimulatedPlatform:
    """An LTI platform with one registered tool, for tests and demonstrations.

    Attributes:
        issuer: of the platform, and where its addresses are.
        tool_url: where the tool is; `login_url`, `launch_url` and `redirect_uris` follow from it unless given.
        people, courses: who launches, and what.
        token_lifetime: seconds that a token is good for.
        keys: the platform's keys; `keys.rotate()` brings a new one.
        tool_private_key: PEM text; the tool is told to use it (`config`). The platform itself does not.
        clock, random: where time and chance come from.
    """

    issuer: str = "https://platform.example"
    client_id: str = "tool-1"
    deployment_id: str = "deployment-1"
    tool_url: str = "https://localhost"
    login_url: str = field()
    launch_url: str = field()
    redirect_uris: tuple[str, ...] = field()
    people: tuple[Person, ...] = PEOPLE
    courses: tuple[Course, ...] = (BIOLOGY,)
    token_lifetime: int = 300
    keys: KeyRing = field(factory=KeyRing, repr=False)
    tool_private_key: str = field(factory=new_private_key, repr=False)
    clock: Clock = field(factory=SystemClock, repr=False)
    random: Callable[[int], bytes] = field(default=secrets.token_bytes, repr=False)
    _pending: PendingLaunches = field(init=False, repr=False)

    @login_url.default
    def _login_url(self) -> str:
        return f"{self.tool_url}/lti/login"

    @launch_url.default
    def _launch_url(self) -> str:
        return f"{self.tool_url}/lti/launch"

    @redirect_uris.default
    def _redirect_uris(self) -> tuple[str, ...]:
        return (self.launch_url,)

    @_pending.default
    def _no_pending(self) -> PendingLaunches:
        return PendingLaunches(self.random)

    # what the tool must know

    @property
    def authorization_url(self) -> str:
        """Where the tool sends its authentication requests."""
        return f"{self.issuer}/auth"

    @property
    def key_set_url(self) -> str:
        """Where the platform publishes its keys, when it is served."""
        return f"{self.issuer}/jwks"

    def registration_document(self, *, inline_keys: bool = True, private_key: str | None = None) -> dict[str, Any]:
        """The tool's registration here, as a registrations file has it.

        Args:
            inline_keys: give the keys themselves, so that the tool needs no network; else their address.
            private_key: PEM text of the tool's key, to be included.
        """
        registration: dict[str, Any] = {
            "default": True,
            "client_id": self.client_id,
            "auth_login_url": self.authorization_url,
            "auth_token_url": f"{self.issuer}/token",
            "auth_audience": None,
            "key_set_url": None if inline_keys else self.key_set_url,
            "key_set": self.keys.published() if inline_keys else None,
            "deployment_ids": [self.deployment_id],
        }
        if private_key is not None:
            registration["private_key"] = private_key
        return {self.issuer: [registration]}

    @property
    def config(self) -> dict[str, Any]:
        """Settings for a tool in a test: this registration, and where the tool is. No network is needed."""
        document = self.registration_document(private_key=self.tool_private_key)
        return {"registrations": {"document": document}, "tool": {"url": self.tool_url}}

    # what the platform says

    def resource_link(self, user: Person = LEARNER, activity: str | Activity = "quiz-1") -> Message:
        """`user` opens an activity, by its id or as a value.

        Raises:
            ConfigurationError: `config.activity_unknown`.
        """
        course, opened = self._find(activity)
        return self._speaker.resource_link(user, course, opened)

    def deep_linking(self, user: Person = TEACHER) -> Message:
        """`user` picks content of the tool for the first course."""
        return self._speaker.deep_linking(user, self.courses[0])

    def submission_review(
        self, user: Person = TEACHER, of: Person = LEARNER, activity: str | Activity = "quiz-1"
    ) -> Message:
        """`user` looks at the work of another person.

        Raises:
            ConfigurationError: `config.activity_unknown`.
        """
        course, reviewed = self._find(activity)
        return self._speaker.submission_review(user, course, reviewed, of)

    @property
    def _speaker(self) -> Speaker:
        return Speaker(issuer=self.issuer, deployment_id=self.deployment_id, launch_url=self.launch_url)

    def _find(self, activity: str | Activity) -> tuple[Course, Activity]:
        if isinstance(activity, Activity):
            return self.courses[0], activity
        for course in self.courses:
            for known in course.activities:
                if known.id == activity:
                    return course, known
        ids = ", ".join(known.id for course in self.courses for known in course.activities)
        message = f"The platform has no activity of that id; name one of {ids}, or give an Activity."
        raise ConfigurationError("config.activity_unknown", message, expected=ids, found=activity)

    # the steps of a launch

    def initiate(self, message: Message, variation: Variation | None = None) -> Login:
        """Begin a launch: the parameters that a browser takes to the tool's login address (OIDC step 1)."""
        login = {
            "iss": self.issuer,
            "login_hint": message.user.login,
            "target_link_uri": message.target_link_uri,
            "lti_message_hint": self._pending.add(message, variation, self.clock.now()),
            "client_id": self.client_id,
            "lti_deployment_id": self.deployment_id,
        }
        return variation.login(login) if variation is not None and variation.login is not None else login

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
        asked = AuthenticationRequest.read(pairs)
        asked.refuse_strangers(self.client_id, self.redirect_uris)
        if problem := asked.problem:
            return _error(asked, *problem)
        pending = self._pending.take(asked["lti_message_hint"], asked["login_hint"], self.clock.now())
        if pending is None:
            return _error(asked, "launch_no_longer_valid", "No launch waits under these hints.")
        draft = self._draft(asked, pending, stranger)
        return (pending.variation.alter(draft) if pending.variation is not None else draft).answer()

    def _draft(self, asked: AuthenticationRequest, pending: PendingLaunch, stranger: Callable[[], Browser]) -> Draft:
        now = int(self.clock.now().timestamp())
        key = self.keys.newest
        stamped = {
            "iss": self.issuer,
            "aud": self.client_id,
            "azp": self.client_id,
            "iat": now,
            "exp": now + self.token_lifetime,
            "nonce": asked["nonce"],
        }
        return Draft(
            header={"alg": "RS256", "typ": "JWT", "kid": key.kid},
            claims={**pending.message.claims, **stamped},
            key=key,
            now=now,
            redirect_uri=asked["redirect_uri"],
            state=asked["state"],
            another_login=lambda: self._login_of(stranger(), pending.message),
        )

    def _login_of(self, browser: Browser, message: Message) -> Mapping[str, str]:
        page = browser.send("POST", self.login_url, tuple(self.initiate(message).items()), HTML)
        if not (asked := sent_onward(page, self.authorization_url)):
            text = "This launch needs another login at the tool, which the tool refused."
            raise PlatformRefused("platform.login_refused", text, found=page.status)
        return dict(asked)

    @property
    def conformance(self) -> tuple[Case, ...]:
        """The cases of the certification suite, and more: `case.run(platform, client)` for each."""
        return CASES

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
            client: a test client of Flask or Werkzeug, or an `HttpClient`.
            user, resource_link: who opens which activity; or
            message: what is said instead, as `platform.deep_linking(...)`.
            broken: the name of a launch of the table BROKEN, or any variation.
            method: of the login initiation, GET or POST.
            accept: the browser's Accept header; with application/json a tool answers JSON.

        Raises:
            ConfigurationError: `config.activity_unknown`, `config.broken_unknown`, `config.client_unknown`.
            PlatformRefused: as `authorize`: the tool asked with a client id or an address that are not its own.
        """
        browser = browser_of(client)
        variation = _variation(broken)
        said = message or self.resource_link(user, resource_link)
        login = self.initiate(said, variation)
        page = browser.send(method, self.login_url, tuple(login.items()), accept)
        asked = sent_onward(page, self.authorization_url)
        if asked is None:
            return page
        answer = self.authorize(asked, browser.fresh)
        for form in answer.before:
            browser.send("POST", answer.action, form, accept)
        return follow(browser, browser.send(answer.method, answer.action, answer.fields, accept), accept)


def _variation(broken: str | Variation | None) -> Variation | None:
    if broken is None or isinstance(broken, Variation):
        return broken
    for variation in BROKEN:
        if variation.name == broken:
            return variation
    names = ", ".join(variation.name for variation in BROKEN)
    message = f"There is no broken launch of that name; name one of {names}."
    raise ConfigurationError("config.broken_unknown", message, found=broken)


def _error(asked: AuthenticationRequest, error: str, description: str) -> Answer:
    fields = (("error", error), ("error_description", description), ("state", asked["state"]))
    return Answer(action=asked["redirect_uri"], fields=tuple(pair for pair in fields if pair[1]))
