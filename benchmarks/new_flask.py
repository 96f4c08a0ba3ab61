"""This library in Flask, on memory and on SQLite. Run as a side, with a workload file."""

import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.flask_views import empty_app, flask_app
from benchmarks.lms import LAUNCH_URL, LOGIN_FORM, Platform
from benchmarks.round_trip import round_trip, wsgi
from benchmarks.side import serve
from benchmarks.wiring import wired


def _resident() -> int:
    """KiB of memory that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _logins(tool: Any, count: int) -> dict[str, int]:
    """Log in `count` times; what is left of it."""
    fields = list(LOGIN_FORM.items())

    def log_in(times: int) -> None:
        for _ in range(times):
            tool.login(fields, launch_url=LAUNCH_URL)

    log_in(2000)
    before = _resident()
    log_in(count)
    return {"before": before, "after": _resident()}


def main(workload_file: str) -> None:
    """Serve the tasks of a workload file."""
    workload = json.loads(Path(workload_file).read_text())
    platform, now, count = Platform(workload["platform_pem"]), workload["now"], workload["round_trips"]
    with tempfile.TemporaryDirectory() as folder:
        in_memory = wired(platform, workload["tool_pem_file"], "memory://")
        in_file = wired(platform, workload["tool_pem_file"], f"sqlite:///{folder}/kept.db")
        memory, sqlite = (wsgi(flask_app(container)) for container in (in_memory, in_file))
        empty = wsgi(empty_app())

        def warm_requests() -> int:
            round_trip(memory, platform, now, 1)
            before = in_memory.http().asked
            round_trip(memory, platform, now, 20)
            asked: int = in_memory.http().asked - before
            return asked

        def logins() -> Any:
            file = Path(folder, "kept.db")
            size = file.stat().st_size
            return {**_logins(in_file.tool(), workload["logins"]), "grown": file.stat().st_size - size}

        serve(
            {
                "empty": lambda: round_trip(empty, platform, now, count),
                "memory": lambda: round_trip(memory, platform, now, count),
                "sqlite": lambda: round_trip(sqlite, platform, now, count),
                "warm requests": warm_requests,
                "logins": logins,
            }
        )


if __name__ == "__main__":
    main(sys.argv[1])
