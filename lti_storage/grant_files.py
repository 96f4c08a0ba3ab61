"""FileGrants: kept grants in a JSON file."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.ports import Clock
from lti_core.services.grant import ServiceGrant
from lti_core.strict_json import read_json
from lti_storage.grants import MOST_DEPTH, grant_of, in_order, unreadable, written

TRIES, PAUSE = 200, 0.01  # two seconds; a file that is not free by then counts as down

Kept = dict[str, ServiceGrant]


class FileGrants:
    """Grants that all processes of one machine share. Each change writes the file anew: for hundreds of courses.

    Whoever reads while another writes sees the file of before, or that of after. Of many who write at once, each
    waits for its turn, with a lock on a file beside it (`.lock`).

    Args:
        path: made when a first grant is kept, for this user only.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def keep(self, grant: ServiceGrant) -> None:
        """See `Grants`."""
        self._change(lambda kept: kept.update({grant.key: grant}))

    def find(self, key: str) -> ServiceGrant | None:
        """See `Grants`."""
        return self._read().get(key)

    def all(self) -> tuple[ServiceGrant, ...]:
        """See `Grants`."""
        return in_order(self._read().values())

    def revoke(self, key: str) -> bool:
        """See `Grants`."""
        return key in self._read() and self._change(lambda kept: kept.pop(key, None)) is not None

    def _change(self, change: Callable[[Kept], ServiceGrant | None]) -> ServiceGrant | None:
        with self._usable(), self._alone():
            kept = self._read()
            changed = change(kept)
            self._write(kept)
        return changed

    def _read(self) -> Kept:
        with self._usable():
            try:
                text = self._path.read_text(encoding="utf-8")
            except FileNotFoundError:
                return {}
            except UnicodeError:
                raise unreadable(f"{self._path} is not text") from None
        try:
            document = read_json(text, MOST_DEPTH)
        except (ValueError, RecursionError):
            raise unreadable(f"{self._path} is not JSON") from None
        listed = document.get("grants") if isinstance(document, dict) else None
        if not isinstance(listed, list):
            raise unreadable(f"{self._path} has no list of grants")
        return {grant.key: grant for grant in map(grant_of, listed)}

    def _write(self, kept: Kept) -> None:
        """Under another name first, so that no process reads half a file. Nobody else writes meanwhile."""
        draft = self._beside(".new")
        draft.unlink(missing_ok=True)  # of a process that was ended
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            lines = ",\n".join(written(grant) for grant in in_order(kept.values()))
            file.write(f'{{"grants": [\n{lines}\n]}}\n')
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes the file. The lock goes with the process that holds it, however that ends."""
        descriptor = os.open(self._beside(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _lock(self, descriptor: int) -> None:
        for _ in range(TRIES):
            if _locked(descriptor):
                return
            self._clock.sleep(PAUSE)
        message = "The file of kept grants is in use by another process all the time. Try again in a moment."
        raise StorageFailed("storage.unavailable", message)

    def _beside(self, suffix: str) -> Path:
        return self._path.with_name(self._path.name + suffix)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ConfigurationError(
                "config.grants_file_unusable",
                f"The grants file {self._path} cannot be used: {reason}. Set tool.grants to a file that this user may"
                " write to, in a folder that is there.",
            ) from error


if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
