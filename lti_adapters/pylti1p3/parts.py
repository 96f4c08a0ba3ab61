"""What all logins and launches of a process share: connections, key sets, access tokens, used nonces.

A `requests_session` has a set of its own, for as long as there is the session.
"""

import weakref
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from random import SystemRandom
from typing import Any

from attrs import field, frozen

from lti_adapters.clock import SystemClock
from lti_adapters.http import Urllib3Http
from lti_adapters.key_store import CachedKeyStore
from lti_adapters.pylti1p3.exception import launch_exception
from lti_adapters.pylti1p3.key_texts import pem_text
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.session_http import SessionHttp
from lti_adapters.services.access_tokens import AccessTokens
from lti_adapters.services.retries import Retries
from lti_core.errors import ConfigurationError
from lti_core.ports import Clock, Http
from lti_core.registration import Registration as Agreement
from lti_core.rules.rule import TargetUrls
from lti_storage.memory import MemoryNonces
from lti_storage.registrations import FixedRegistrations
from lti_storage.tool_keys import NoToolKeys

MOST_AGREEMENTS = 1000
PATIENCE = 30.0  # seconds without a word: programs know no limit, and platforms make long class lists at one go
_NO_KEYS: Mapping[str, Any] = {"keys": []}

CLOCK: Clock = SystemClock()
NONCES = MemoryNonces(CLOCK)
NOWHERE = TargetUrls.of(())


@frozen(eq=False)
class Parts:
    """The ports over one way to send requests."""

    http: Http
    keys: CachedKeyStore = field(init=False)
    retries: Retries = field(init=False)
    tokens: AccessTokens = field(init=False)

    @keys.default
    def _new_keys(self) -> CachedKeyStore:
        return CachedKeyStore(self.http, CLOCK, FixedRegistrations(()), NoToolKeys())

    @retries.default
    def _new_retries(self) -> Retries:
        return Retries(self.http, CLOCK, SystemRandom().random)

    @tokens.default
    def _new_tokens(self) -> AccessTokens:
        return AccessTokens(self.retries, self.keys, CLOCK)


_USUAL = Parts(Urllib3Http(read=PATIENCE))
_OF_SESSIONS: weakref.WeakKeyDictionary[Any, Parts] = weakref.WeakKeyDictionary()
_AGREEMENTS: dict[tuple[Any, ...], Agreement] = {}


def parts_of(requests_session: Any) -> Parts:
    """The parts that send with `requests_session`; the process's own when that is None."""
    if requests_session is None:
        return _USUAL
    try:
        if (parts := _OF_SESSIONS.get(requests_session)) is None:
            parts = _OF_SESSIONS.setdefault(requests_session, Parts(SessionHttp(weakref.proxy(requests_session))))
        return parts
    except TypeError:  # nothing can be kept with it
        return Parts(SessionHttp(requests_session))


def agreement_of(registration: Registration) -> Agreement:
    """A registration as the core takes it. Which deployments may launch is asked of the configuration.

    Configurations make a registration for each question: what was made of an equal one is kept. Of a key set it is a
    copy, so that a program may change its own.

    Raises:
        LtiException: it cannot work.
    """
    key_set_url, token_url = registration.get_key_set_url() or None, registration.get_auth_token_url() or None
    key_set = registration.get_key_set() or (None if key_set_url else _NO_KEYS)
    given = (
        registration.get_issuer(),
        registration.get_client_id(),
        registration.get_auth_login_url() or token_url or key_set_url or registration.get_issuer(),
        token_url,
        registration.get_auth_audience() or None,
        key_set_url,
        pem_text(registration.get_tool_private_key() or "") or None,
    )
    kept = _AGREEMENTS.get(given)
    if kept is None or kept.key_set != key_set:
        kept = _made(given, deepcopy(key_set))
        if len(_AGREEMENTS) >= MOST_AGREEMENTS:
            _AGREEMENTS.clear()
        _AGREEMENTS[given] = kept
    return kept


def _made(given: tuple[Any, ...], key_set: Any) -> Agreement:
    issuer, client_id, login_url, token_url, audience, key_set_url, private_key = given
    try:
        return Agreement(
            issuer=issuer,
            client_id=client_id,
            login_url=login_url,
            token_url=token_url,
            audience=audience,
            key_set_url=key_set_url,
            key_set=key_set,
            deployments="any",
            private_key=private_key,
        )
    except ConfigurationError as error:
        raise launch_exception("The registration cannot be used", error) from error


def leading_to(url: str) -> TargetUrls:
    """What lets a launch lead to `url`, whatever its query, and nowhere else."""
    return _leading_to(url.partition("?")[0])


@lru_cache(maxsize=256)
def _leading_to(url: str) -> TargetUrls:
    return TargetUrls.of([url])
