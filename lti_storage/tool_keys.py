"""ToolKeys: the tool's own keys towards platforms whose registration has none of its own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Protocol

from attrs import evolve, frozen

from lti_core.errors import ConfigurationError
from lti_core.keys import SigningKey, read_private_key
from lti_core.ports import Clock


class ToolKeys(Protocol):
    """The tool's keys. The newest signs; all are published, so that a key can be changed without a break."""

    def all(self) -> tuple[SigningKey, ...]:
        """The keys, newest first. Cheap enough to be asked for each time.

        Raises:
            ConfigurationError: a key cannot be read.
            StorageFailed: the store did not answer.
        """

    def add(self, pem: str) -> SigningKey:
        """Keep one more key, which signs from now on. A key that is there already stays as it was.

        Raises:
            ConfigurationError: `config.private_key_unreadable`, `config.private_key_weak`,
                `config.tool_keys_missing`.
            StorageFailed: the store did not answer.
        """


class NoToolKeys:
    """A tool whose registrations all bring a key of their own."""

    answers_at_once = True

    def all(self) -> tuple[SigningKey, ...]:
        """None."""
        return ()

    def add(self, pem: str) -> SigningKey:
        """Refused: there is nowhere to keep it."""
        raise ConfigurationError(
            "config.tool_keys_missing",
            "There is no place for the tool's keys: set tool.keys to a folder, as tool.keys = /var/lib/tool/keys.",
        )


_Listing = tuple[tuple[str, int, int], ...]  # name, time of change and size of each file, newest key first


@frozen(eq=False)
class _Read:
    listing: _Listing = ()
    keys: tuple[SigningKey, ...] = ()


class FolderToolKeys:
    """Keys in a folder: each `*.pem` file is a private key. The last name signs.

    The names that `add` gives begin with the time, so that the newest key is the last. To retire a key, remove its
    file. Processes may share the folder: a change is seen at the next call.

    Args:
        folder: made when missing, for this user only. Each file is for this user only, too.

    Raises:
        ConfigurationError: `config.tool_keys_folder_unusable`.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._read = _Read()
        with _usable(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def all(self) -> tuple[SigningKey, ...]:
        """See `ToolKeys`."""
        listing = self._listing()
        read = self._read
        if listing != read.listing:
            read = self._read = _Read(listing, self._keys(listing))
        return read.keys

    def add(self, pem: str) -> SigningKey:
        """See `ToolKeys`."""
        key = read_private_key(pem)
        if any(key.kid == other.kid for other in self.all()):
            return key
        added_at = self._clock.now().astimezone(UTC)
        path = self._folder / f"{added_at:%Y%m%dT%H%M%S.%fZ}-{key.kid}.pem"
        with _usable(self._folder):
            self._write(path, pem)
        return key

    def _write(self, path: Path, pem: str) -> None:
        """Under another name first, so that no process reads half a key."""
        draft = path.with_suffix(f".{secrets.token_hex(8)}.new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def _listing(self) -> _Listing:
        with _usable(self._folder), os.scandir(self._folder) as entries:
            pems = [entry for entry in entries if entry.name.endswith(".pem") and entry.is_file()]
            found = [(entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in pems]
        return tuple(sorted(found, reverse=True))

    def _keys(self, listing: _Listing) -> tuple[SigningKey, ...]:
        keys: dict[str, SigningKey] = {}
        for name, _, _ in listing:
            key = self._key(name)
            keys.setdefault(key.kid, key)
        return tuple(keys.values())

    def _key(self, name: str) -> SigningKey:
        path = self._folder / name
        with _usable(path):
            pem = path.read_text(encoding="utf-8")
        try:
            return read_private_key(pem)
        except ConfigurationError as error:
            raise evolve(error, message=f"{path}: {error.message}") from error


@contextmanager
def _usable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ConfigurationError(
            "config.tool_keys_folder_unusable",
            f"The tool's keys at {path} cannot be used: {reason}. Set tool.keys to a folder that this user may write"
            " to.",
        ) from error
