"""memcached for tests."""

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import count

from pymemcache.client.base import Client

from tests.servers.process import ServerProcess, left_out, program


def for_pylibmc() -> "MemcachedServer":
    """The server, where there is that driver to speak to it."""
    if find_spec("pylibmc") is None:
        left_out("pylibmc is missing: it is installed on Linux only, with Python 3.11")
    return MemcachedServer()


class MemcachedServer:
    """Each URL is a name of its own in it. What it keeps ends with it.

    Args:
        options: of `memcached`, beside those of every test.
    """

    def __init__(self, options: Sequence[str] = ()) -> None:
        memcached = program("memcached", "memcached")
        self.process = ServerProcess(
            "memcached",
            lambda port: [memcached, "-l", "127.0.0.1", "-p", str(port), "-U", "0", *options],
            self._answers,
        )
        self._numbers = count(1)
        self.process.start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.process.port}"

    def client(self) -> Client:
        """A client of the administrator."""
        return Client(self.address, timeout=2, connect_timeout=2, default_noreply=False)

    def _answers(self, port: int) -> bool:
        client = Client(("127.0.0.1", port), timeout=2, connect_timeout=2)
        try:
            return bool(client.version())
        finally:
            client.close()

    def new_url(self) -> str:
        """See `Server`."""
        return f"memcached://{self.address}/{next(self._numbers)}"
