"""Fakes of the four ports, for tests that need no network, no disk and no waiting."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from lti_core.keys import SigningKey, derive_secret, new_private_key, read_private_key
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.registration import Registration
from lti_core.tokens import VerificationKey, read_key_set

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOOL_PEM = new_private_key()
PLATFORM_PEM = new_private_key()
TOOL_KEY = read_private_key(TOOL_PEM)
PLATFORM_KEY = read_private_key(PLATFORM_PEM)


class FixedClock:
    """Stands still until it is told to move."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)


class FakeHttp:
    """Answers with what it was given, and remembers what it was asked."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer
        self.requests: list[HttpRequest] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        return self.answer(request)


class FakeKeys:
    """A key store of given keys: inline key sets, and one key of the tool."""

    def __init__(self, key: SigningKey = TOOL_KEY) -> None:
        self.key = key

    def platform_keys(self, registration: Registration, kid: str) -> tuple[VerificationKey, ...]:
        return read_key_set(registration.key_set or {"keys": []}).find(kid)

    def signing_key(self, registration: Registration) -> SigningKey:
        return self.key

    def public_keys(self) -> tuple[Mapping[str, str], ...]:
        return (self.key.public,)

    def secrets(self, registration: Registration, purpose: str) -> tuple[bytes, ...]:
        return (derive_secret(self.key.material, purpose, registration.issuer, registration.client_id),)


class FakeNonces:
    """Remembers everything."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def use(self, nonce: str, expires_at: datetime, holder: str) -> bool:
        fresh = nonce not in self.used
        self.used.add(nonce)
        return fresh
