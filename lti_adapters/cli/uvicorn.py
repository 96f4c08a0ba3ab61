"""uvicorn in processes of our own: its settings are given here, and none is read from files or the environment."""

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

import click
from uvicorn import Config, Server

from lti_adapters.cli.sockets import Sockets

PATIENCE = 5  # seconds for requests under way at the end
LONGEST_HEAD = 64 * 1024  # a login comes in the address, with hints of some thousand characters

_ENDING = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}
_AWAITED = {*_ENDING, signal.SIGCHLD, signal.SIGALRM}
_SETTINGS: dict[str, Any] = {
    "interface": "asgi3",
    "loop": "asyncio",
    "http": "h11",
    "ws": "none",
    "workers": 1,  # of each of our processes; unsaid, WEB_CONCURRENCY would say it
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "h11_max_incomplete_event_size": LONGEST_HEAD,
    "timeout_graceful_shutdown": PATIENCE,
    "proxy_headers": False,  # X-Forwarded-* is never read unasked; the setting tool.url says where the tool is
    "forwarded_allow_ips": "",
}


def serve(app: Any, sockets: Sockets, workers: int) -> None:
    """Serve an ASGI application with `workers` processes, until Ctrl-C. A process that is killed is replaced.

    It is the last that its process does: signals stay blocked.

    Raises:
        click.ClickException: a process ended by itself, as where the application does not start.
    """
    for reported in (signal.SIGCHLD, signal.SIGALRM):
        signal.signal(reported, lambda *_: None)  # what is ignored by default need not be kept while it is blocked
    signal.pthread_sigmask(signal.SIG_BLOCK, _AWAITED)
    children: set[int] = set()
    try:
        _keep(children, workers, lambda: _fork(app, sockets))
    finally:
        _end(children)


def _keep(children: set[int], workers: int, start: Callable[[], int]) -> None:
    """Keep so many processes running, until a signal ends it."""
    children.update(start() for _ in range(workers))
    while signal.sigwait(_AWAITED) not in _ENDING:
        ended = _ended(children)
        if any(code > 0 for code in ended):
            raise click.ClickException("The application ended by itself.")
        children.update(start() for _ in ended)


def _end(children: set[int]) -> None:
    """End them: with patience, unless a further signal asks for haste."""
    for child in children:
        os.kill(child, signal.SIGTERM)
    signal.alarm(2 * PATIENCE)
    while children and signal.sigwait(_AWAITED) == signal.SIGCHLD:
        _ended(children)
    signal.alarm(0)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _ended(children: set[int]) -> list[int]:
    """The exit codes of those that have ended, which are taken out; below zero of those that were killed."""
    codes = []
    for child in tuple(children):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            children.discard(child)
            codes.append(os.waitstatus_to_exitcode(status))
    return codes


def _fork(app: Any, sockets: Sockets) -> int:
    """Start a process that serves; its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _run(app, sockets)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)  # nothing of the parent's is for this process to end


class _Worker(Server):
    """Listens to SIGTERM alone: Ctrl-C reaches it from the terminal, too, and its parent passes it on."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._parent = os.getppid()

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Whether it is to end: also when its parent was killed, which nobody says."""
        return await super().on_tick(counter) or os.getppid() != self._parent


def _run(app: Any, sockets: Sockets) -> None:
    worker = _Worker(Config(app, **_SETTINGS))
    signal.signal(signal.SIGTERM, worker.handle_exit)  # also before uvicorn listens
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    worker.run([*sockets])
