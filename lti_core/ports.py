"""The only four ways out of the core. Whoever implements them is handed to the functions that need them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from attrs import field, frozen

from lti_core.keys import SigningKey
from lti_core.registration import Registration
from lti_core.tokens import VerificationKey

MIB = 1024 * 1024
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@frozen(kw_only=True, weakref_slot=False)
class HttpRequest:
    """One request to a platform, with its own limits.

    Attributes:
        headers: names in any case. A value with a line break is refused when it is sent.
        max_bytes: of the body, after decompression. Key sets and tokens 1 MiB, service pages 32 MiB.
        total: seconds for the whole exchange, redirects included; None for the sender's own limit.
        trusted_url: an address of the registration that the request is made for. Plain http, and loopback,
            link-local or private addresses, are reached only when this one is such an address itself.
    """

    method: str
    url: str
    headers: Mapping[str, str] = NO_HEADERS
    body: bytes | None = field(default=None, repr=False)
    max_bytes: int = MIB
    total: float | None = None
    trusted_url: str = ""


@frozen(kw_only=True, weakref_slot=False)
class HttpResponse:
    """What came back. `headers` have lower-case names; `body` is decompressed."""

    status: int
    headers: Mapping[str, str] = NO_HEADERS
    body: bytes = field(default=b"", repr=False)


class Http(Protocol):
    """Requests to platforms."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send `request` and read the whole answer, whatever its status.

        Raises:
            ServiceFailed: `http.unreachable`, `http.timeout`, `http.response_too_large`, `http.response_malformed`,
                `http.url_refused`, `http.redirect_refused` or `http.header_refused`. Nothing else is raised for what
                a platform does.
        """


class KeyStore(Protocol):
    """The keys of platforms, and the tool's own."""

    def platform_keys(self, registration: Registration, kid: str) -> tuple[VerificationKey, ...]:
        """The keys of that name in the platform's key set; nearly always one, none when there is no such key.

        Raises:
            LaunchRefused: `launch.key_set_unavailable` when the key set cannot be had; `launch.key_set_malformed`
                when an inline one, or the platform's answer, is no key set.
        """

    def signing_key(self, registration: Registration) -> SigningKey:
        """The key that this tool signs with towards that platform.

        Raises:
            ConfigurationError: `config.signing_key_missing`.
        """

    def public_keys(self) -> tuple[Mapping[str, str], ...]:
        """The tool's public keys as JWKs, to be published under /lti/jwks."""

    def secrets(self, registration: Registration, purpose: str) -> tuple[bytes, ...]:
        """32-byte secrets for one purpose ("state", "launch", "grant") and registration: the newest signs, all verify.

        Raises:
            ConfigurationError: `config.state_secret_missing` when there is nothing to derive them from.
        """


class NonceStore(Protocol):
    """Nonces that were used."""

    def use(self, nonce: str, expires_at: datetime, holder: str) -> bool:
        """Spend `nonce`, so that a launch that was listened in on cannot be sent again.

        Args:
            nonce: as the token holds it; any text of 1 to 255 characters.
            expires_at: aware; when its login state stops being valid, leeway included. Remembered until then.
            holder: `Registration.key`. A bounded store lets one registration hold at most a quarter of it.

        Returns:
            True the first time, False every later time. Atomic over threads, processes and machines.

        Raises:
            StorageFailed: the store did not answer, or is full. Never guess: a launch is then refused.

        Source: OpenID Connect Core 1.0 §3.1.3.7 (11); 1EdTech Security Framework 1.0 §5.1.3.
        """


class Clock(Protocol):
    """The time, so that tests can choose it."""

    def now(self) -> datetime:
        """The time now, aware."""

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
