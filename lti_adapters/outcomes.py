"""What the use cases of `Tool` tell whoever called them."""

from datetime import timedelta

from attrs import field, frozen

from lti_core.errors import LtiError
from lti_core.messages import LaunchMessage


@frozen
class Refusal:
    """What the hook `on_refused` is told, for metrics. Issuer and client id are what was claimed, not proved."""

    error: LtiError
    issuer: str = ""
    client_id: str = ""


@frozen(kw_only=True, weakref_slot=False)
class OpenedLaunch:
    """An accepted launch, and what its browser is given so that it can come back.

    Attributes:
        launch_id: opens the launch again, together with the cookie; where the browser keeps none, a token that does
            so alone, for a quarter of an hour.
        cookie_name, cookie_value: to be set with HttpOnly, Secure, SameSite=None, Partitioned and Path=/.
    """

    message: LaunchMessage
    launch_id: str
    cookie_name: str
    cookie_value: str = field(repr=False)
    cookie_lifetime: timedelta


@frozen
class OpenedAgain:
    """A launch that was opened again. `launch_id` is what the next page's addresses carry."""

    message: LaunchMessage
    launch_id: str
