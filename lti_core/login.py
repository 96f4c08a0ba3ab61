"""Login: a platform asks for one, the tool answers with an authentication request (OIDC steps 1 and 2).

Nothing is stored and nothing is fetched: what must be remembered travels in the signed state.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cached_property
from urllib.parse import quote

from attrs import field, frozen

from lti_core.errors import LoginRefused
from lti_core.making import maker_of
from lti_core.parameters import Pairs, single
from lti_core.platform_storage import PlatformStorage, is_target, storage_of
from lti_core.ports import Clock, KeyStore
from lti_core.registration import Registration
from lti_core.rules.rule import TargetUrls, Warned
from lti_core.state import LIFETIME, LoginState, hash_of, login_state, make_state
from lti_core.tokens import base64url

LONGEST_PARAMETER = 8 * 1024
LONGEST_URL = 7 * 1024
MOST_LOGINS = 32  # cookies of some 90 characters: a page of a course may show this tool in many frames at once
NEW_WINDOW = "lti_new_window"  # our own: the login goes on in a window of its own
MOST_DELETED = 16  # at once: whoever sends more is no browser of ours
_OURS = re.compile(r"[0-9]{10}-[A-Za-z0-9_-]{16}")  # what follows the prefix in `cookie_name`
_SPEC = "1EdTech Security Framework 1.0 §5.1.1.1; LTI 1.3 §4.1"
_UNRESERVED = frozenset({"scope", "response_type", "response_mode", "prompt", "nonce", "state"})  # written by us
_NAMES = frozenset(
    {
        *("iss", "login_hint", "target_link_uri", "lti_message_hint", "client_id", "lti_deployment_id"),
        *("lti_message_type", "lti_storage_target", NEW_WINDOW),
    }
)


@frozen(kw_only=True, weakref_slot=False)
class LoginInitiation:
    """What a platform asks for when it begins a launch; nothing in it is proved."""

    issuer: str
    login_hint: str = field(repr=False)
    target_link_uri: str
    lti_message_hint: str | None = field(default=None, repr=False)
    client_id: str | None = None
    deployment_id: str | None = None
    storage_target: str | None = None
    new_window: bool = False

    @staticmethod
    def read(pairs: Pairs) -> "LoginInitiation":
        """The login initiation in the parameters of a request; unknown ones are ignored.

        Raises:
            LoginRefused: `login.issuer_missing`, `login.login_hint_missing`, `login.target_link_uri_missing`,
                `login.parameter_repeated`, `login.parameter_too_long`, `login.parameter_malformed`,
                `login.lti11_not_supported`.
        """
        sent = single(pairs, _NAMES, LoginRefused, "login", LONGEST_PARAMETER)
        if "lti_message_type" in sent and "iss" not in sent:
            raise LoginRefused("login.lti11_not_supported", "This is a launch of LTI 1.1; this tool speaks LTI 1.3.")
        if not sent.get("iss"):
            raise LoginRefused("login.issuer_missing", "The platform did not say who it is.", _SPEC, "iss")
        if not sent.get("login_hint"):
            raise LoginRefused("login.login_hint_missing", "The platform sent no login hint.", _SPEC, "login_hint")
        if not sent.get("target_link_uri"):
            message = "The platform did not say where the launch leads."
            raise LoginRefused("login.target_link_uri_missing", message, _SPEC, "target_link_uri")
        return _initiation(
            issuer=sent["iss"],
            login_hint=sent["login_hint"],
            target_link_uri=sent["target_link_uri"],
            lti_message_hint=sent.get("lti_message_hint"),
            client_id=sent.get("client_id") or None,
            deployment_id=sent.get("lti_deployment_id") or None,
            storage_target=sent.get("lti_storage_target") or None,
            new_window=NEW_WINDOW in sent,
        )


_initiation = maker_of(LoginInitiation)


def choose(initiation: LoginInitiation, candidates: Sequence[Registration]) -> Registration:
    """The registration that a login is for, among those of its issuer.

    Raises:
        LoginRefused: `login.issuer_unknown`, `login.client_unknown`, `login.client_ambiguous`.
    """
    if not candidates:
        message = "This tool has no registration of that platform."
        raise LoginRefused("login.issuer_unknown", message, _SPEC, "a registered issuer", initiation.issuer)
    if initiation.client_id is not None:
        for registration in candidates:
            if registration.client_id == initiation.client_id:
                return registration
        message = "This tool has no registration with that client id at the platform."
        raise LoginRefused("login.client_unknown", message, _SPEC, "a registered client id", initiation.client_id)
    defaults = [registration for registration in candidates if registration.default] or list(candidates)
    if len(defaults) > 1:
        message = "The platform did not say which of several registrations is meant."
        raise LoginRefused("login.client_ambiguous", message, _SPEC, "client_id")
    return defaults[0]


@frozen(kw_only=True, weakref_slot=False)
class AuthenticationRequest:
    """Where the browser goes next, and the cookie that binds this login to it.

    Attributes:
        action: the platform's address; `parameters` come in its query (`url`), or in a form where that is too long.
        cookie_name, cookie_value: to be set with HttpOnly, Secure, SameSite=None, Partitioned, Path=/, ten minutes.
        stale_cookies: names of older logins' cookies, to be deleted.
        storage: where the platform may keep `cookie_value` as well, for a browser that keeps no cookie.
        warnings: what the platform asked for in a way that is not understood, harmlessly.
    """

    action: str
    parameters: tuple[tuple[str, str], ...] = field(repr=False)
    cookie_name: str
    cookie_value: str = field(repr=False)
    cookie_lifetime: timedelta
    storage: PlatformStorage
    stale_cookies: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()

    @cached_property
    def url(self) -> str:
        """The whole address; a query that the platform's address already has is kept."""
        joint = "&" if "?" in self.action else "?"
        written = [
            f"{name}={value if name in _UNRESERVED else quote(value, safe='')}" for name, value in self.parameters
        ]
        return self.action + joint + "&".join(written)

    @property
    def needs_form(self) -> bool:
        """Whether the address is longer than servers like; then a form is posted instead."""
        return len(self.url) > LONGEST_URL


