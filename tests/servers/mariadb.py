"""MariaDB for tests, with no wait for the disk."""

from itertools import count

import pymysql
from pymysql.cursors import Cursor

from tests.servers.process import ServerProcess, program

USER, PASSWORD = "tool", "pa55word"
NO_TLS = "ssl_disabled=true"  # to get ready for it takes a tenth of a second for each connection
OPTIONS = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=32M",
    "--innodb-fast-shutdown=2",
    "--debug-no-sync",
    "--innodb-file-per-table=0",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--performance-schema=OFF",
    "--max-connections=300",
)


class MariaDb:
    """A server with one user, and as many databases as tests want."""

    def __init__(self) -> None:
        install, server = (program(name, "mariadb-server") for name in ("mariadb-install-db", "mariadbd"))
        self.process = ServerProcess("mariadb", lambda port: self._command(server, port), self._answers)
        self._data = self.process.folder / "data"
        self._numbers = count(1)
        self.process.run([install, "--no-defaults", f"--datadir={self._data}", "--skip-test-db", "--skip-name-resolve",
                          "--auth-root-authentication-method=normal", "--innodb-flush-method=nosync"])  # fmt: skip
        self.process.start()

    def _command(self, server: str, port: int) -> list[str]:
        first = self.process.folder / "first.sql"
        first.write_text(
            f"CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
            f"GRANT ALL ON *.* TO '{USER}'@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        return [server, "--no-defaults", f"--datadir={self._data}", f"--port={port}", "--bind-address=127.0.0.1",
                f"--socket={self.process.folder}/socket", f"--pid-file={self.process.folder}/pid",
                f"--init-file={first}", *OPTIONS]  # fmt: skip

    def _answers(self, port: int) -> bool:
        self._connect(port).close()
        return True

    def _connect(self, port: int) -> "pymysql.Connection[Cursor]":
        return pymysql.connect(
            host="127.0.0.1", port=port, user=USER, password=PASSWORD, autocommit=True, ssl_disabled=True
        )

    def execute(self, statement: str) -> tuple[tuple[object, ...], ...]:
        """What a statement of the administrator results in."""
        with self._connect(self.process.port) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return tuple(cursor.fetchall())

    def new_url(self) -> str:
        """See `Server`."""
        name = f"kept_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return f"mysql://{USER}:{PASSWORD}@127.0.0.1:{self.process.port}/{name}?{NO_TLS}"
