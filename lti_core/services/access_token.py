"""Access tokens: asked for with a signed assertion, and read as platforms really answer.

Source: 1EdTech Security Framework 1.0, Using JSON Web Tokens with OAuth 2.0 Client-Credentials Grant; RFC 6749 §4.4
and §5; RFC 7523.
"""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from attrs import Attribute, evolve, field, frozen

from lti_core.errors import ConfigurationError, InvalidValue, ServiceFailed
from lti_core.keys import SigningKey
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.registration import Registration
from lti_core.services.addresses import service_address
from lti_core.services.answers import json_of, refused
from lti_core.services.command import IDEMPOTENT, Repeat
from lti_core.strict_json import read_exact_json

ASSERTION_LIFE = timedelta(seconds=60)
SHORT_LIFE = timedelta(seconds=300)  # where the platform does not say how long
CLOCKS_AGREE = timedelta(seconds=60)

_SPEC = "RFC 6749 §5.1"
_ERRORS_SPEC = "RFC 6749 §5.2"
_LONGEST_LIFE = 366 * 24 * 3600
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SCOPE = re.compile(r"[a-z][a-z0-9+.-]*:[\x21\x23-\x5b\x5d-\x7e]+", re.IGNORECASE)  # RFC 6749 §3.3, and absolute
_TOKEN = re.compile(r"[\x21-\x7e]+")  # what an Authorization header can carry
_DIGITS = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_KEY = (
    "Check that the platform knows this tool by this client id, that it has this tool's key set (the address that ends"
    " in /lti/jwks) and can reach it, and that the audience of the registration is what the platform expects."
)
_ERRORS: Mapping[str, ServiceFailed] = {
    "invalid_request": ServiceFailed(
        "token.invalid_request", "The platform did not understand the request for an access token.", _ERRORS_SPEC,
        remedy="Check the client id and the token URL of the registration. " + _KEY,
    ),
    "invalid_client": ServiceFailed(
        "token.invalid_client", "The platform does not recognise this tool.", _ERRORS_SPEC, remedy=_KEY
    ),
    "invalid_grant": ServiceFailed(
        "token.invalid_grant", "The platform did not accept the assertion that this tool signed.", _ERRORS_SPEC,
        remedy=_KEY,
    ),
    "unauthorized_client": ServiceFailed(
        "token.unauthorized_client", "The platform does not let this tool ask for access tokens.", _ERRORS_SPEC,
        remedy="Ask the platform's administrator to switch on services for this tool: {scope}.",
    ),
    "unsupported_grant_type": ServiceFailed(
        "token.unsupported_grant_type", "The platform's token URL does not give tokens to tools.", _ERRORS_SPEC,
        remedy="Check the token URL of the registration.",
    ),
    "invalid_scope": ServiceFailed(
        "token.invalid_scope", "The platform grants this tool none of the scopes that it asked for.", _ERRORS_SPEC,
        remedy="Ask the platform's administrator to grant this tool the scopes {scope}.",
    ),
}  # fmt: skip
_REFUSED = ServiceFailed(
    "token.refused", "The platform refused to give this tool an access token.", _ERRORS_SPEC, remedy=_KEY
)
_MALFORMED = ServiceFailed(
    "token.response_malformed", "The platform's answer to the request for an access token cannot be read.", _SPEC,
    remedy="Check the token URL of the registration: something else may answer there.",
)  # fmt: skip
_TYPE = ServiceFailed("token.type_unsupported", "The platform gives tokens of a kind other than bearer.", "RFC 6750 §4")
_NOT_GRANTED = ServiceFailed(
    "service.scope_not_granted", "The platform gave an access token that allows nothing.", "RFC 6749 §3.3",
    remedy="Ask the platform's administrator to grant this tool the scopes {scope}.",
)  # fmt: skip


@frozen
class AccessToken:
    """What a platform lets this tool do for a while. Send `value` in the header `Authorization: Bearer`, nowhere else.

    Attributes:
        scopes: what was granted; it may be less than was asked.
        expires_at: aware.
    """

    value: str = field(repr=False)
    scopes: frozenset[str]
    expires_at: datetime


