"""PgBouncer for tests, in transaction mode: each transaction may have another of its few connections to PostgreSQL."""

import psycopg

from tests.servers.postgresql import PASSWORD, USER, PostgreSql
from tests.servers.process import ServerProcess, program

CONNECTIONS = 2  # to PostgreSQL


class PgBouncer:
    """A pooler in front of a PostgreSQL."""

    def __init__(self, behind: PostgreSql) -> None:
        pgbouncer = program("pgbouncer", "pgbouncer")
        self._behind = behind
        self.process = ServerProcess("pgbouncer", lambda port: self._command(pgbouncer, port), self._answers)
        self.process.start()

    @property
    def url(self) -> str:
        """The URL of the whole database, by way of the pooler."""
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.process.port}/postgres"

    def shown(self, setting: str) -> str:
        """A setting of PostgreSQL, as another user of the same pooler has it."""
        with self._connect(self.process.port) as stranger:
            return str(stranger.execute(f"SHOW {setting}".encode()).fetchone()[0])  # type: ignore[index]

    def _command(self, pgbouncer: str, port: int) -> list[str]:
        (self.process.folder / "users.txt").write_text(f'"{USER}" "{PASSWORD}"\n')
        (self.process.folder / "pgbouncer.ini").write_text(
            f"[databases]\npostgres = host=127.0.0.1 port={self._behind.process.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = plain\n"
            f"auth_file = users.txt\npool_mode = transaction\ndefault_pool_size = {CONNECTIONS}\n"
        )
        return [pgbouncer, "pgbouncer.ini"]

    def _answers(self, port: int) -> bool:
        self._connect(port).close()
        return True

    def _connect(self, port: int) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host="127.0.0.1", port=port, user=USER, password=PASSWORD, dbname="postgres", autocommit=True,
            prepare_threshold=None,
        )  # fmt: skip
