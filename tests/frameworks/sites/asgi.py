"""ASGI applications: calling one as a server does, and serving one in this process."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from uvicorn import Config, Server

from tests.frameworks.sites.site import Answered, Request

_PIECE = 16 * 1024


def answered(application: Any, request: Request) -> Answered:
    """What the application answers that request."""
    return asyncio.run(_answered(application, request))


async def _answered(application: Any, request: Request) -> Answered:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        **{"http_version": "1.1", "method": request.method, "scheme": "https", "root_path": ""},
        **{"path": request.path, "raw_path": request.path.encode(), "query_string": request.query},
        "headers": [(name.encode(), text.encode("latin-1")) for name, text in request.headers.items()],
        **{"client": ("127.0.0.1", 1), "server": ("localhost", 443), "state": {}},
    }
    sent: list[Any] = []

    async def receive() -> Any:
        piece = request.body.read(_PIECE)
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    async def send(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, send)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], headers)


class _Served:
    """A server that stays: to start and to stop one takes longer than most tests. Tests put their applications in."""

    def __init__(self) -> None:
        self.app: Any = None
        listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        plain = {"interface": "asgi3", "loop": "asyncio", "http": "h11", "lifespan": "off", "proxy_headers": False}
        config = Config(self._answer, log_config=None, access_log=False, **plain)
        Thread(target=Server(config).run, args=([listening],), daemon=True).start()

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


_idle: list[_Served] = []


@contextmanager
def serving(make: Callable[[str], Any]) -> Iterator[str]:
    """Serve what `make` makes of the address that it is served at."""
    server = _idle.pop() if _idle else _Served()
    server.app = make(server.url)
    try:
        yield server.url
    finally:
        server.app = None
        _idle.append(server)


def proxied(app: Any) -> Any:
    """Behind one proxy that says in X-Forwarded-Proto and -Host what it was asked for."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        scope["scheme"] = headers[b"x-forwarded-proto"].decode()
        scope["headers"] = list({**headers, b"host": headers[b"x-forwarded-host"]}.items())
        await app(scope, receive, send)

    return answer
