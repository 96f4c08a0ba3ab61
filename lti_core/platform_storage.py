"""Platform storage: where a platform keeps a browser's secret for a tool whose cookies are blocked.

Source: LTI postMessage Storage 0.1; LTI OIDC Login with LTI Client Side postMessages 0.1.
"""

import re

from attrs import frozen

from lti_core.registration import Registration
from lti_core.state import LoginState

_TARGET = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


@frozen
class PlatformStorage:
    """What a page must know to ask for it.

    Attributes:
        target: the name of the frame that answers, or `_parent`; empty where the platform offers no storage.
        login_url: the platform's authorization address, as it was registered: only its origin may answer. The page
            asks the browser which that is: it writes hosts and ports in a way of its own.
        key: what the secret is kept under, one for each login.
    """

    target: str
    login_url: str
    key: str


def is_target(name: str) -> bool:
    """Whether `name` is fit to name a frame; what is not never reaches a page."""
    return _TARGET.fullmatch(name) is not None


def storage_of(state: LoginState, registration: Registration) -> PlatformStorage:
    """Where the secret of that login is kept."""
    return PlatformStorage(state.storage_target or "", registration.login_url, f"lti-{state.browser[:16]}")
