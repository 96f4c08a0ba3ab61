"""Serving a WSGI application in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import make_server

from lti_adapters.cli.serving import Quiet


@contextmanager
def serving(make: Callable[[str], Any]) -> Iterator[str]:
    """Serve what `make` makes of the address that it is served at."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    server.app = make(url)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)  # seconds between looks at shutdown
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
