"""DjangoGrants: kept grants in Django's database."""

from lti_core.services.grant import ServiceGrant
from lti_storage.django.database import database_of, using
from lti_storage.django.models import LtiGrant
from lti_storage.expiring import decoded, encoded
from lti_storage.grants import in_order, read_grant, unreadable, written


class DjangoGrants:
    """Grants that all processes share.

    Args:
        url: as of `DjangoStore`.
    """

    def __init__(self, url: str) -> None:
        self._alias = database_of(url)
        self._rows = LtiGrant.objects.using(self._alias)

    def keep(self, grant: ServiceGrant) -> None:
        """See `Grants`."""
        document = encoded(written(grant))
        with using(self._alias):
            self._rows.update_or_create(key=grant.key, defaults={"document": document})

    def find(self, key: str) -> ServiceGrant | None:
        """See `Grants`."""
        with using(self._alias):
            row = self._rows.filter(key=key).first()
        return None if row is None else _grant(row)

    def all(self) -> tuple[ServiceGrant, ...]:
        """See `Grants`."""
        with using(self._alias):
            rows = list(self._rows.all())
        return in_order(map(_grant, rows))

    def revoke(self, key: str) -> bool:
        """See `Grants`."""
        with using(self._alias):
            removed, _ = self._rows.filter(key=key).delete()
        return removed > 0


def _grant(row: LtiGrant) -> ServiceGrant:
    try:
        text = decoded(bytes(row.document))
    except UnicodeError:
        raise unreadable("one of them is not text") from None
    return read_grant(text)
