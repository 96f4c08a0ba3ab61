"""Registrations and tool keys of a shared store, kept for some seconds: a login or launch must not wait for them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import field, frozen

from lti_core.keys import SigningKey
from lti_core.ports import Clock
from lti_core.registration import Registration
from lti_storage.registrations import Registrations
from lti_storage.tool_keys import ToolKeys

SEEN_WITHIN = timedelta(seconds=5)  # a change, by every process
MOST_ISSUERS = 10_000  # strangers ask for issuers that there are none of

_OfIssuer = tuple[datetime, Mapping[str, Registration]]
_Keys = tuple[datetime, tuple[SigningKey, ...]]


@frozen(eq=False)
class CachedRegistrations:
    """`Registrations` of a store, those of each issuer read again after `SEEN_WITHIN`."""

    _registrations: Registrations
    _clock: Clock
    _kept: dict[str, _OfIssuer] = field(factory=dict, init=False, repr=False)

    def find(self, issuer: str, client_id: str) -> Registration | None:
        """See `Registrations`."""
        return self._issuer(issuer).get(client_id)

    def of_issuer(self, issuer: str) -> tuple[Registration, ...]:
        """See `Registrations`."""
        return tuple(self._issuer(issuer).values())

    def all(self) -> tuple[Registration, ...]:
        """See `Registrations`. Asked for seldom, and never kept."""
        return self._registrations.all()

    def _issuer(self, issuer: str) -> Mapping[str, Registration]:
        now = self._clock.now()
        kept = self._kept.get(issuer)
        if kept is not None and now < kept[0]:
            return kept[1]
        found = {one.client_id: one for one in self._registrations.of_issuer(issuer)}
        if len(self._kept) >= MOST_ISSUERS:
            self._kept.clear()
        self._kept[issuer] = (now + SEEN_WITHIN, found)
        return found


@frozen(eq=False)
class CachedToolKeys:
    """`ToolKeys` of a store, read again after `SEEN_WITHIN`."""

    _keys: ToolKeys
    _clock: Clock
    _kept: list[_Keys] = field(factory=list, init=False, repr=False)

    def all(self) -> tuple[SigningKey, ...]:
        """See `ToolKeys`."""
        now = self._clock.now()
        kept = self._kept[:1]
        if kept and now < kept[0][0]:
            return kept[0][1]
        found = self._keys.all()
        self._kept[:] = [(now + SEEN_WITHIN, found)]
        return found

    def add(self, pem: str) -> SigningKey:
        """See `ToolKeys`. Here the new key signs at once."""
        key = self._keys.add(pem)
        self._kept.clear()
        return key
