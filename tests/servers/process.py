"""A real server program on a free loopback port, in a folder of its own; ended by its id, and started again."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from glob import glob
from pathlib import Path
from random import randrange
from typing import NoReturn, Protocol

import pytest

PATIENCE = 60.0  # seconds for a start on a busy machine
PORTS = 5  # one that was free may be taken a moment later


class Server(Protocol):
    """A store's server, as the contract suites need it."""

    @property
    def process(self) -> "ServerProcess":
        """To be stopped, started, frozen, and closed at last."""

    def new_url(self) -> str:
        """The storage URL of a place in it that is still empty."""


def program(name: str, package: str, folders: Iterable[str] = ()) -> str:
    """The path of a server program. A test that needs one that is missing is left out; in CI it fails.

    Args:
        package: the Debian package that has it.
        folders: patterns of folders outside of PATH, looked at first.
    """
    inside = [path for folder in folders for path in sorted(glob(f"{folder}/{name}"))]
    found = inside[-1] if inside else shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        left_out(f"{name} is missing: install Debian's package {package}")
    return found


def left_out(message: str) -> NoReturn:
    """What a test needs is missing: it says so, and is left out; in CI it fails."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(f"left out: {message}")


class ServerProcess:
    """One server program. As root it runs as `nobody`, since PostgreSQL and MariaDB refuse to be root.

    Attributes:
        folder: its own, to be removed by `close`; its user may write there.
        port: on 127.0.0.1, the same for each start.

    Args:
        name: of the server, for the folder and for messages.
        command: what to run, given the port.
        answers: whether the server at that port is ready; False, or any exception, when it is not yet.
        ending: the signal that ends it at once and cleanly.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[int], Sequence[str]],
        answers: Callable[[int], object],
        ending: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix=f"lti-{name}-"))
        self.port = 0
        self._command, self._answers, self._ending = command, answers, ending
        self._process: subprocess.Popen[bytes] | None = None
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)

    def run(self, command: Sequence[str]) -> None:
        """Run a program to its end as the server's user, as one that prepares the folder."""
        self._checked(subprocess.run(command, **self._surroundings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT))

    def start(self) -> None:
        """Start the server, on the same port as before, and wait until it answers. Nothing happens when it runs."""
        if self._process is not None:
            self.thaw()
            return
        for _ in range(PORTS):
            port = self.port or free_port()
            with open(self.folder / "output.log", "ab") as output:
                self._process = subprocess.Popen(
                    self._command(port),
                    **self._surroundings(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # away from the Ctrl-C of who runs the tests
                )
            if self._is_ready(port):
                self.port = port
                return
            self.stop()
        pytest.fail(f"{self.name} does not start:\n{self._output()}")

    def stop(self) -> None:
        """End the server, and wait for its end. Nothing happens when it does not run."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            self._signal_all(signal.SIGCONT)
            process.send_signal(self._ending)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)
        self._process = None

    def freeze(self) -> None:
        """Stop the server and its children without ending them: connections stand, and nothing is answered."""
        self._signal_all(signal.SIGSTOP)
        deadline = time.monotonic() + PATIENCE
        while not all(map(is_stopped, self._all())):  # a thread of it may still be answering
            assert time.monotonic() < deadline, "the server does not stand still"
            time.sleep(0.01)

    def thaw(self) -> None:
        """Let the server go on after `freeze`."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        for pid in self._all():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _all(self) -> tuple[int, ...]:
        """PostgreSQL's children are each a group of their own."""
        assert self._process is not None
        return (self._process.pid, *children(self._process.pid))

    def close(self) -> None:
        """End the server, and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder)

    def _surroundings(self) -> dict[str, object]:
        as_nobody: dict[str, object] = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        return {"cwd": self.folder, "env": {**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}, **as_nobody}

    def _is_ready(self, port: int) -> bool:
        """True when it answers; False when it ended, as it does when another program took the port."""
        assert self._process is not None
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self._process.poll() is None:
            with suppress(Exception):  # each driver has its own
                if self._answers(port):
                    return True
            time.sleep(0.02)
        return False

    def _output(self) -> str:
        return (self.folder / "output.log").read_text(errors="replace")[-4000:]

    def _checked(self, done: "subprocess.CompletedProcess[bytes]") -> None:
        if done.returncode != 0:
            pytest.fail(f"{self.name}: {done.args[0]} failed:\n{done.stdout.decode(errors='replace')[-4000:]}")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now, below those that systems give to outgoing connections."""
    while True:
        port = randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def children(pid: int) -> list[int]:
    """The processes that this one started, on Linux."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            _, parent, *_ = path.read_text().rpartition(")")[2].split()
            if int(parent) == pid:
                found.append(int(path.parent.name))
    return found


def is_stopped(pid: int) -> bool:
    """Whether no thread of that process runs, on Linux."""
    states = set()
    for path in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(OSError):  # it ended meanwhile
            states.add(path.read_text().rpartition(")")[2].split()[0])
    return states <= {"T", "Z", "X"}
