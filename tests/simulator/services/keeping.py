"""A platform's services behind a server that keeps connections open, as platforms do; Werkzeug's closes each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.ports import HttpRequest


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: SimulatedPlatform

    def answer(self) -> None:
        request = HttpRequest(
            method=self.command,
            url=f"{self.platform.issuer}{self.path}",
            headers=dict(self.headers.items()),
            body=self.rfile.read(int(self.headers.get("content-length", "0"))),
        )
        response = self.platform.services.respond(request, f"{self.client_address}").response
        self.send_response(response.status)
        for name, value in {**response.headers, "content-length": str(len(response.body))}.items():
            if response.status != 204 or name != "content-length":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815  # as http.server calls them

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""


@contextmanager
def keeping_alive(make: Callable[..., SimulatedPlatform]) -> Iterator[SimulatedPlatform]:
    """The platform that `make` makes of its issuer, served on a free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    platform = make(issuer=f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"platform": platform})
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
