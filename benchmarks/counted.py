"""A server's port, passed on and counted: how often somebody asks it something, and waits for what it answers."""

import socket
from select import select
from threading import Thread

PIECE = 64 * 1024


class Counted:
    """Listens on loopback, and hands over what comes for the server at `port`.

    Attributes:
        port: of its own.
        trips: round trips so far: a client asked after the server had answered, or for the first time.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.trips = 0
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listening.accept()
            Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._server)) as server:
            asking = False
            while True:
                for ready in select([client, server], [], [])[0]:
                    piece = ready.recv(PIECE)
                    if not piece:
                        return
                    if ready is client and not asking:
                        self.trips += 1
                    asking = ready is client
                    (server if ready is client else client).sendall(piece)
