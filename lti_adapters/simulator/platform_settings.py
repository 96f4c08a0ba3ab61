"""What a simulated platform is made from."""

import secrets
from collections.abc import Callable

from attrs import field, frozen

from lti_adapters.clock import SystemClock
from lti_adapters.simulator.courses import BIOLOGY, Course
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.people import PEOPLE, Person
from lti_adapters.simulator.profiles.known import profile_of
from lti_adapters.simulator.profiles.profile import SPEC, Profile
from lti_adapters.simulator.services.tool_keys import KeySetSource
from lti_core.keys import new_private_key
from lti_core.ports import Clock


@frozen(kw_only=True, eq=False)
class PlatformSettings:
    """Who the platform is, which tool it knows, who learns there, and how it behaves.

    Attributes:
        issuer: of the platform, and where its addresses are.
        tool_url: where the tool is; `login_url`, `launch_url` and `redirect_uris` follow from it unless given.
        people, courses: who launches, and what.
        roster: so many made-up learners are in the first course beside them.
        profile: which platform it mimics at its services, by name or as a `Profile`; "spec" does what is written.
        scopes: what the tool may do at the services; all that the profile offers, unless given.
        tool_key_set: the tool's public keys, or what fetches them; those of `tool_private_key`, unless given.
        token_lifetime, access_token_lifetime: seconds that a launch's token, or an access token, is good for.
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
    roster: int = 0
    profile: Profile = field(default=SPEC, converter=profile_of)
    scopes: tuple[str, ...] = field()
    tool_key_set: KeySetSource | None = field(default=None, repr=False)
    token_lifetime: int = 300
    access_token_lifetime: int = 3600
    keys: KeyRing = field(factory=KeyRing, repr=False)
    tool_private_key: str = field(factory=new_private_key, repr=False)
    clock: Clock = field(factory=SystemClock, repr=False)
    random: Callable[[int], bytes] = field(default=secrets.token_bytes, repr=False)

    @login_url.default
    def _login_url(self) -> str:
        return f"{self.tool_url}/lti/login"

    @launch_url.default
    def _launch_url(self) -> str:
        return f"{self.tool_url}/lti/launch"

    @redirect_uris.default
    def _redirect_uris(self) -> tuple[str, ...]:
        return (self.launch_url,)

    @scopes.default
    def _all_scopes(self) -> tuple[str, ...]:
        return self.profile.scopes

    @property
    def authorization_url(self) -> str:
        """Where the tool sends its authentication requests."""
        return f"{self.issuer}/auth"

    @property
    def key_set_url(self) -> str:
        """Where the platform publishes its keys, when it is served."""
        return f"{self.issuer}/jwks"
