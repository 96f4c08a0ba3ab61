"""DjangoStore: an ExpiringStore in Django's database."""

import logging
from datetime import datetime
from itertools import count

from django.db import IntegrityError, transaction

from lti_core.errors import StorageFailed
from lti_core.ports import Clock
from lti_storage.django.database import database_of, using
from lti_storage.django.models import LtiExpiring
from lti_storage.expiring import decoded, encoded, microseconds, stored_key

PURGE_EVERY = 100  # writes
PURGE_MOST = 300  # rows; more than are written meanwhile

logger = logging.getLogger(__name__)


class DjangoStore:
    """Shared by all processes that use the same database. What has expired is removed bit by bit, along with writes.

    What is kept in a transaction of yours is undone with it: the views of `lti_adapters.django` run outside of any.

    Args:
        url: `django://`, or `django://ALIAS` for another database of Django's setting DATABASES.

    Raises:
        ConfigurationError: `config.storage_url_invalid`.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._alias = database_of(url)
        self._clock = clock
        self._writes = count(1)
        self._rows = LtiExpiring.objects.using(self._alias)

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """See `ExpiringStore`. Who cannot insert takes over an expired row; of many, the first changes it."""
        name, data, until = stored_key(key), encoded(value), microseconds(expires_at)
        now = microseconds(self._clock.now())
        with using(self._alias):
            expired = self._rows.filter(key=name, expires_at__lte=now)
            added = self._inserted(name, data, until) or expired.update(value=data, expires_at=until) == 1
        self._purge(now)
        return added

    def get(self, key: str) -> str | None:
        """See `ExpiringStore`."""
        now = microseconds(self._clock.now())
        with using(self._alias):
            row = self._rows.filter(key=stored_key(key), expires_at__gt=now).values_list("value").first()
        return None if row is None else decoded(bytes(row[0]))

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """See `ExpiringStore`. A row that cannot be inserted is changed; one that is purged between the two is not."""
        name, data, until = stored_key(key), encoded(value), microseconds(expires_at)
        with using(self._alias):
            if not self._inserted(name, data, until):
                self._rows.update_or_create(key=name, defaults={"value": data, "expires_at": until})
        self._purge(microseconds(self._clock.now()))

    def delete(self, key: str) -> None:
        """See `ExpiringStore`."""
        with using(self._alias):
            self._rows.filter(key=stored_key(key)).delete()

    def _inserted(self, name: str, data: bytes, until: int) -> bool:
        try:
            with transaction.atomic(using=self._alias):  # a savepoint where somebody has begun a transaction
                self._rows.create(key=name, value=data, expires_at=until)
        except IntegrityError:
            return False
        return True

    def _purge(self, now: int) -> None:
        """Now and then. What was asked for is done by then, so that it must not fail for this."""
        if next(self._writes) % PURGE_EVERY:
            return
        try:
            with using(self._alias), transaction.atomic(using=self._alias):
                old = self._rows.filter(expires_at__lte=now)
                old.filter(key__in=list(old.values_list("key", flat=True)[:PURGE_MOST])).delete()
        except StorageFailed as error:
            logger.warning("Expired entries were not removed this time: %s", error.found)
