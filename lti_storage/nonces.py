"""Nonces: used nonces in any ExpiringStore that evicts nothing."""

from datetime import datetime

from attrs import frozen

from lti_core.registration import key_of
from lti_storage.expiring import ExpiringStore


@frozen
class Nonces:
    """A `NonceStore` over a store that all processes share."""

    _store: ExpiringStore

    def use(self, nonce: str, expires_at: datetime, holder: str) -> bool:
        """See `lti_core.ports.NonceStore`."""
        return self._store.add(f"nonce:{key_of(holder, nonce)}", "1", expires_at)
