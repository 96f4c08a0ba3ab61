"""Serving for a demonstration: several applications in one process, a thread for each request."""

from collections.abc import Sequence
from threading import Thread
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from lti_adapters.cli.sockets import Sockets


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def serve(*served: tuple[Any, Sockets]) -> None:
    """Serve each WSGI application at its sockets, until Ctrl-C."""
    *others, last = [_server(app, one) for app, sockets in served for one in sockets]
    threads = [Thread(target=server.serve_forever, daemon=True) for server in others]
    for thread in threads:
        thread.start()
    last.serve_forever()  # returns at Ctrl-C
    _shut(others, threads)


def _server(app: Any, listening: Any) -> BaseWSGIServer:
    host, port, *_ = listening.getsockname()
    server = make_server(host, port, app, threaded=True, request_handler=Quiet, fd=listening.fileno())
    listening.close()  # the server has a copy
    return server


def _shut(servers: Sequence[BaseWSGIServer], threads: Sequence[Thread]) -> None:
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        thread.join()
