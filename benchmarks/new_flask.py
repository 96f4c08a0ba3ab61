"""This library in Flask, on memory and on SQLite. Run as a side, with a workload file."""

import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

from dependency_injector.providers import Object
from flask import Flask

from benchmarks.flask_views import empty_app
from benchmarks.lms import KEY_SET_URL, LAUNCH_URL, LOGIN_FORM, Platform
from benchmarks.round_trip import round_trip
from benchmarks.side import serve
from lti_adapters.container import LtiContainer
from lti_adapters.flask import Lti
from lti_adapters.settings import read_settings
from lti_core.ports import HttpRequest, HttpResponse


class CountingHttp:
    """Answers with the platform's key set, and counts how often it was asked."""

    def __init__(self, platform: Platform) -> None:
        self.asked, self._body = 0, json.dumps(platform.key_set).encode()

    def send(self, request: HttpRequest) -> HttpResponse:
        assert request.url == KEY_SET_URL
        self.asked += 1
        return HttpResponse(status=200, body=self._body)


class Tool:
    """An application with the Flask adapter."""

    def __init__(self, platform: Platform, tool_pem_file: str, storage: str) -> None:
        settings = {
            "registrations": {"document": platform.registrations(tool_pem_file, inline=False)},
            "storage": {"url": storage},
        }
        self.http = CountingHttp(platform)
        self.container = LtiContainer(settings=Object(read_settings(settings)), http=Object(self.http))
        self.app = Flask("new")
        lti = Lti(self.app, container=self.container)
        lti.resource_link(lambda launch: "ok")


def _resident() -> int:
    """KiB of memory that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _logins(tool: Tool, count: int) -> dict[str, int]:
    """Log in `count` times; what is left of it."""
    made = tool.container.tool()
    fields = list(LOGIN_FORM.items())

    def log_in(times: int) -> None:
        for _ in range(times):
            made.login(fields, launch_url=LAUNCH_URL)

    log_in(2000)
    before = _resident()
    log_in(count)
    return {"before": before, "after": _resident()}


def main(workload_file: str) -> None:
    """Serve the tasks of a workload file."""
    workload = json.loads(Path(workload_file).read_text())
    platform, now, count = Platform(workload["platform_pem"]), workload["now"], workload["round_trips"]
    with tempfile.TemporaryDirectory() as folder:
        memory = Tool(platform, workload["tool_pem_file"], "memory://")
        sqlite = Tool(platform, workload["tool_pem_file"], f"sqlite:///{folder}/kept.db")
        empty = empty_app()

        def warm_requests() -> int:
            round_trip(memory.app, platform, now, 1)
            before = memory.http.asked
            round_trip(memory.app, platform, now, 20)
            return memory.http.asked - before

        def logins() -> Any:
            file = Path(folder, "kept.db")
            size = file.stat().st_size
            return {**_logins(sqlite, workload["logins"]), "grown": file.stat().st_size - size}

        serve(
            {
                "empty": lambda: round_trip(empty, platform, now, count),
                "memory": lambda: round_trip(memory.app, platform, now, count),
                "sqlite": lambda: round_trip(sqlite.app, platform, now, count),
                "warm requests": warm_requests,
                "logins": logins,
            }
        )


if __name__ == "__main__":
    main(sys.argv[1])
