"""Connecting: from a host name to an open connection, only to addresses that the request may reach."""

import errno
import socket
import ssl
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

from attrs import field, frozen
from urllib3.connection import HTTPConnection, HTTPSConnection

from lti_adapters.http.address import Address, is_public
from lti_adapters.http.patience import Patience, PatientSocket, PatientTlsSocket
from lti_core.errors import ServiceFailed

MOST_LOOK_UPS = 32

Place = tuple[str, int] | tuple[str, int, int, int]
Found = tuple[socket.AddressFamily, Place]


def _tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = PatientTlsSocket
    context.set_alpn_protocols(["http/1.1"])
    return context


@frozen(eq=False)
class Connector:
    """Opens connections. The name is looked up once, and what was checked is what is connected to.

    Attributes:
        connect: seconds for one attempt to connect; a host may have several addresses.
    """

    connect: float
    _tls: ssl.SSLContext = field(factory=_tls_context, init=False, repr=False)
    _look_ups: BoundedSemaphore = field(factory=lambda: BoundedSemaphore(MOST_LOOK_UPS), init=False, repr=False)

    def open(self, address: Address, patience: Patience, *, trusted: bool) -> HTTPConnection:
        """A new connection to `address`; one that is not `trusted` never leads to a private address.

        Raises:
            ServiceFailed: `http.url_refused` when the name leads to private addresses only.
            OSError: as sockets and TLS raise it; TimeoutError when patience ends.
        """
        opened = self._opened(self._allowed(address, patience, trusted=trusted), patience)
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        connection = kind(address.host, address.port)
        connection.auto_open = 0  # once closed it stays closed: it must not connect by itself, unchecked
        connection.sock = self._secured(opened, address, patience) if address.scheme == "https" else opened
        return connection

    def _allowed(self, address: Address, patience: Patience, *, trusted: bool) -> list[Found]:
        found = self._looked_up(address, patience)
        allowed = found if trusted else [each for each in found if is_public(each[1][0])]
        if not allowed:
            message = "The address leads into a private network. The registration itself has no address there."
            raise ServiceFailed("http.url_refused", message, found=str(address))
        return allowed

    def _looked_up(self, address: Address, patience: Patience) -> list[Found]:
        """The operating system's look-up knows no time limit, so it runs in a thread that can be left behind."""
        if not self._look_ups.acquire(timeout=patience.at_most(self.connect)):
            raise TimeoutError("too many names are being looked up")
        answers: SimpleQueue[list[Found] | OSError] = SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(_addresses(address.host, address.port))
            except OSError as error:
                answers.put(error)
            finally:
                self._look_ups.release()

        Thread(target=look_up, name="lti-look-up", daemon=True).start()
        try:
            answer = answers.get(timeout=patience.at_most(self.connect))
        except Empty:
            raise TimeoutError("the name is not looked up in time") from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _opened(self, addresses: list[Found], patience: Patience) -> PatientSocket:
        failure: OSError = OSError("the name has no address")
        for family, place in addresses:
            try:
                return self._connected(family, place, patience)
            except OSError as error:
                failure = error
        raise failure

    def _connected(self, family: int, place: Place, patience: Patience) -> PatientSocket:
        opened = PatientSocket(family, socket.SOCK_STREAM)
        try:
            opened.settimeout(patience.at_most(self.connect))
            opened.connect(place)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            opened.close()
            raise
        opened.patience = patience
        return opened

    def _secured(self, opened: PatientSocket, address: Address, patience: Patience) -> PatientTlsSocket:
        try:
            opened.settimeout(patience.at_most(patience.read))  # of the whole handshake
            secured = self._tls.wrap_socket(opened, server_hostname=address.host.rstrip("."))
        except (OSError, ValueError):
            opened.close()
            raise
        assert isinstance(secured, PatientTlsSocket)
        secured.patience = patience
        return secured


def _addresses(host: str, port: int) -> list[Found]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label of more than 63 characters, say
        raise OSError(errno.EINVAL, "this is no name of a host") from error
    return [(family, place) for family, _, _, _, place in found if isinstance(place[0], str)]
