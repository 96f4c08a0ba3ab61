"""ServiceClient: runs any command at a platform's services, with an access token and with patience."""

from collections.abc import Callable, Iterator
from random import SystemRandom
from typing import TypeVar

from attrs import field, frozen

from lti_adapters.http.address import Address, read_address
from lti_adapters.services.access_tokens import AccessTokens
from lti_adapters.services.listing import Listing
from lti_adapters.services.locks import Locks
from lti_adapters.services.retries import MOST_TIME, Retries, Tries
from lti_adapters.services.score_times import ScoreTimes
from lti_core import scopes as known
from lti_core.errors import AccessRefused, ServiceFailed
from lti_core.making import maker_of
from lti_core.ports import Clock, Http, HttpRequest, KeyStore
from lti_core.registration import Registration
from lti_core.services.access_token import AccessToken
from lti_core.services.command import Command, Page, follow
from lti_core.services.grant import ServiceGrant
from lti_storage.registrations import Registrations

Result = TypeVar("Result")
Item = TypeVar("Item")

_request = maker_of(HttpRequest)
_OF_GRADES = frozenset({known.LINE_ITEM, known.LINE_ITEM_READ, known.RESULT_READ, known.SCORE})


@frozen(eq=False)
class ServiceClient:
    """Runs commands for a grant. One serves all threads of a process; access tokens are shared between launches.

    A command is sent to where the registration or the grant has an address, and nowhere else. It may take a minute in
    all: three tries, the pauses between them, and the access token.

    Attributes:
        random: from 0 up to 1; spreads the tries of many clients that failed together.
        score_times, locks: what all handles of this process have in common.
    """

    http: Http
    keys: KeyStore
    clock: Clock
    registrations: Registrations
    random: Callable[[], float] = SystemRandom().random
    score_times: ScoreTimes = field(init=False, repr=False, factory=ScoreTimes)
    locks: Locks = field(init=False, repr=False, factory=Locks)
    _retries: Retries = field(init=False, repr=False)
    _tokens: AccessTokens = field(init=False, repr=False)

    @_retries.default
    def _new_retries(self) -> Retries:
        return Retries(self.http, self.clock, self.random)

    @_tokens.default
    def _new_tokens(self) -> AccessTokens:
        return AccessTokens(self._retries, self.keys, self.clock)

    def run(self, command: Command[Result], grant: ServiceGrant) -> Result:
        """What the platform answers.

        Raises:
            AccessRefused: `grant.expired`, `grant.registration_unknown`, `service.scope_not_granted`; nothing was sent.
            ServiceFailed: the platform refused, did not answer, or is not to be asked there (`http.url_refused`).
            ConfigurationError: `config.token_endpoint_missing`, `config.signing_key_missing`.
        """
        now = self.clock.now()
        grant.refuse_expired(now)
        registration = self._registration(grant)
        request = command.to_request()
        trusted_url = _trusted_url(request.url, registration, grant)
        scopes = _scopes(command, grant)
        tries = Tries(now + MOST_TIME)
        token = self._tokens.get(registration, scopes, tries.until) if scopes else None
        try:
            return self._sent(command, _ready(request, token, trusted_url), tries)
        except ServiceFailed as error:
            if token is None or error.status not in (401, 403):
                raise
            if error.status == 401 or _is_narrowed(token, scopes):
                self._tokens.drop(registration, scopes, token.value)  # an administrator may have granted more meanwhile
            _refuse_narrowed(error, token, scopes)
            if error.status == 403:
                raise
        token = self._tokens.get(registration, scopes, tries.until)
        try:
            return self._sent(command, _ready(request, token, trusted_url), tries)
        except ServiceFailed as error:
            if error.status in (401, 403):
                _refuse_narrowed(error, token, scopes)
            raise

    def pages(self, command: Command[Page[Item]], grant: ServiceGrant) -> Iterator[Page[Item]]:
        """The pages of a list, each fetched when it is reached.

        Raises:
            AccessRefused, ServiceFailed, ConfigurationError: as `run`, when a page is reached; `service.paging_loop`.
        """
        return follow(command, lambda page: self.run(page, grant))

    def items(self, command: Command[Page[Item]], grant: ServiceGrant) -> Listing[Item]:
        """The items of a list, page by page. Those that came before a failure stay with who took them.

        Raises:
            AccessRefused, ServiceFailed, ConfigurationError: as `pages`.
        """
        return Listing(self.pages(command, grant))

    def _registration(self, grant: ServiceGrant) -> Registration:
        registration = self.registrations.find(grant.issuer, grant.client_id)
        if registration is None or not registration.knows(grant.deployment_id):
            message = "This tool has no agreement (any more) with the platform and deployment of that grant."
            raise AccessRefused("grant.registration_unknown", message, "LTI 1.3 §3.1.3")
        return registration

    def _sent(self, command: Command[Result], request: HttpRequest, tries: Tries) -> Result:
        return self._retries.send(lambda: (command, request), tries)


