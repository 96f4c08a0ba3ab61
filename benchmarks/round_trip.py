"""One login and one launch through a Flask application, as CPU seconds of both together.

The application is called as a server calls it. What a browser and a platform do in between is not counted.
"""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.test import EnvironBuilder

from benchmarks.lms import LOGIN_FORM, Platform
from benchmarks.side import cpu_of_each

BASE = "https://tool.example.org"
Answer = tuple[str, list[tuple[str, str]]]


def round_trip(app: Any, platform: Platform, now: int, count: int) -> float:
    """CPU seconds that a login and a launch take in `app`, each of `count` in a browser of its own."""
    answers: list[Answer] = []

    def serve(environ: dict[str, Any]) -> None:
        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            answers.append((status, headers))

        body = app(environ, start)
        for _ in body:
            pass
        if hasattr(body, "close"):
            body.close()

    logins = cpu_of_each(serve, [_posted("/lti/login", LOGIN_FORM, "") for _ in range(count)])
    launches = [_launch(answer, platform, now) for answer in answers]
    answers.clear()
    taken = logins + cpu_of_each(serve, launches)
    assert all(status.startswith("200") for status, _ in answers), answers[0]
    return taken


def _launch(login: Answer, platform: Platform, now: int) -> dict[str, Any]:
    """What the browser posts after the platform has answered."""
    headers = dict(login[1])
    asked = dict(parse_qsl(urlsplit(headers["Location"]).query))
    cookies = [value.partition(";")[0] for name, value in login[1] if name == "Set-Cookie"]
    form = {"state": asked.get("state", "s"), "id_token": platform.token(asked.get("nonce", "n"), now)}
    return _posted("/lti/launch", form, "; ".join(cookies))


def _posted(path: str, form: dict[str, str], cookie: str) -> dict[str, Any]:
    headers = {"Cookie": cookie} if cookie else {}
    return EnvironBuilder(path, BASE, method="POST", data=form, headers=headers).get_environ()
