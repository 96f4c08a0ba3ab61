"""Redis for tests, with a password, and with its append-only file so that it keeps what it had when it starts again."""

from collections.abc import Sequence
from itertools import count

from redis import Redis

from tests.servers.process import ServerProcess, program

PASSWORD = "pa55word"
DATABASES = 10_000


class RedisServer:
    """Each URL is a database of its own.

    Args:
        options: of `redis-server`, beside those of every test.
    """

    def __init__(self, options: Sequence[str] = ()) -> None:
        redis = program("redis-server", "redis-server")
        self._options = [redis, *options]
        self.process = ServerProcess("redis", self._command, self._answers)
        self._numbers = count(1)
        self.process.start()

    @property
    def address(self) -> str:
        """Its URL, without a database."""
        return f"redis://:{PASSWORD}@127.0.0.1:{self.process.port}"

    def client(self, database: int = 0) -> Redis:
        """A client of the administrator."""
        return self._client(self.process.port, database)

    def _client(self, port: int, database: int = 0) -> Redis:
        return Redis(host="127.0.0.1", port=port, password=PASSWORD, db=database, protocol=2)

    def _command(self, port: int) -> list[str]:
        redis, *options = self._options
        return [redis, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(self.process.folder), "--save", "",
                "--requirepass", PASSWORD, "--appendonly", "yes", "--databases", str(DATABASES), *options]  # fmt: skip

    def _answers(self, port: int) -> bool:
        """Also what it kept: while it reads that, it tells of itself and refuses everything else."""
        with self._client(port) as client:
            told, ours = client.info(), client.config_get("dir") == {"dir": str(self.process.folder)}
            return told["tcp_port"] == port and not told["loading"] and ours

    def new_url(self) -> str:
        """See `Server`."""
        return f"{self.address}/{next(self._numbers)}"
