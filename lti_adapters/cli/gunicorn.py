"""gunicorn within our process: its settings are given here, and none is read from files or the environment."""

import gc
import signal
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]

from lti_adapters.cli.sockets import Sockets

THREADS = 8  # of each worker, so that one platform that hangs does not stop the others
LONGEST_LINE = 8190  # a login comes in the address, with hints of some thousand characters

_ENDING = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}


def _listen_to_the_arbiter(worker: Any) -> None:
    """Ctrl-C reaches a worker twice, from the terminal and by its arbiter: once is enough, and a clean end.

    The arbiter passes it on as SIGQUIT, whose own handler takes the lock of the thread pool: it would wait for ever
    for the very line that it interrupts where a request is just given to that pool.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, worker.handle_exit)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


_SETTINGS = {
    "worker_class": "gthread",
    "threads": THREADS,
    "graceful_timeout": 5,
    "keepalive": 0,  # an idle connection would hold a worker up when it is to end
    "loglevel": "warning",
    "limit_request_line": LONGEST_LINE,
    "forwarded_allow_ips": "",  # X-Forwarded-* is never read unasked; the setting tool.url says where the tool is
    "control_socket_disable": True,
    "post_worker_init": _listen_to_the_arbiter,
}


class _Arbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """A signal that came to a worker before it had its own handlers would be lost, and the worker be killed late."""

    def spawn_worker(self) -> Any:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)  # the worker inherits it
        try:
            return super().spawn_worker()  # in the worker this does not return
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


class _Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, app: Any, settings: dict[str, Any]) -> None:
        self._app, self._settings = app, settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            if name in self.cfg.settings:  # older versions have no control socket
                self.cfg.set(name, value)

    def load(self) -> Any:
        return self._app

    def run(self) -> None:
        _Arbiter(self).run()


def serve(app: Any, sockets: Sockets, workers: int) -> None:
    """Serve a WSGI application with `workers` processes, and exit at Ctrl-C."""
    gc.freeze()  # what is loaded stays: workers share its memory, and need not look through it when they end
    bind = [f"fd://{one.detach()}" for one in sockets]
    _Application(app, {**_SETTINGS, "bind": bind, "workers": workers}).run()
