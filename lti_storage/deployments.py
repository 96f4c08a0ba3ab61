"""Deployments: those that registrations with `deployments="any"` have met."""

from datetime import timedelta

from attrs import field, frozen

from lti_core.ports import Clock
from lti_core.registration import Registration, key_of
from lti_storage.at_once import never_waits
from lti_storage.expiring import ExpiringStore

KEPT = timedelta(days=3650)
MOST_KNOWN = 10_000  # that a process need not ask the store about again


@frozen(eq=False)
class Deployments:
    """Which deployments launched before, besides those that a registration lists itself. Each is kept ten years."""

    _store: ExpiringStore
    _clock: Clock
    _known: set[str] = field(factory=set, init=False, repr=False)  # of those recorded, some: none is ever forgotten

    @property
    def answers_at_once(self) -> bool:
        """See `lti_storage.at_once`."""
        return never_waits(self._store)

    def knows(self, registration: Registration, deployment_id: str) -> bool:
        """Whether that deployment of that registration was recorded.

        Raises:
            StorageFailed: the store did not answer.
        """
        key = _key(registration, deployment_id)
        if key in self._known:
            return True
        if self._store.get(key) is None:
            return False
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known.add(key)
        return True

    def record(self, registration: Registration, deployment_id: str) -> bool:
        """Remember a deployment.

        Returns:
            True the first time, for one caller only.

        Raises:
            StorageFailed: the store did not answer.
        """
        return self._store.add(_key(registration, deployment_id), "1", self._clock.now() + KEPT)


def _key(registration: Registration, deployment_id: str) -> str:
    return f"deployment:{key_of(registration.key, deployment_id)}"
