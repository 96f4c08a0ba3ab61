"""AccessTokens: what platforms let this tool do for a while, kept in the memory of this process and shared by all."""

import os
from collections import OrderedDict
from concurrent.futures import CancelledError, Future
from datetime import datetime, timedelta
from threading import Lock

from attrs import evolve, field, frozen

from lti_adapters.services.retries import Retries, Tries
from lti_core.errors import LtiError, ServiceFailed
from lti_core.ports import Clock, HttpRequest, KeyStore
from lti_core.registration import Registration
from lti_core.services.access_token import AccessToken, RequestToken, token_url_of

MOST_TOKENS = 10_000
LONGEST_MARGIN = timedelta(seconds=60)  # a token is not used so shortly before its end; of a short life, a tenth

Key = tuple[str, str, str, tuple[str, ...]]  # issuer, client id, token URL, scopes


@frozen(eq=False)
class _Kept:
    token: AccessToken
    usable_until: datetime


@frozen(eq=False)
class AccessTokens:
    """Access tokens by issuer, client id, token URL and scopes; where there are too many the longest unused goes.

    Of many threads that need the same one, one asks for it. The others wait for its answer, or its failure.
    """

    retries: Retries
    keys: KeyStore
    clock: Clock
    _lock: Lock = field(factory=Lock, init=False, repr=False)
    _kept: OrderedDict[Key, _Kept] = field(factory=OrderedDict, init=False, repr=False)
    _asking: dict[tuple[int, Key], Future[AccessToken]] = field(factory=dict, init=False, repr=False)

    def get(self, registration: Registration, scopes: tuple[str, ...], until: datetime) -> AccessToken:
        """A token that is good for a while.

        Args:
            until: aware; nobody waits longer than that.

        Raises:
            ServiceFailed: `token.*`, `service.scope_not_granted`, `service.unavailable`, `http.*`.
            ConfigurationError: `config.token_endpoint_missing`, `config.signing_key_missing`.
        """
        key = _key(registration, scopes)
        while True:
            with self._lock:
                if (token := self._usable(key)) is not None:
                    return token
                # A child process knows nothing of what its parent asked for at the moment of the fork.
                asking, mine = self._asking.get((os.getpid(), key)), Future[AccessToken]()
                if asking is None:
                    self._asking[os.getpid(), key] = mine
            if asking is None:
                return self._asked(registration, key, until, mine)
            if (token := self._awaited(asking, until)) is not None:
                return token

    def drop(self, registration: Registration, scopes: tuple[str, ...], value: str) -> None:
        """Forget a token that the platform does not take any more; another one that came meanwhile stays."""
        key = _key(registration, scopes)
        with self._lock:
            if (kept := self._kept.get(key)) is not None and kept.token.value == value:
                del self._kept[key]

    def _usable(self, key: Key) -> AccessToken | None:
        kept = self._kept.get(key)
        if kept is None or kept.usable_until <= self.clock.now():
            return None
        self._kept.move_to_end(key)
        return kept.token

    def _asked(self, registration: Registration, key: Key, until: datetime, mine: Future[AccessToken]) -> AccessToken:
        """Ask the platform, and tell those who wait."""
        try:
            token = self._fetch(registration, key, until)
            mine.set_result(token)
            return token
        except LtiError as error:
            mine.set_exception(evolve(error))  # without its traceback, which would keep the whole answer
            raise
        finally:
            with self._lock:
                del self._asking[os.getpid(), key]
            mine.cancel()  # where something else broke, or Ctrl-C was pressed: who waits tries for itself

    def _fetch(self, registration: Registration, key: Key, until: datetime) -> AccessToken:
        signing_key, begun = self.keys.signing_key(registration), self.clock.now()

        def request() -> tuple[RequestToken, HttpRequest]:  # each with an assertion of its own: they are good for one
            command = RequestToken.of(registration, signing_key, key[-1], self.clock.now())
            return command, command.to_request()

        token = self.retries.send(request, Tries(until))
        life = token.expires_at - begun
        with self._lock:
            self._kept[key] = _Kept(token, token.expires_at - min(LONGEST_MARGIN, life / 10))
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_TOKENS:
                self._kept.popitem(last=False)
        return token

    def _awaited(self, asking: Future[AccessToken], until: datetime) -> AccessToken | None:
        """The token that another thread asked for; None when that thread was ended."""
        left = (until - self.clock.now()).total_seconds()
        try:
            return asking.result(timeout=max(left, 0))
        except CancelledError:
            return None
        except LtiError as error:
            raise evolve(error) from None  # each thread its own
        except TimeoutError:
            message = "The platform did not give an access token in time."
            raise ServiceFailed("http.timeout", message, not_sent=True) from None


def _key(registration: Registration, scopes: tuple[str, ...]) -> Key:
    return registration.issuer, registration.client_id, token_url_of(registration), tuple(sorted(scopes))
