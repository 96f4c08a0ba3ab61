"""Connections: a process' connections to one memcached server."""

import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, LifoQueue
from typing import Any

from pymemcache.client.base import Client  # type: ignore[import-untyped]

from lti_core.errors import StorageFailed

WAIT = 2.0  # seconds, until a server that does not answer counts as down
CONNECTIONS = 16  # of one process to one server; who waits for one of these waits in order


class Connections:
    """Threads share them, each is made when it is needed first, and again when it broke.

    pymemcache's own pool hands a connection out that the server has closed, as one that was started again has closed
    all, and keeps a connection whose answer nobody read.
    """

    def __init__(self, host: str, port: int) -> None:
        self._clients = [
            Client((host, port), connect_timeout=WAIT, timeout=WAIT, no_delay=True, default_noreply=False)
            for _ in range(CONNECTIONS)
        ]
        self.start_again()
        weakref.finalize(self, _close, self._clients)

    def start_again(self) -> None:
        """Use no connection that stands: after a fork they are the parent's."""
        _close(self._clients)
        self._idle: LifoQueue[Any] = LifoQueue()
        for client in self._clients:
            self._idle.put(client)

    @contextmanager
    def one(self) -> Iterator[Any]:
        """A client that nobody else uses in the block.

        Raises:
            StorageFailed: `storage.unavailable`, when none became free.
        """
        try:
            client = self._idle.get(timeout=WAIT)
        except Empty:
            raise StorageFailed(
                "storage.unavailable", "All connections to memcached are in use. Try again in a moment."
            ) from None
        try:
            if _has_ended(client.sock):
                client.close()
            yield client
        except BaseException:  # also when the thread is to end: an answer that was not read would be the next one's
            client.close()
            raise
        finally:
            self._idle.put(client)


def _close(clients: Iterable[Any]) -> None:
    for client in clients:
        client.close()


def _has_ended(connection: Any) -> bool:
    """Whether an idle connection was closed by the server, or brings what nobody asked for."""
    if connection is None:
        return False
    try:
        connection.settimeout(0)
        connection.recv(1)
    except BlockingIOError:
        connection.settimeout(WAIT)
        return False
    except OSError:
        return True
    return True
