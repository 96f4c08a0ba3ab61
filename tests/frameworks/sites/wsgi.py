"""WSGI applications: calling one as a server does, and serving one in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import make_server
from werkzeug.test import EnvironBuilder, run_wsgi_app

from lti_adapters.cli.serving import Quiet
from tests.frameworks.sites.site import Answered, Request

_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def answered(application: Any, request: Request) -> Answered:
    """What the application answers that request."""
    environ = EnvironBuilder(request.path, "https://localhost", method=request.method).get_environ()
    headers = {
        _NAMES.get(name, f"HTTP_{name.upper().replace('-', '_')}"): text for name, text in request.headers.items()
    }
    more = {"QUERY_STRING": request.query.decode("latin-1"), "wsgi.input": request.body, "wsgi.input_terminated": True}
    _, status, sent = run_wsgi_app(application, {**environ, "CONTENT_LENGTH": "", **headers, **more}, buffered=True)
    return Answered(int(status.split()[0]), {name.lower(): value for name, value in sent.items()})


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