def _ready(request: HttpRequest, token: AccessToken | None, trusted_url: str) -> HttpRequest:
    """A command's request as it is to be sent."""
    return _request(  # much quicker than `evolve`
        method=request.method,
        url=request.url,
        headers={**request.headers, **({} if token is None else {"Authorization": f"Bearer {token.value}"})},
        body=request.body,
        max_bytes=request.max_bytes,
        total=request.total,
        trusted_url=trusted_url,
    )


def _scopes(command: Command[object], grant: ServiceGrant) -> tuple[str, ...]:
    """The least scope that suffices and that the platform granted; none for a command that takes no token.

    What the class list and groups take follows from their being offered. Scopes of vendors are asked for as they are.

    Raises:
        AccessRefused: `service.scope_not_granted`.
    """
    granted = grant.endpoint.scopes if grant.endpoint is not None else ()
    for scope in command.scopes:
        if scope in granted or scope not in _OF_GRADES:
            return (scope,)
    if not command.scopes:
        return ()
    message = f"The platform does not grant this tool the scope {command.scopes[-1]}: ask its administrator for it."
    wanted, found = " or ".join(command.scopes), " ".join(granted)
    raise AccessRefused("service.scope_not_granted", message, "AGS 2.0 §3.1", wanted, found)


def _trusted_url(url: str, registration: Registration, grant: ServiceGrant) -> str:
    """The address of the registration that makes `url` trustworthy even inside a private network, if there is one.

    Raises:
        ServiceFailed: `http.url_refused` when neither the registration nor the grant has an address at that origin: it
            would be handed the access token.
    """
    address = read_address(url)
    own = tuple(filter(None, (registration.token_url, registration.login_url, registration.key_set_url)))
    trusted = next((named for named in own if _is_at(named, address)), None)
    if trusted is None and not any(_is_at(named, address) for named in grant.addresses):
        message = "Neither the registration nor the launch names an address at that origin."
        raise ServiceFailed("http.url_refused", message, found=str(address), not_sent=True)
    return trusted or own[0]


def _is_at(named: str, address: Address) -> bool:
    try:
        return read_address(named) == address
    except ServiceFailed:
        return False


def _is_narrowed(token: AccessToken, scopes: tuple[str, ...]) -> bool:
    """Whether the platform granted nothing of what the token was asked for."""
    return token.scopes.isdisjoint(scopes)


def _refuse_narrowed(error: ServiceFailed, token: AccessToken, scopes: tuple[str, ...]) -> None:
    """Say so when the platform refused because it had granted less than was asked for.

    Raises:
        ServiceFailed: `service.scope_not_granted`.
    """
    if _is_narrowed(token, scopes):
        wanted = " ".join(scopes)
        raise ServiceFailed(
            "service.scope_not_granted",
            "The platform gave an access token, but not for what was asked.",
            "RFC 6749 §3.3",
            expected=wanted,
            found=" ".join(sorted(token.scopes)),
            status=error.status,
            platform_says=error.platform_says,
            remedy=f"Ask the platform's administrator to grant this tool the scope {wanted}.",
        ) from error
