"""The login state: what the tool must remember between login and launch, signed and carried by the browser."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from attrs import field, fields, frozen

from lti_core.errors import LaunchRefused
from lti_core.making import maker_of
from lti_core.tokens import OurToken, base64url, sign_ours, take_ours_apart

LIFETIME = timedelta(minutes=10)
MAX_STATE = 32 * 1024
_KIND = "lti-state"
_SPEC = "1EdTech Security Framework 1.0 §5.1.1.1"


@frozen(weakref_slot=False)
class LoginState:
    """One login: where it came from, and which browser began it. Times in seconds since 1970.

    Attributes:
        browser: the hash of a secret that only this browser was given (`hash_of`).
        storage_target: the frame in which the platform keeps that secret, too; None where it offers no storage.
        new_window: whether the login was begun in a window of its own, out of the platform's frame.
    """

    issuer: str
    client_id: str
    nonce: str
    browser: str
    target_link_uri: str
    issued_at: int
    expires_at: int
    deployment_id: str | None = None
    storage_target: str | None = None
    new_window: bool = False


def hash_of(secret: str) -> str:
    """What a state or a remembered launch keeps of a browser's secret: 43 characters."""
    return base64url(hashlib.sha256(secret.encode(errors="replace")).digest()).decode()


def make_state(state: LoginState, secret: bytes) -> str:
    """`state`, signed with the newest of a registration's secrets: URL-safe text for the parameter `state`."""
    return sign_ours([getattr(state, name) for name in _NAMES], secret, _KIND)


@frozen(weakref_slot=False)
class SealedState:
    """A state as a browser brought it. Issuer and client id only tell whose secrets to open it with."""

    issuer: str
    client_id: str
    _token: OurToken = field(repr=False)

    def open(self, secrets: Sequence[bytes], now: float) -> LoginState:
        """The login that this state stands for.

        Raises:
            LaunchRefused: `launch.state_invalid` when none of `secrets` signed it, `launch.state_expired`.
        """
        if not self._token.is_signed_by(secrets):
            raise LaunchRefused(
                "launch.state_invalid", "This tool did not begin the login that this launch answers.", _SPEC
            )
        state = login_state(*cast(list[Any], self._token.content))  # as many as there are, as `read_state` saw
        if state.expires_at <= now:
            raise LaunchRefused("launch.state_expired", "The login was begun too long ago.", _SPEC)
        return state


login_state, _sealed_state = maker_of(LoginState), maker_of(SealedState)


def read_state(text: str) -> SealedState:
    """Look at a state before anything in it is trusted.

    Raises:
        LaunchRefused: `launch.state_missing`, `launch.state_invalid`.
    """
    if not text:
        raise LaunchRefused("launch.state_missing", "The platform sent no state with this launch.", _SPEC)
    try:
        token = take_ours_apart(text, _KIND, MAX_STATE)
    except LaunchRefused as refusal:
        raise LaunchRefused("launch.state_invalid", "The state of this launch is not one of ours.", _SPEC) from refusal
    content = token.content
    if isinstance(content, list) and len(content) == len(_NAMES):
        issuer, client_id, *_ = content
        if isinstance(issuer, str) and isinstance(client_id, str):
            return _sealed_state(issuer, client_id, token)
    raise LaunchRefused("launch.state_invalid", "The state of this launch is not one of ours.", _SPEC)


_NAMES = tuple(attribute.name for attribute in fields(LoginState))  # in their order in the token: issuer, client id ...
