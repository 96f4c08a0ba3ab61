"""DjangoToolKeys: the tool's own keys in Django's database."""

from django.db import IntegrityError, transaction

from lti_core.keys import SigningKey, read_private_key
from lti_storage.django.database import database_of, using
from lti_storage.django.models import LtiToolKey


class DjangoToolKeys:
    """The rows of `LtiToolKey` that are for all platforms. They stand in the database in clear: who reads it can sign
    as this tool.

    Args:
        url: as of `DjangoStore`.
    """

    def __init__(self, url: str) -> None:
        self._alias = database_of(url)
        self._rows = LtiToolKey.objects.using(self._alias).filter(is_common=True).exclude(private_key="")
        self._read: dict[str, SigningKey] = {}  # by PEM text; to read one takes milliseconds

    def all(self) -> tuple[SigningKey, ...]:
        """See `ToolKeys`."""
        with using(self._alias):
            pems = list(self._rows.order_by("-pk").values_list("private_key", flat=True))
        self._read = {pem: self._read.get(pem) or read_private_key(pem) for pem in pems}
        return tuple({key.kid: key for key in self._read.values()}.values())

    def add(self, pem: str) -> SigningKey:
        """See `ToolKeys`."""
        key = read_private_key(pem)
        if all(key.kid != other.kid for other in self.all()):
            with using(self._alias):
                self._insert(LtiToolKey(name=key.kid, private_key=pem, is_common=True))
        return key

    def _insert(self, row: LtiToolKey) -> None:
        try:
            with transaction.atomic(using=self._alias):
                row.save(using=self._alias)
        except IntegrityError:  # another process was quicker, or a registration has that key
            LtiToolKey.objects.using(self._alias).filter(name=row.name).update(is_common=True)
