"""PostgreSQL for tests, with no wait for the disk."""

import signal
from itertools import count

import psycopg

from tests.servers.process import ServerProcess, program

USER, PASSWORD = "tool", "pa55word"
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=1000", "log_statement=none")
FOLDERS = ("/usr/lib/postgresql/*/bin",)


class PostgreSql:
    """A server with one user and one database. Each URL has a schema of its own: a database takes long to make."""

    def __init__(self) -> None:
        initdb, postgres = (program(name, "postgresql", FOLDERS) for name in ("initdb", "postgres"))
        self.process = ServerProcess(
            "postgresql", lambda port: self._command(postgres, port), self._answers, signal.SIGINT
        )
        self._data = self.process.folder / "data"
        self._numbers = count(1)
        password = self.process.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self.process.run([initdb, "-D", str(self._data), "-U", USER, "--pwfile", str(password), "-A", "scram-sha-256",
                          "-E", "UTF8", "--no-sync"])  # fmt: skip
        self.process.start()

    @property
    def url(self) -> str:
        """The URL of the whole database."""
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.process.port}/postgres"

    def _command(self, postgres: str, port: int) -> list[str]:
        options = [word for option in OPTIONS for word in ("-c", option)]
        return [postgres, "-D", str(self._data), "-h", "127.0.0.1", "-p", str(port), "-k", "", *options]

    def _answers(self, port: int) -> bool:
        self._connect(port).close()
        return True

    def _connect(self, port: int) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host="127.0.0.1", port=port, user=USER, password=PASSWORD, dbname="postgres", autocommit=True
        )

    def execute(self, statement: str) -> None:
        """Run a statement as the administrator."""
        with self._connect(self.process.port) as connection:
            connection.execute(statement.encode())

    def new_url(self) -> str:
        """See `Server`."""
        schema = f"kept_{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {schema}")
        return f"{self.url}?options=-csearch_path%3D{schema}"
