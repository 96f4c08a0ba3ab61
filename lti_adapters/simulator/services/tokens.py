"""The token endpoint, and the access tokens that it handed out (RFC 6749 §4.4, §5)."""

from collections import Counter
from collections.abc import Callable
from threading import Lock
from urllib.parse import parse_qsl

from attrs import define, field, frozen

from lti_adapters.simulator.services.answers import Call, Refused, answer
from lti_adapters.simulator.services.assertions import Assertion
from lti_adapters.simulator.services.world import World
from lti_core.ports import HttpResponse

FORM = "application/x-www-form-urlencoded"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MOST_TOKENS = 10_000
MOST_BYTES = 256 * 1024
_FIELDS = ("grant_type", "client_assertion_type", "client_assertion", "scope")


@frozen
class Granted:
    """What an access token is good for; `expires_at` in seconds since 1970."""

    scopes: frozenset[str]
    expires_at: float


@define(eq=False)
class AccessTokens:
    """The access tokens that are out. Where there are too many the oldest go."""

    _random: Callable[[int], bytes]
    _tokens: dict[str, Granted] = field(factory=dict, init=False, repr=False)
    _lock: Lock = field(factory=Lock, init=False, repr=False)

    def issue(self, scopes: frozenset[str], expires_at: float) -> str:
        """A new token."""
        token = self._random(16).hex()
        with self._lock:
            while len(self._tokens) >= MOST_TOKENS:
                del self._tokens[next(iter(self._tokens))]
            self._tokens[token] = Granted(scopes, expires_at)
        return token

    def revoke(self) -> None:
        """No token is good any more."""
        with self._lock:
            self._tokens.clear()

    def of(self, call: Call, now: float, *, exact: bool) -> Granted:
        """What the token that `call` brings is good for. `exact`: the word Bearer is compared with its capital.

        Raises:
            Refused: 401.

        Source: RFC 6750 §2.1, §3.1.
        """
        word, _, token = call.headers.get("authorization", "").partition(" ")
        if word != "Bearer" and (exact or word.lower() != "bearer"):
            raise Refused(401, "An access token is needed.", "invalid_token")
        with self._lock:
            granted = self._tokens.get(token.strip())
        if granted is None or granted.expires_at <= now:
            raise Refused(401, "The access token is not known, or has expired.", "invalid_token")
        return granted


@frozen(kw_only=True)
class TokenEndpoint:
    """Hands out access tokens for signed assertions. `granted` are the scopes that the tool has here."""

    assertion: Assertion
    tokens: AccessTokens
    granted: tuple[str, ...]
    lifetime: int

    def answer(self, call: Call, world: World) -> HttpResponse:
        """POST: a token for an assertion.

        Raises:
            Refused: `error` is a word of RFC 6749 §5.2.
        """
        form = _form(call)
        if form["grant_type"] != "client_credentials":
            raise Refused(400, "grant_type must be client_credentials.", "unsupported_grant_type")
        if form["client_assertion_type"] != JWT_BEARER:
            raise Refused(400, f"client_assertion_type must be {JWT_BEARER}.", world.profile.wrong_assertion_type)
        now = world.clock.now().timestamp()
        self.assertion.check(form["client_assertion"], now)
        scopes = [scope for scope in dict.fromkeys(form["scope"].split()) if scope in self.granted]
        if not scopes and not world.profile.grants_nothing:
            raise Refused(400, "None of the scopes is granted to this tool.", "invalid_scope")
        token = self.tokens.issue(frozenset(scopes), now + self.lifetime)
        body = {
            "access_token": token,
            "token_type": world.profile.token_type,
            "expires_in": self.lifetime,
            "scope": " ".join(scopes),
        }
        return answer(200, body, world.profile.token_media_type, cache_control="no-store")


def _form(call: Call) -> dict[str, str]:
    if call.method != "POST" or call.media_type != FORM:
        raise Refused(400, f"A token is asked for by POST, with a form ({FORM}).", "invalid_request")
    if len(call.body) > MOST_BYTES:
        raise Refused(400, "The form is too long.", "invalid_request")
    pairs = parse_qsl(call.body.decode(errors="replace"), keep_blank_values=True)
    counted = Counter(name for name, _ in pairs)
    for name in _FIELDS:
        if counted[name] > 1:
            raise Refused(400, f"{name} came more than once.", "invalid_request")
    form = dict(pairs)
    for name in _FIELDS:
        if not form.get(name, "").strip():
            raise Refused(400, f"{name} is missing.", "invalid_request")
    return form
