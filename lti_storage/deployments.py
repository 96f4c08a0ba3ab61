"""Deployments: those that registrations with `deployments="any"` have met."""

from datetime import timedelta

from attrs import frozen

from lti_core.ports import Clock
from lti_core.registration import Registration, key_of
from lti_storage.expiring import ExpiringStore

KEPT = timedelta(days=3650)


@frozen
class Deployments:
    """Which deployments launched before, besides those that a registration lists itself. Each is kept ten years."""

    _store: ExpiringStore
    _clock: Clock

    def knows(self, registration: Registration, deployment_id: str) -> bool:
        """Whether that deployment of that registration was recorded.

        Raises:
            StorageFailed: the store did not answer.
        """
        return self._store.get(_key(registration, deployment_id)) is not None

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
