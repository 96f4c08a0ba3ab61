"""Launches under way: a login initiation goes out, an authentication request comes in and is answered (OIDC)."""

from collections.abc import Callable, Iterable, Mapping

from attrs import field, frozen

from lti_adapters.simulator.authorization import AuthenticationRequest, PlatformRefused
from lti_adapters.simulator.clients import Browser, Page, follow, sent_onward
from lti_adapters.simulator.draft import Answer, Draft
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.messages import Claims, Message
from lti_adapters.simulator.pending import PendingLaunch, PendingLaunches
from lti_adapters.simulator.variation import Login, Variation
from lti_core.ports import Clock

HTML = "text/html"


@frozen(kw_only=True, eq=False)
class Launches:
    """Both steps of the platform, for one registered tool. `told` hears the claims that go out."""

    issuer: str
    client_id: str
    deployment_id: str
    login_url: str
    redirect_uris: tuple[str, ...]
    authorization_url: str
    token_lifetime: int
    keys: KeyRing = field(repr=False)
    clock: Clock = field(repr=False)
    pending: PendingLaunches = field(repr=False)
    told: Callable[[Claims], None] = field(repr=False)

    def initiate(self, message: Message, variation: Variation | None = None) -> Login:
        """See `SimulatedPlatform.initiate`."""
        login = {
            "iss": self.issuer,
            "login_hint": message.user.login,
            "target_link_uri": message.target_link_uri,
            "lti_message_hint": self.pending.add(message, variation, self.clock.now()),
            "client_id": self.client_id,
            "lti_deployment_id": self.deployment_id,
        }
        return variation.login(login) if variation is not None and variation.login is not None else login

    def authorize(self, pairs: Iterable[tuple[str, str]], stranger: Callable[[], Browser]) -> Answer:
        """See `SimulatedPlatform.authorize`."""
        asked = AuthenticationRequest.read(pairs)
        asked.refuse_strangers(self.client_id, self.redirect_uris)
        if problem := asked.problem:
            return _error(asked, *problem)
        pending = self.pending.take(asked["lti_message_hint"], asked["login_hint"], self.clock.now())
        if pending is None:
            return _error(asked, "launch_no_longer_valid", "No launch waits under these hints.")
        draft = self._draft(asked, pending, stranger)
        altered = pending.variation.alter(draft) if pending.variation is not None else draft
        self.told(altered.claims)
        return altered.answer()

    def run(self, browser: Browser, message: Message, variation: Variation | None, method: str, accept: str) -> Page:
        """Both steps, and what the browser does between them. See `SimulatedPlatform.launch`."""
        page = browser.send(method, self.login_url, tuple(self.initiate(message, variation).items()), accept)
        asked = sent_onward(page, self.authorization_url)
        if asked is None:
            return page
        answer = self.authorize(asked, browser.fresh)
        for form in answer.before:
            browser.send("POST", answer.action, form, accept)
        return follow(browser, browser.send(answer.method, answer.action, answer.fields, accept), accept)

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


def _error(asked: AuthenticationRequest, error: str, description: str) -> Answer:
    fields = (("error", error), ("error_description", description), ("state", asked["state"]))
    return Answer(action=asked["redirect_uri"], fields=tuple(pair for pair in fields if pair[1]))
