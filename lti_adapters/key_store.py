"""CachedKeyStore: the KeyStore port. Platforms' keys from their key sets, the tool's own from where they are kept."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from threading import Lock
from typing import Any

from attrs import Attribute, field, frozen

from lti_adapters.key_sets import KeySets
from lti_core.errors import ConfigurationError
from lti_core.keys import SigningKey, derive_secret, read_private_key
from lti_core.ports import Clock, Http
from lti_core.registration import Registration
from lti_core.tokens import KeySet, VerificationKey, read_key_set
from lti_storage.at_once import never_waits
from lti_storage.registrations import Registrations
from lti_storage.tool_keys import ToolKeys

SHORTEST_SECRET = 32
MOST_PRIVATE_KEYS = 10_000
MOST_SECRETS = 10_000

log = logging.getLogger("lti")
_Published = Callable[[str, str], tuple[VerificationKey, ...]]  # by the address of a key set, and a kid


def _long_enough(_: object, __: "Attribute[Any]", secrets: tuple[str, ...]) -> None:
    for secret in secrets:
        if len(secret) < SHORTEST_SECRET:
            raise ConfigurationError(
                "config.state_secret_short",
                f"Each of state.secrets must have at least {SHORTEST_SECRET} characters, drawn at random, as"
                ' python -c "import secrets; print(secrets.token_urlsafe(32))" prints them.',
                expected=SHORTEST_SECRET,
                found=len(secret),
            )


def _derived(materials: tuple[bytes, ...], purpose: str, issuer: str, client_id: str) -> tuple[bytes, ...]:
    return tuple(derive_secret(material, purpose, issuer, client_id) for material in materials)


@frozen(eq=False)
class CachedKeyStore:
    """The keys of platforms and of this tool. What takes time to read or to derive is read or derived once.

    Attributes:
        state_secrets: what the secrets of login states and remembered launches are derived from: the first one
            signs, all verify. Where there is none, the private key of the registration, else of the tool, serves.
        cache_lifetime: how long a platform's key set is kept whose answer does not say.

    Raises:
        ConfigurationError: `config.state_secret_short`.
    """

    http: Http
    clock: Clock
    registrations: Registrations
    tool_keys: ToolKeys
    state_secrets: tuple[str, ...] = field(default=(), converter=tuple, validator=_long_enough, repr=False)
    cache_lifetime: timedelta = timedelta(hours=1)
    _key_sets: KeySets = field(init=False, repr=False)
    _state_materials: tuple[bytes, ...] = field(init=False, repr=False)
    _inline: dict[str, tuple[Mapping[str, object], KeySet]] = field(factory=dict, init=False, repr=False)
    _loading: Lock = field(factory=Lock, init=False, repr=False)
    _load: Callable[[str], SigningKey] = field(init=False, repr=False)
    _derive: Callable[..., tuple[bytes, ...]] = field(init=False, repr=False)

    @_key_sets.default
    def _new_key_sets(self) -> KeySets:
        return KeySets(self.http, self.clock, self.cache_lifetime)

    @_state_materials.default
    def _new_state_materials(self) -> tuple[bytes, ...]:
        return tuple(secret.encode() for secret in self.state_secrets)

    @_load.default
    def _new_load(self) -> Callable[[str], SigningKey]:
        return lru_cache(maxsize=MOST_PRIVATE_KEYS)(read_private_key)

    @_derive.default
    def _new_derive(self) -> Callable[..., tuple[bytes, ...]]:
        return lru_cache(maxsize=MOST_SECRETS)(_derived)

    def platform_keys(self, registration: Registration, kid: str) -> tuple[VerificationKey, ...]:
        """See `lti_core.ports.KeyStore`. Keys that stand in the registration win over its key set address.

        Raises:
            LaunchRefused: `launch.key_set_unavailable`, `launch.key_set_malformed`.
        """
        return self._platform_keys(registration, kid, self._key_sets.find)

    def fetched_keys(self, registration: Registration, kid: str) -> tuple[VerificationKey, ...]:
        """As `platform_keys`, without asking the platform: none where it would have to be asked."""
        return self._platform_keys(registration, kid, self._key_sets.fetched)

    def _platform_keys(
        self, registration: Registration, kid: str, published: _Published
    ) -> tuple[VerificationKey, ...]:
        if registration.key_set is not None:
            return self._inline_set(registration.key, registration.key_set).find(kid)
        if registration.key_set_url is None:
            return ()
        return published(registration.key_set_url, kid)

    def signing_key(self, registration: Registration) -> SigningKey:
        """See `lti_core.ports.KeyStore`: the registration's own key, else the tool's newest.

        Raises:
            ConfigurationError: `config.signing_key_missing`, and as `read_private_key`.
        """
        for key in self._keys(registration):
            return key
        raise ConfigurationError(
            "config.signing_key_missing",
            "There is no key to sign with: set tool.keys to a folder and make a key with lti keys new, or give the"
            " registration a private_key_file.",
            "LTI 1.3 §6.1",
        )

    def public_keys(self) -> tuple[Mapping[str, str], ...]:
        """See `lti_core.ports.KeyStore`: of the tool, and of every registration with a key of its own; each once."""
        keys = {key.kid: key.public for key in self.tool_keys.all()}
        for key in self._registered_keys():
            keys.setdefault(key.kid, key.public)
        return tuple(keys.values())

    @property
    def has_secrets_at_once(self) -> bool:
        """Whether `secrets` waits for nothing."""
        return bool(self.state_secrets) or never_waits(self.tool_keys)

    def secrets(self, registration: Registration, purpose: str) -> tuple[bytes, ...]:
        """See `lti_core.ports.KeyStore`.

        Raises:
            ConfigurationError: `config.state_secret_missing`, and as `read_private_key`.
        """
        materials = self._state_materials or tuple([key.material for key in self._keys(registration)])
        if not materials:
            raise ConfigurationError(
                "config.state_secret_missing",
                "There is nothing to derive the secrets of login states from: set state.secrets to a random text of at"
                f" least {SHORTEST_SECRET} characters, or give the tool or the registration a private key.",
            )
        return self._derive(materials, purpose, registration.issuer, registration.client_id)

    def _inline_set(self, key: str, given: Mapping[str, object]) -> KeySet:
        """Read once, and kept for each registration. Some stores make a new one at each look-up: equal sets count."""
        source, key_set = self._inline.get(key, (None, None))
        if key_set is None or (source is not given and source != given):
            key_set = read_key_set(given)
            self._inline[key] = (given, key_set)
        return key_set

    def _keys(self, registration: Registration) -> tuple[SigningKey, ...]:
        """The keys towards that platform, newest first."""
        if registration.private_key is None:
            return self.tool_keys.all()
        return (self._loaded(registration.private_key),)

    def _loaded(self, pem: str) -> SigningKey:
        with self._loading:  # so that of many threads at once one loads
            return self._load(pem)

    def _registered_keys(self) -> Iterator[SigningKey]:
        pems = (registration.private_key for registration in self.registrations.all())
        for pem in dict.fromkeys(pem for pem in pems if pem is not None):
            try:
                yield self._loaded(pem)
            except ConfigurationError as error:  # one bad key must not take the others from their platforms
                log.warning("a registration's private key is not published: %s", error)
