"""Which browser a launch comes from: the one that began the login, as a cookie or the platform's storage proves."""

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from lti_core.authentication_response import AuthenticationResponse
from lti_core.errors import LaunchRefused
from lti_core.login import cookie_name
from lti_core.state import LoginState, hash_of

_SPEC = "1EdTech Security Framework 1.0 §5.1.1.3"
_PROBLEMS = frozenset({"timeout", "unsupported", "bad_request", "exhausted", "unauthorized", "wrong_origin"})


def check_browser(state: LoginState, cookies: Mapping[str, str], redirect_uri: str) -> None:
    """Refuse unless the browser brought back the secret that it was given at the login.

    Raises:
        LaunchRefused: `launch.browser_mismatch`.

    Source: OIDC Core 1.0 §3.1.2.1 (state), RFC 6749 §10.12.
    """
    check_cookie(state, cookies.get(cookie_name(state, redirect_uri), ""))


def check_cookie(state: LoginState, secret: str) -> None:
    """The same of the cookie's value itself, for those who look it up by its name; empty where there is none.

    Raises:
        LaunchRefused: `launch.browser_mismatch`.
    """
    if not _is_secret(secret, state):
        message = "This browser did not begin the login, or kept no cookie of it."
        raise LaunchRefused("launch.browser_mismatch", message, _SPEC)


def check_stored(state: LoginState, response: AuthenticationResponse, redirect_uri: str, origin: str) -> None:
    """Refuse unless the platform's storage gave the secret back to this browser, and a page of this tool posted it.

    A page of another site could post what belongs to its owner: his token, state and secret.

    Args:
        origin: as the request's header `Origin` tells it.

    Raises:
        LaunchRefused: `launch.browser_mismatch`.

    Source: LTI OIDC Login with LTI Client Side postMessages 0.1.
    """
    was_kept = state.storage_target is not None and _is_secret(response.stored or "", state)
    if origin != _origin_of(redirect_uri) or not was_kept:
        message = "This browser did not begin the login: neither a cookie nor the platform's storage knows it."
        problem = f"platform_storage.{response.storage_problem}" if response.storage_problem in _PROBLEMS else None
        raise LaunchRefused("launch.browser_mismatch", message, _SPEC, found=problem)


def _origin_of(url: str) -> str:
    """As browsers write it: in small letters, without the port that goes without saying."""
    parts = urlsplit(url)
    usual = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"


def _is_secret(secret: str, state: LoginState) -> bool:
    return hmac.compare_digest(hash_of(secret), state.browser)
