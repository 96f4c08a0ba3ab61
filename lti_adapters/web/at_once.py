"""What a tool answers at once, without waiting for a store, a file, a platform or a hook: for adapters under asyncio.

They then need no thread for it, which would take half as long as a launch itself. The parts of a tool say whether they
wait; only a platform's key set is in memory at one time and not at another.
"""

from collections.abc import Mapping

from attrs import evolve, frozen

from lti_adapters.key_store import CachedKeyStore
from lti_adapters.web.mounted import Mounted
from lti_core.keys import SigningKey
from lti_core.registration import Registration
from lti_core.tokens import VerificationKey
from lti_storage.at_once import never_waits


class MustWait(Exception):
    """A platform's keys are not in memory. Nothing was used up: ask the tool itself, where waiting is allowed."""


def logs_in_at_once(mounted: Mounted) -> bool:
    """Whether a login waits for nothing. It asks no store."""
    tool = mounted.tool
    if tool.on_refused is not None or not isinstance(tool.keys, CachedKeyStore):
        return False
    return never_waits(tool.registrations) and tool.keys.has_secrets_at_once


def without_waiting(mounted: Mounted) -> Mounted | None:
    """The same tool, for launches and later requests without waiting; None where one of its parts may wait.

    Its launch raises `MustWait` where the platform's keys would have to be fetched.
    """
    tool = mounted.tool
    stores = (tool.nonces, tool.launches, tool.deployments)
    if not logs_in_at_once(mounted) or tool.on_new_deployment is not None or not all(map(never_waits, stores)):
        return None
    assert isinstance(tool.keys, CachedKeyStore)  # else a login would wait
    return evolve(mounted, tool=evolve(tool, keys=_FetchedKeys(tool.keys)))


@frozen(eq=False)
class _FetchedKeys:
    """The KeyStore port over the key sets that were fetched before."""

    _keys: CachedKeyStore

    def platform_keys(self, registration: Registration, kid: str) -> tuple[VerificationKey, ...]:
        if found := self._keys.fetched_keys(registration, kid):
            return found
        raise MustWait

    def signing_key(self, registration: Registration) -> SigningKey:
        return self._keys.signing_key(registration)

    def public_keys(self) -> tuple[Mapping[str, str], ...]:
        return self._keys.public_keys()

    def secrets(self, registration: Registration, purpose: str) -> tuple[bytes, ...]:
        return self._keys.secrets(registration, purpose)