_request = maker_of(AuthenticationRequest)


def begin_login(
    initiation: LoginInitiation,
    registration: Registration,
    keys: KeyStore,
    clock: Clock,
    *,
    redirect_uri: str,
    target_urls: TargetUrls,
    cookies: Iterable[str] = (),
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> AuthenticationRequest:
    """Answer a login initiation of a registered platform.

    Args:
        redirect_uri: the tool's launch address, as it was registered at the platform.
        target_urls: the tool's own launch addresses: a login never leads elsewhere.
        cookies: names of the cookies that the request brought; of the tool's own at most 32 logins are kept.

    Raises:
        LoginRefused: `login.target_link_uri_foreign`.
        ConfigurationError: `config.state_secret_missing`.

    Source: 1EdTech Security Framework 1.0 §5.1.1.2.
    """
    if not target_urls.have(initiation.target_link_uri):
        message = "The launch leads to an address that is not this tool's."
        expected = "a launch address of this tool"
        raise LoginRefused("login.target_link_uri_foreign", message, _SPEC, expected, initiation.target_link_uri)
    nonce, secret = _text(random(32)), _text(random(32))
    now = int(clock.now().timestamp())
    storage_target, warnings = _storage_target(initiation)
    state = login_state(
        issuer=registration.issuer,
        client_id=registration.client_id,
        nonce=nonce,
        browser=hash_of(secret),
        target_link_uri=initiation.target_link_uri,
        issued_at=now,
        expires_at=now + int(LIFETIME.total_seconds()),
        deployment_id=initiation.deployment_id,
        storage_target=storage_target,
        new_window=initiation.new_window,
    )
    sealed = make_state(state, keys.secrets(registration, "state")[0])
    return _request(
        action=registration.login_url,
        parameters=_parameters(initiation, registration, redirect_uri, nonce, sealed),
        cookie_name=cookie_name(state, redirect_uri),
        cookie_value=secret,
        cookie_lifetime=LIFETIME,
        storage=storage_of(state, registration),
        stale_cookies=_stale(cookies, redirect_uri),
        warnings=warnings,
    )


def _storage_target(initiation: LoginInitiation) -> tuple[str | None, tuple[Warned, ...]]:
    """The frame that the platform names; what cannot be one never reaches a page."""
    target = initiation.storage_target
    if target is None or is_target(target):
        return target, ()
    message, spec = "The platform names a storage frame that cannot be one.", "LTI postMessage Storage 0.1"
    return None, (Warned("login.storage_target_malformed", message, spec),)


def _parameters(
    initiation: LoginInitiation, registration: Registration, redirect_uri: str, nonce: str, state: str
) -> tuple[tuple[str, str], ...]:
    always = (
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
        ("client_id", registration.client_id),
        ("redirect_uri", redirect_uri),
        ("login_hint", initiation.login_hint),
        ("nonce", nonce),
        ("state", state),
    )
    hint = initiation.lti_message_hint
    return always if hint is None else (*always, ("lti_message_hint", hint))


def cookie_name(state: LoginState, redirect_uri: str) -> str:
    """The name of the cookie that binds a login: one per login, so that two tabs may log in at once.

    It begins with the time, so that the oldest is known. Over https no other host of the domain can set it.
    """
    return f"{_prefix(redirect_uri)}{state.issued_at:010d}-{state.browser[:16]}"


def _prefix(redirect_uri: str) -> str:
    return "__Host-lti-login-" if redirect_uri.startswith("https:") else "lti-login-"


def _stale(cookies: Iterable[str], redirect_uri: str) -> tuple[str, ...]:
    """The oldest cookies of logins, where they are too many with the new one. Only names that we give are sent back."""
    prefix = _prefix(redirect_uri)
    ours = sorted(name for name in cookies if name.startswith(prefix) and _OURS.fullmatch(name, len(prefix)))
    return tuple(ours[: min(MOST_DELETED, max(0, len(ours) - MOST_LOGINS + 1))])


def _text(random: bytes) -> str:
    return base64url(random).decode()
