"""One login and one launch through an application, as CPU seconds of both together.

The application is called as a server calls it. What a browser and a platform do in between is not counted.
"""

import asyncio
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.test import EnvironBuilder

from benchmarks.lms import LOGIN_FORM, Platform
from benchmarks.side import cpu_of_each, undisturbed

HOST = "tool.example.org"
BASE = f"https://{HOST}"
FORM = "application/x-www-form-urlencoded"
Posted = tuple[str, dict[str, str], str]  # path, form, cookies
Answer = tuple[int, list[tuple[str, str]]]  # status, headers with names in small letters
Serve = Callable[[Sequence[Posted]], tuple[float, list[Answer]]]  # CPU seconds of each, and all answers


def round_trip(serve: Serve, platform: Platform, now: int, count: int) -> float:
    """CPU seconds that a login and a launch take, each of `count` in a browser of its own."""
    logins, answers = serve([login()] * count)
    launches, answers = serve([launch(answer, platform, now) for answer in answers])
    assert all(status == 200 for status, _ in answers), answers[0]
    return logins + launches


def login() -> Posted:
    """What a platform makes the browser post first."""
    return "/lti/login", LOGIN_FORM, ""


def launch(answer: Answer, platform: Platform, now: int) -> Posted:
    """What the browser posts after the platform has answered that answer to a login."""
    headers = dict(answer[1])
    asked = dict(parse_qsl(urlsplit(headers["location"]).query))
    cookies = [value.partition(";")[0] for name, value in answer[1] if name == "set-cookie"]
    form = {"state": asked.get("state", "s"), "id_token": platform.token(asked.get("nonce", "n"), now)}
    return "/lti/launch", form, "; ".join(cookies)


def wsgi(app: Any) -> Serve:
    """Calls a WSGI application."""

    def serve(requests: Sequence[Posted]) -> tuple[float, list[Answer]]:
        answers: list[Answer] = []

        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            answers.append((int(status[:3]), headers))

        def answer(environ: dict[str, Any]) -> None:
            body = app(environ, start)
            for _ in body:
                pass
            if hasattr(body, "close"):
                body.close()

        spent = cpu_of_each(answer, [_environ(*posted) for posted in requests])
        return spent, [(status, [(name.lower(), value) for name, value in sent]) for status, sent in answers]

    return serve


def _environ(path: str, form: dict[str, str], cookie: str) -> dict[str, Any]:
    headers = [("Cookie", cookie)] if cookie else []
    return EnvironBuilder(path, BASE, method="POST", data=form, headers=headers).get_environ()


def asgi(app: Any) -> Serve:
    """Calls an ASGI application, each request as a task of one event loop."""
    runner = asyncio.Runner()

    async def answer_all(requests: Sequence[tuple[Any, bytes]]) -> tuple[float, list[Answer]]:
        started: list[Any] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.append(message)

        with undisturbed():
            before = process_time()
            for scope, body in requests:
                await asyncio.create_task(app(scope, _receiver(body), send))
            spent = process_time() - before
        return spent / len(requests), [(message["status"], _read(message["headers"])) for message in started]

    def serve(requests: Sequence[Posted]) -> tuple[float, list[Answer]]:
        return runner.run(answer_all([_scope(*posted) for posted in requests]))

    return serve


def _receiver(body: bytes) -> Callable[[], Any]:
    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _scope(path: str, form: dict[str, str], cookie: str) -> tuple[dict[str, Any], bytes]:
    body = urlencode(form).encode()
    headers = {"host": HOST, "content-type": FORM, "content-length": str(len(body)), "cookie": cookie}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        **{"http_version": "1.1", "method": "POST", "scheme": "https", "root_path": "", "query_string": b""},
        **{"path": path, "raw_path": path.encode(), "client": ("127.0.0.1", 1), "server": (HOST, 443), "state": {}},
        "headers": [(name.encode(), value.encode()) for name, value in headers.items() if value],
    }, body


def _read(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode().lower(), value.decode("latin-1")) for name, value in headers]
