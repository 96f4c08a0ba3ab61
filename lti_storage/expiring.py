"""ExpiringStore: the one small primitive that every backend has; used nonces and remembered launches stand on it."""

import hashlib
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Protocol

from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.ports import Clock

MAX_VALUE = 256 * 1024

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ExpiringStore(Protocol):
    """Texts that are kept for a time. Shared by all threads, and by all processes where the backend can.

    Keys are any text; case, blanks and length count. Values are any text of at most `MAX_VALUE` bytes as UTF-8.
    `expires_at` is aware; at exactly that time the value is gone; where a server keeps the time, up to four
    seconds later, and never before.

    Raises:
        StorageFailed: `storage.unavailable` when the store did not answer, `storage.value_too_long`. Each method may.
    """

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        """Keep `value`, unless something unexpired is kept under `key`. Of many who try at once, one wins.

        Returns:
            True when it was kept.
        """

    def get(self, key: str) -> str | None:
        """What is kept under `key`; None when nothing is, or no longer."""

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        """Keep `value` under `key`, whatever was there."""

    def delete(self, key: str) -> None:
        """Forget what is kept under `key`, if anything is."""


def stored_key(key: str) -> str:
    """What a backend stores for `key`: SHA-256 as 64 hexadecimal digits.

    Servers differ in the length, the case and the blanks of keys that they tell apart.
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def encoded(value: str) -> bytes:
    """What a backend stores for `value`: bytes, since a server's text types refuse some characters.

    Raises:
        StorageFailed: `storage.value_too_long`.
    """
    data = value.encode("utf-8", "surrogatepass")
    if len(data) > MAX_VALUE:
        raise StorageFailed(
            "storage.value_too_long", "What is to be kept is too long.", expected=MAX_VALUE, found=len(data)
        )
    return data


def decoded(data: bytes) -> str:
    """The value that `encoded` made `data` of."""
    return data.decode("utf-8", "surrogatepass")


def microseconds(moment: datetime) -> int:
    """An aware time as a whole number, exact and comparable in every backend: microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def refuse_forgetful(store: ExpiringStore, clock: Clock) -> None:
    """Find out, at start, whether `store` keeps anything at all. One that forgets would let replays in.

    Raises:
        ConfigurationError: `config.storage_forgets`.
        StorageFailed: the store did not answer.
    """
    key, expires_at = f"probe:{token_hex(16)}", clock.now() + timedelta(minutes=1)
    store.add(key, "1", expires_at)
    if store.add(key, "2", expires_at):
        raise ConfigurationError(
            "config.storage_forgets",
            "The configured storage keeps nothing, so used launches could be sent again: choose a storage that"
            " remembers, as sqlite:////path/to/file.db.",
        )
    store.delete(key)
