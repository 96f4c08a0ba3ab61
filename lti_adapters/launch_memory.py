"""LaunchMemory: accepted launches, for later requests of the browser that opened them.

A browser that keeps our cookie is known by it; its requests carry the launch's id. A browser without cookies carries a
token in place of the id: signed, good for a quarter of an hour, and made anew for each page.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import timedelta

from attrs import frozen

from lti_adapters.launch_addresses import browser_cookies
from lti_adapters.outcomes import OpenedLaunch
from lti_core.errors import LaunchRefused
from lti_core.launch import Evidence
from lti_core.making import maker_of
from lti_core.messages import LaunchMessage
from lti_core.ports import Clock, KeyStore
from lti_core.registration import Registration
from lti_core.state import hash_of
from lti_core.tokens import OurToken, sign_ours, take_ours_apart
from lti_storage.launches import Launches, RememberedLaunch
from lti_storage.registrations import Registrations

TOKEN_LIFETIME = timedelta(minutes=15)
MAX_TOKEN = 1024
_KIND = "lti-launch-token"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_remembered, _opened = maker_of(RememberedLaunch), maker_of(OpenedLaunch)


@frozen
class Carried:
    """What a request carries of its launch: the id, alone or in a token that is not proved yet."""

    launch_id: str
    expires_at: float = 0
    token: OurToken | None = None

    @classmethod
    def read(cls, text: str) -> "Carried":
        """What `text` stands for; anything that is no token of ours is taken for an id."""
        try:
            token = take_ours_apart(text, _KIND, MAX_TOKEN)
        except LaunchRefused:
            return cls(text)
        match token.content:
            case [str(launch_id), int(expires_at)]:
                return cls(launch_id, expires_at, token)
        return cls(text)


@frozen(eq=False)
class LaunchMemory:
    """Remembers launches and finds them again, each for its own browser.

    Attributes:
        lifetime: how long a launch is remembered.
        id_opens_launches: as of `Tool`.
    """

    launches: Launches
    registrations: Registrations
    keys: KeyStore
    clock: Clock
    lifetime: timedelta
    id_opens_launches: bool

    def remember(
        self, message: LaunchMessage, evidence: Evidence, redirect_uri: str, cookies: Mapping[str, str]
    ) -> OpenedLaunch:
        """Keep a launch that was accepted.

        Raises:
            StorageFailed: the store did not answer.
        """
        registration, state = evidence.expected.registration, evidence.expected.state
        secret = next(_secrets_of(cookies, redirect_uri), None) or secrets.token_urlsafe(32)
        is_bound = not (self.id_opens_launches or evidence.by_storage)
        launch = _remembered(
            issuer=message.issuer,
            client_id=message.client_id,
            payload=evidence.token.signed.partition(b".")[2].decode(),
            target_link_uri=state.target_link_uri,
            browser=hash_of(secret) if is_bound else None,
            opened_at=self.clock.now(),
        )
        launch_id = self.launches.remember(launch, self.keys.secrets(registration, "launch"))
        is_carried = evidence.by_storage and not self.id_opens_launches
        return _opened(
            message=message,
            launch_id=self._token(launch_id, registration) if is_carried else launch_id,
            cookie_name=f"{browser_cookies(redirect_uri)}{hash_of(secret)[:8]}",
            cookie_value=secret,
            cookie_lifetime=self.lifetime,
        )

    def recall(self, carried: Carried) -> RememberedLaunch | None:
        """What is kept under that id; None when nothing is, any more.

        Raises:
            StorageFailed: the store did not answer.
        """
        return self.launches.recall(carried.launch_id, self._secrets)

    def check_browser(
        self, carried: Carried, remembered: RememberedLaunch, redirect_uri: str, cookies: Mapping[str, str]
    ) -> None:
        """Refuse unless the request comes from the browser that launched.

        Raises:
            LaunchRefused: `launch.browser_mismatch`, `launch.link_expired`.
        """
        if remembered.browser is None and self.id_opens_launches:
            return
        if remembered.browser is None and carried.token is not None:
            self._check_token(carried, carried.token, remembered)
            return
        opened_by = remembered.browser or ""
        if not any(secrets.compare_digest(hash_of(one), opened_by) for one in _secrets_of(cookies, redirect_uri)):
            raise LaunchRefused("launch.browser_mismatch", "This browser did not open that launch.")

    def renewed(self, carried: Carried, registration: Registration) -> str:
        """What the next page's addresses carry: the id, or a token that is good for another quarter of an hour."""
        return carried.launch_id if carried.token is None else self._token(carried.launch_id, registration)

    def _token(self, launch_id: str, registration: Registration) -> str:
        expires_at = int((self.clock.now() + TOKEN_LIFETIME).timestamp())
        return sign_ours([launch_id, expires_at], self.keys.secrets(registration, _KIND)[0], _KIND)

    def _check_token(self, carried: Carried, token: OurToken, remembered: RememberedLaunch) -> None:
        registration = self.registrations.find(remembered.issuer, remembered.client_id)
        if registration is None or not token.is_signed_by(self.keys.secrets(registration, _KIND)):
            raise LaunchRefused("launch.browser_mismatch", "This browser did not open that launch.")
        if carried.expires_at <= self.clock.now().timestamp():
            message = "The address of this page carried the launch for a quarter of an hour, which is over."
            raise LaunchRefused("launch.link_expired", message)

    def _secrets(self, issuer: str, client_id: str) -> tuple[bytes, ...]:
        registration = self.registrations.find(issuer, client_id)
        return () if registration is None else self.keys.secrets(registration, "launch")


def _secrets_of(cookies: Mapping[str, str], redirect_uri: str) -> Iterator[str]:
    """What this browser was given by its launches: as a rule once, by the first."""
    prefix = browser_cookies(redirect_uri)
    return (value for name, value in cookies.items() if name.startswith(prefix) and _SECRET.fullmatch(value))
