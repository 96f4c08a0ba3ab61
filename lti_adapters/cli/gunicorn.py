"""gunicorn within our process: its settings are given here, and none is read from files or the environment."""

from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from lti_adapters.cli.sockets import Sockets

THREADS = 8  # of each worker, so that one platform that hangs does not stop the others
LONGEST_LINE = 8190  # a login comes in the address, with hints of some thousand characters

_SETTINGS = {
    "worker_class": "gthread",
    "threads": THREADS,
    "graceful_timeout": 5,
    "keepalive": 0,  # an idle connection would hold a worker up when it is to end
    "loglevel": "warning",
    "limit_request_line": LONGEST_LINE,
    "forwarded_allow_ips": "",  # X-Forwarded-* is never read unasked; the setting tool.url says where the tool is
    "control_socket_disable": True,
}


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


def serve(app: Any, sockets: Sockets, workers: int) -> None:
    """Serve a WSGI application with `workers` processes, and exit at Ctrl-C."""
    bind = [f"fd://{one.detach()}" for one in sockets]
    _Application(app, {**_SETTINGS, "bind": bind, "workers": workers}).run()
