"""Launch: the platform's authentication response becomes a verified message (OIDC steps 3 and 4).

The steps, in order: open the state, this browser began it, take the token apart, the platform's key, the signature,
the rules, the message, and last the nonce. Each is a function of its own over one `Evidence`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from attrs import evolve, frozen

from lti_core.authentication_response import AuthenticationResponse
from lti_core.browser import check_browser, check_stored
from lti_core.claims import LAUNCH_PRESENTATION, MESSAGE_TYPE
from lti_core.errors import LaunchRefused
from lti_core.making import maker_of
from lti_core.messages import MESSAGE_TYPES, LaunchMessage, MessageType
from lti_core.messages.message import read_message
from lti_core.platform_storage import PlatformStorage, storage_of
from lti_core.ports import Clock, KeyStore, NonceStore
from lti_core.registration import Registration
from lti_core.rules.deployment import DEPLOYMENT
from lti_core.rules.header import HEADER
from lti_core.rules.identity import IDENTITY
from lti_core.rules.message import MESSAGE
from lti_core.rules.nonce import NONCE
from lti_core.rules.rule import LEEWAY, OLDEST_TOKEN, Expected, Passed, TargetUrls, Warned, check
from lti_core.rules.times import TIME
from lti_core.state import LoginState
from lti_core.tokens import Jws, take_apart

CLAIM_GROUPS = (IDENTITY, TIME, NONCE, DEPLOYMENT, MESSAGE)
LONGEST_SAYING = 500  # characters of a platform's own words
_RESPONSE = "1EdTech Security Framework 1.0 §5.1.1.3"
STATE_OPENED = Passed("launch.state_invalid", "This tool began the login that the launch answers.", _RESPONSE)
SAME_BROWSER = Passed("launch.browser_mismatch", "The browser is the one that began the login.", _RESPONSE)
TOKEN_READ = Passed("launch.token_malformed", "The token is well-formed and unambiguous.", "RFC 7515 §5.2")
KEY_FOUND = Passed("launch.key_not_found", "The key is one of the platform's.", "1EdTech Security Framework 1.0 §6.3")
SIGNED = Passed("launch.signature_invalid", "The platform signed the token.", "OIDC Core 1.0 §3.1.3.7 (6)")
CLAIMS_READ = Passed("launch.claim_malformed", "Every claim has the shape that it must have.", "LTI 1.3 §5.3, §5.4")
FIRST_USE = Passed("launch.nonce_used", "The launch was not used before.", "OIDC Core 1.0 §3.1.3.7 (11)")


@frozen(kw_only=True)
class LaunchSettings:
    """What a tool may set about launches. `leeway` and `oldest_token` in seconds."""

    redirect_uri: str
    target_urls: TargetUrls
    leeway: float = LEEWAY
    oldest_token: float = OLDEST_TOKEN


@frozen(kw_only=True, weakref_slot=False)
class Evidence:
    """All that speaks for a launch: the token, taken apart, and what it must match.

    Attributes:
        by_storage: whether the browser is known by the platform's storage, and not by a cookie.
    """

    token: Jws
    expected: Expected
    by_storage: bool = False


_expected, _evidence = maker_of(Expected), maker_of(Evidence)


def open_state(response: AuthenticationResponse, registration: Registration, keys: KeyStore, now: float) -> LoginState:
    """The login that a response answers.

    Raises:
        LaunchRefused: `launch.state_invalid`, `launch.state_expired`.
    """
    return response.state.open(keys.secrets(registration, "state"), now)


def storage_to_ask(
    response: AuthenticationResponse, registration: Registration, keys: KeyStore, now: float
) -> PlatformStorage | None:
    """The platform's storage, where it may know a browser that brought no cookie; None where it cannot be asked.

    Raises:
        LaunchRefused: as `open_state`.
    """
    state = open_state(response, registration, keys, now)
    if state.storage_target is None or response.stored is not None:
        return None
    return storage_of(state, registration)


def refuse_error(response: AuthenticationResponse) -> None:
    """Refuse when the platform answered the login with an error.

    Raises:
        LaunchRefused: `launch.refused_by_platform`.

    Source: OIDC Core 1.0 §3.1.2.6.
    """
    if response.error is not None:
        message, says = "The platform refused the login.", response.error_description[:LONGEST_SAYING]
        error = response.error[:100]
        raise LaunchRefused("launch.refused_by_platform", message, _RESPONSE, found=error, platform_says=says)


def check_signature(evidence: Evidence, keys: KeyStore) -> None:
    """Refuse unless the platform signed the token with one of its published keys.

    Raises:
        LaunchRefused: a code of the group HEADER, `launch.key_not_found`, `launch.key_set_unavailable`,
            `launch.algorithm_not_allowed` when the algorithm does not fit the key, `launch.signature_invalid`.
    """
    header, registration = evidence.token.header, evidence.expected.registration
    check(HEADER, header, evidence.expected)
    kid, algorithm = str(header["kid"]), header["alg"]
    found = keys.platform_keys(registration, kid)
    if not found:
        message = "The platform's key set has no usable key of that name."
        raise LaunchRefused("launch.key_not_found", message, KEY_FOUND.spec, "a kid of the key set", kid[:100])
    fitting = [key for key in found if key.fits(algorithm)]
    if not fitting:
        message = "The token's algorithm does not fit the platform's key."
        raise LaunchRefused("launch.algorithm_not_allowed", message, "RFC 7515 §10.7", found=algorithm)
    for key in fitting:  # nearly always one
        if key.verifies(evidence.token):
            return
    raise LaunchRefused("launch.signature_invalid", "The platform did not sign this token.", SIGNED.spec)


def message_type_of(claims: Mapping[str, object], known: Mapping[str, MessageType]) -> MessageType:
    """The message type that the token names.

    Raises:
        LaunchRefused: `launch.message_type_unknown`.
    """
    name = claims.get(MESSAGE_TYPE)
    if isinstance(name, str) and name in known:
        return known[name]
    message = "This tool does not handle that kind of message."
    expected, found = ", ".join(known), str(name)[:100]
    raise LaunchRefused("launch.message_type_unknown", message, "LTI 1.3 §5.3.1", expected, found, claims=claims)


def verified(
    response: AuthenticationResponse,
    registration: Registration,
    keys: KeyStore,
    clock: Clock,
    *,
    cookies: Mapping[str, str],
    settings: LaunchSettings,
    origin: str = "",
    message_types: Mapping[str, MessageType] = MESSAGE_TYPES,
) -> tuple[LaunchMessage, Evidence]:
    """Check all that can be checked without using the launch up.

    Args:
        origin: the request's header `Origin`, where the form brings what the platform's storage had.

    Raises:
        LaunchRefused: with the code of what does not hold, and where the platform's signature is good with the
            address that leads back to the course.
        ConfigurationError: `config.state_secret_missing`.
    """
    now = clock.now().timestamp()
    state = open_state(response, registration, keys, now)
    if response.stored is None:
        check_browser(state, cookies, settings.redirect_uri)
    else:
        check_stored(state, response, settings.redirect_uri, origin)
    refuse_error(response)
    expected = _expected(
        registration=registration,
        state=state,
        now=now,
        target_urls=settings.target_urls,
        leeway=settings.leeway,
        oldest_token=settings.oldest_token,
    )
    by_storage = response.stored is not None
    evidence = _evidence(token=take_apart(response.id_token or ""), expected=expected, by_storage=by_storage)
    check_signature(evidence, keys)
    try:
        return _read(evidence, message_types), evidence
    except LaunchRefused as refusal:
        raise with_return(refusal, evidence) from None


def _read(evidence: Evidence, message_types: Mapping[str, MessageType]) -> LaunchMessage:
    claims, expected = evidence.token.claims, evidence.expected
    warnings = check(_CLAIM_RULES, claims, expected)
    kind = message_type_of(claims, message_types)
    warnings += check(kind.rules, claims, expected)
    target = expected.state.target_link_uri
    return read_message(kind, claims, expected.registration, target, warnings, _passed(kind, warnings))


def _passed(kind: MessageType, warnings: tuple[Warned, ...]) -> tuple[Passed, ...]:
    passed = _all_checks(kind)
    if not warnings:
        return passed
    broken = {(warning.code, warning.spec) for warning in warnings}
    return tuple(check for check in passed if (check.code, check.spec) not in broken)


@lru_cache(maxsize=64)
def _all_checks(kind: MessageType) -> tuple[Passed, ...]:
    return (*_BEFORE, *kind.passed, *_AFTER)


def use_nonce(evidence: Evidence, nonces: NonceStore) -> None:
    """Use the launch up. Comes after every check that can refuse, so that a bad token cannot burn a nonce.

    Raises:
        LaunchRefused: `launch.nonce_used`.
        StorageFailed: the store did not answer; the launch is then not accepted.
    """
    state, leeway = evidence.expected.state, evidence.expected.leeway
    forgotten_at = datetime.fromtimestamp(state.expires_at + leeway, UTC)
    if not nonces.use(state.nonce, forgotten_at, evidence.expected.registration.key):
        refusal = LaunchRefused("launch.nonce_used", "This launch was used before.", FIRST_USE.spec)
        raise with_return(refusal, evidence)


def with_return(refusal: LaunchRefused, evidence: Evidence) -> LaunchRefused:
    """`refusal` with the way back to the course; only for a token whose signature was verified."""
    presentation = evidence.token.claims.get(LAUNCH_PRESENTATION)
    url = presentation.get("return_url") if isinstance(presentation, dict) else None
    return evolve(refusal, return_url=url) if is_web_address(url) else refusal


def is_web_address(url: object) -> bool:
    """Whether `url` is an absolute http(s) address, fit to become a link."""
    try:
        parts = urlsplit(url) if isinstance(url, str) and url.isprintable() else None
        return parts is not None and parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        return False


def accept(
    response: AuthenticationResponse,
    registration: Registration,
    keys: KeyStore,
    nonces: NonceStore,
    clock: Clock,
    *,
    cookies: Mapping[str, str],
    settings: LaunchSettings,
    message_types: Mapping[str, MessageType] = MESSAGE_TYPES,
) -> LaunchMessage:
    """Verify a launch, and use it up: all of steps 3 and 4.

    Raises:
        LaunchRefused, StorageFailed, ConfigurationError: as `verified` and `use_nonce`.
    """
    message, evidence = verified(
        response, registration, keys, clock, cookies=cookies, settings=settings, message_types=message_types
    )
    use_nonce(evidence, nonces)
    return message


def restored(
    claims: dict[str, object],
    registration: Registration,
    target_link_uri: str,
    message_types: Mapping[str, MessageType] = MESSAGE_TYPES,
) -> LaunchMessage:
    """A launch that was accepted before and remembered by its claims, as the message that it was.

    Args:
        target_link_uri: where the login said that the launch leads.

    Raises:
        LaunchRefused: `launch.message_type_unknown`, `launch.claim_malformed`: the tool has changed meanwhile.
    """
    kind = message_type_of(claims, message_types)
    state = LoginState(
        issuer=registration.issuer,
        client_id=registration.client_id,
        nonce="",
        browser="",
        target_link_uri=target_link_uri,
        issued_at=0,
        expires_at=0,
    )
    expected = Expected(registration=registration, state=state, now=0, target_urls=TargetUrls(frozenset()))
    warnings = check([rule for rule in (*MESSAGE, *kind.rules) if rule.warns], claims, expected)
    return read_message(kind, claims, registration, target_link_uri, warnings, _passed(kind, warnings))


_CLAIM_RULES = tuple(rule for group in CLAIM_GROUPS for rule in group)
_BEFORE = (
    *(STATE_OPENED, SAME_BROWSER, TOKEN_READ, KEY_FOUND, SIGNED),
    *(rule.passed for rule in (*HEADER, *_CLAIM_RULES)),
)
_AFTER = (CLAIMS_READ, FIRST_USE)