def token_assertion(
    registration: Registration,
    key: SigningKey,
    now: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """What proves to the platform that this tool asks: a signed token, good for one minute and one request.

    Raises:
        ConfigurationError: `config.token_endpoint_missing`.
    """
    issued = int(now.timestamp())
    claims = {
        "iss": registration.client_id,
        "sub": registration.client_id,
        "aud": registration.audience or token_url_of(registration),
        "iat": issued,
        "exp": issued + int(ASSERTION_LIFE.total_seconds()),
        "jti": urlsafe_b64encode(random(24)).decode(),
    }
    return key.sign(claims)


def token_url_of(registration: Registration) -> str:
    """Where access tokens of that platform come from.

    Raises:
        ConfigurationError: `config.token_endpoint_missing`.
    """
    if not registration.token_url:
        message = (
            "The registration has no token URL, so that no service of the platform can be called: write the"
            " platform's access token URL into token_url (auth_token_url in a registrations file)."
        )
        raise ConfigurationError("config.token_endpoint_missing", message, found=registration.issuer)
    return registration.token_url


def _as_scopes(scopes: str | Iterable[str]) -> tuple[str, ...]:
    """In one order, each once, so that the same question is asked in the same words."""
    return tuple(sorted({scopes} if isinstance(scopes, str) else set(scopes)))


def _sound(_: object, __: "Attribute[Any]", scopes: tuple[str, ...]) -> None:
    if not scopes:
        message = "An access token is asked for with the scopes that it is needed for: name one at least."
        raise InvalidValue("token.no_scope", message, "RFC 6749 §3.3")
    for scope in scopes:
        if not isinstance(scope, str) or not _SCOPE.fullmatch(scope):
            message = "A scope must be an absolute address without blanks."
            raise InvalidValue("token.scope_malformed", message, "RFC 6749 §3.3", "https://...", scope)


@frozen(kw_only=True)
class RequestToken:
    """Ask for an access token. Made of a registration by `RequestToken.of`.

    Attributes:
        token_url: of the registration.
        asked: the scopes that the token is to have.
        assertion: of `token_assertion`.
        now: aware; when this is sent. The token's life is counted from then on.
    """

    scopes: ClassVar[tuple[str, ...]] = ()
    repeat: ClassVar[Repeat] = IDEMPOTENT

    token_url: str = field(validator=service_address)
    asked: tuple[str, ...] = field(converter=_as_scopes, validator=_sound)
    assertion: str = field(repr=False)
    now: datetime

    @classmethod
    def of(
        cls,
        registration: Registration,
        key: SigningKey,
        scopes: str | Iterable[str],
        now: datetime,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> Self:
        """The request for a token with `scopes`, with a new assertion signed by `key`.

        Raises:
            ConfigurationError: `config.token_endpoint_missing`.
            InvalidValue: `token.no_scope`, `token.scope_malformed`.
        """
        assertion = token_assertion(registration, key, now, random)
        return cls(token_url=token_url_of(registration), asked=scopes, assertion=assertion, now=now)

    def to_request(self) -> HttpRequest:
        """The form that the token endpoint takes."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self.assertion,
            "scope": " ".join(self.asked),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        body = urlencode(form).encode()
        return HttpRequest(method="POST", url=self.token_url, headers=headers, body=body, trusted_url=self.token_url)

    def read_response(self, response: HttpResponse) -> AccessToken:
        """The token.

        Raises:
            ServiceFailed: `token.*`, `service.scope_not_granted`, `service.unavailable`.
        """
        if not 200 <= response.status < 300:
            raise self._refusal(response)
        answer = json_of(response, _MALFORMED)
        if not isinstance(answer, dict):
            raise evolve(_MALFORMED, status=response.status)
        value, kind = answer.get("access_token"), answer.get("token_type")
        if value is None and isinstance(answer.get("error"), str):
            raise self._refusal(response)
        if not isinstance(value, str) or not _TOKEN.fullmatch(value):
            raise evolve(_MALFORMED, status=response.status)
        if not isinstance(kind, str) or kind.lower() != "bearer":
            raise evolve(_TYPE, status=response.status, expected="bearer")
        granted = self._granted(answer.get("scope"), response)
        return AccessToken(value, granted, self.now + _life(answer.get("expires_in")))

    def _granted(self, scope: object, response: HttpResponse) -> frozenset[str]:
        if scope is None:
            return frozenset(self.asked)
        if not isinstance(scope, str):
            raise evolve(_MALFORMED, status=response.status)
        if not (granted := frozenset(scope.split())):
            remedy = _NOT_GRANTED.remedy.replace("{scope}", " ".join(self.asked))
            raise evolve(_NOT_GRANTED, status=response.status, remedy=remedy, expected=" ".join(self.asked))
        return granted

    def _refusal(self, response: HttpResponse) -> ServiceFailed:
        own = None if response.status == 429 or response.status >= 500 else _named(response)
        failure = refused(self.to_request(), response, self.asked, own)
        if clocks := self._clocks(response.headers.get("date", "")):
            failure = evolve(failure, remedy=f"{failure.remedy} {clocks}")
        return failure

    def _clocks(self, date: str) -> str:
        """What to do about clocks that differ; empty when they agree, or the platform does not tell its time."""
        theirs = _read_date(date)
        if theirs is None or abs(theirs - self.now) <= CLOCKS_AGREE:
            return ""
        seconds = round(abs(theirs - self.now).total_seconds())
        which = "behind" if theirs > self.now else "ahead of"
        return f"This tool's clock is {seconds} seconds {which} the platform's: set it, assertions live for a minute."


def _named(response: HttpResponse) -> ServiceFailed:
    """Which refusal the answer names. One platform writes its words so into the JSON that it breaks."""
    text = response.body.decode(errors="replace").removeprefix("\ufeff")
    try:
        answer = read_exact_json(text)
    except (ValueError, RecursionError):
        return _REFUSED if text.lstrip().startswith("{") and '"error"' in text else _MALFORMED
    error = answer.get("error") if isinstance(answer, dict) else None
    if error is None:
        return _MALFORMED
    return _ERRORS.get(error, _REFUSED) if isinstance(error, str) else _REFUSED


def _life(expires_in: object) -> timedelta:
    if isinstance(expires_in, str) and _DIGITS.fullmatch(expires_in):
        expires_in = int(expires_in)
    number = isinstance(expires_in, int | Decimal) and not isinstance(expires_in, bool)
    if number and 1 <= expires_in <= _LONGEST_LIFE:  # type: ignore[operator]  # it is a number
        return timedelta(seconds=int(expires_in))  # type: ignore[call-overload]
    return SHORT_LIFE


def _read_date(text: str) -> datetime | None:
    """The time of a Date header (RFC 9110 §5.6.7)."""
    match = _DATE.fullmatch(text.strip())
    if not match or match[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
    try:
        return datetime(year, _MONTHS.index(match[2]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
