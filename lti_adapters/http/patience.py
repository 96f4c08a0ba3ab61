"""Patience: how long a request may wait. Sockets ask it before each wait, so that no drip outlasts the whole limit."""

import socket
import ssl
from time import monotonic
from typing import Any

from attrs import frozen


@frozen
class Patience:
    """What is left of the time for one exchange.

    Attributes:
        until: on the monotonic clock, the end of the whole exchange.
        read: seconds of silence that are borne.
    """

    until: float
    read: float

    def at_most(self, seconds: float) -> float:
        """`seconds`, or what is left when that is less.

        Raises:
            TimeoutError: nothing is left.
        """
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole exchange is over")
        return min(seconds, left)


class PatientSocket(socket.socket):
    """A socket whose every wait ends with the patience of the exchange that it serves."""

    patience: Patience | None = None
    _held: list[Any] | None = None

    def hold(self) -> None:
        """Keep what is given to `sendall` until `release`, so that a request leaves in one piece, head and body."""
        self._held = []

    def release(self) -> None:
        """Send what was kept.

        Raises:
            OSError: as any socket; TimeoutError when patience ends.
        """
        held, self._held = self._held, None
        self.sendall(b"".join(held or ()))

    def _wait_no_longer(self) -> None:
        if self.patience is not None:
            self.settimeout(self.patience.at_most(self.patience.read))

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        """As of any socket."""
        self._wait_no_longer()
        return super().recv_into(buffer, nbytes or 0, flags)

    def send(self, data: Any, flags: int = 0) -> int:
        """As of any socket."""
        self._wait_no_longer()
        return super().send(data, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """As of any socket."""
        if self._held is not None:
            self._held.append(data)
            return
        self._wait_no_longer()
        super().sendall(data, flags)


class PatientTlsSocket(PatientSocket, ssl.SSLSocket):
    """The same under TLS."""
