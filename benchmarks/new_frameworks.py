"""This library in each framework, and each framework with empty views. Run as a side, with a workload."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import django_views, flask_views, starlette_views
from benchmarks.lms import Platform
from benchmarks.round_trip import Serve, asgi, round_trip, wsgi
from benchmarks.side import serve
from benchmarks.wiring import wired

Apps = tuple[Callable[[Any], Serve], Any, Callable[[Any], Any]]  # what calls them, the empty one, what makes ours

FRAMEWORKS: dict[str, Apps] = {
    "flask": (wsgi, flask_views.empty_app, flask_views.flask_app),
    "django": (wsgi, django_views.empty_app, django_views.django_app),
    "starlette": (asgi, starlette_views.empty_starlette, starlette_views.starlette_app),
    "fastapi": (asgi, starlette_views.empty_fastapi, starlette_views.fastapi_app),
}


def main(workload_file: str) -> None:
    """Serve the tasks of a workload file: a framework's name; with `empty` before it, or `on sqlite` after it."""
    workload = json.loads(Path(workload_file).read_text())
    platform, now, count = Platform(workload["platform_pem"]), workload["now"], workload["round_trips"]
    apps: dict[str, Serve] = {}
    for name, (caller, empty, ours) in FRAMEWORKS.items():
        apps[f"empty {name}"] = caller(empty())
        stores = {name: "memory://", f"{name} on sqlite": f"sqlite:///{Path(workload_file).parent / name}.db"}
        for task_name, url in stores.items():
            apps[task_name] = caller(ours(wired(platform, workload["tool_pem_file"], url)))

    def task(app: Serve) -> Callable[[], float]:
        return lambda: round_trip(app, platform, now, count)

    serve({name: task(app) for name, app in apps.items()})


if __name__ == "__main__":
    main(sys.argv[1])
