"""One login and one launch through a Flask application, as CPU seconds of both together."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from benchmarks.lms import LOGIN_FORM, Platform
from benchmarks.side import cpu_of_each

BASE = "https://tool.example.org"


def round_trip(app: Any, platform: Platform, now: int, count: int) -> float:
    """CPU seconds that a login and a launch take in `app`, each of `count` in a browser of its own.

    What the platform does in between is not counted.
    """
    browsers = [app.test_client() for _ in range(count)]
    sent: list[dict[str, str]] = []

    def login(browser: Any) -> None:
        answer = browser.post("/lti/login", data=LOGIN_FORM, base_url=BASE)
        sent.append(dict(parse_qsl(urlsplit(answer.headers["Location"]).query)))

    def launch(ready: tuple[Any, dict[str, str]]) -> None:
        browser, form = ready
        answer = browser.post("/lti/launch", data=form, base_url=BASE)
        assert answer.status_code == 200, answer.text[:300]

    logins = cpu_of_each(login, browsers)
    forms = [
        {"state": asked.get("state", "s"), "id_token": platform.token(asked.get("nonce", "n"), now)} for asked in sent
    ]
    return logins + cpu_of_each(launch, list(zip(browsers, forms, strict=True)))
