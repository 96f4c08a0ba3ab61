"""This library in Flask on each store, and how often a launch asks it. Run as a side, with a workload file.

The workload names the stores that there are, with their URLs and the ports of their servers.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import evolve

from benchmarks.counted import Counted
from benchmarks.flask_views import empty_app, flask_app
from benchmarks.lms import Platform
from benchmarks.round_trip import launch, login, round_trip, wsgi
from benchmarks.side import serve
from benchmarks.stopped_clock import StoppedClock
from benchmarks.wiring import wired
from lti_adapters.settings import Settings

LISTS = ("redis", "postgresql", "mariadb")  # where registrations and keys can stand, too


class Counting:
    """A tool on a store that is counted at. All that it can keep there is there; its deployments are "any"."""

    def __init__(self, platform: Platform, workload: dict[str, Any], name: str, url: str, port: int) -> None:
        self._platform, self._now = platform, workload["now"]
        self._counted = Counted(port)
        url = url.replace(f":{port}", f":{self._counted.port}", 1)
        pem_file, clock = workload["tool_pem_file"], StoppedClock(self._now)
        settings = wired(platform, pem_file, url).settings()
        if name in LISTS:
            settings = _listed(platform, pem_file, settings)
        self._serve = wsgi(flask_app(wired(platform, pem_file, url, settings=settings, clock=clock)))

    def trips(self) -> dict[str, float]:
        """Round trips of a login, and of a launch, in a tool that had some before."""
        self._taken(3)
        return self._taken(20)

    def _taken(self, count: int) -> dict[str, float]:
        before = self._counted.trips
        _, answers = self._serve([login()] * count)
        between = self._counted.trips
        _, launched = self._serve([launch(answer, self._platform, self._now) for answer in answers])
        assert all(status == 200 for status, _ in launched)
        return {"login": (between - before) / count, "launch": (self._counted.trips - between) / count}


def _listed(platform: Platform, pem_file: str, settings: Settings) -> Settings:
    """The same settings, once the registration stands in the store."""
    url = settings.storage.url
    lists = evolve(settings.registrations, document=None, url=url)
    there = evolve(settings, registrations=lists, tool=evolve(settings.tool, keys=url))
    (registration,) = wired(platform, pem_file, url, settings=settings).registrations().all()
    registration = evolve(registration, deployments="any", deployment_ids=())
    wired(platform, pem_file, url, settings=there).listed_registrations().add(registration)
    return there


def main(workload_file: str) -> None:
    """Serve the tasks of a workload file: what a store costs by its name, how often it is asked after `trips`."""
    workload = json.loads(Path(workload_file).read_text())
    platform, now, count = Platform(workload["platform_pem"]), workload["now"], workload["round_trips"]
    pem_file = workload["tool_pem_file"]
    apps = {"empty": empty_app()}
    for name, (url, _) in workload["stores"].items():
        apps[name] = flask_app(wired(platform, pem_file, url))

    def cost(app: Any) -> Callable[[], float]:
        return lambda: round_trip(wsgi(app), platform, now, count)

    def trips(name: str, url: str, port: int) -> Callable[[], dict[str, float]]:
        return lambda: Counting(platform, workload, name, url, port).trips()

    counted = {f"trips {name}": trips(name, url, port) for name, (url, port) in workload["stores"].items() if port}
    serve({**{name: cost(app) for name, app in apps.items()}, **counted})


if __name__ == "__main__":
    main(sys.argv[1])
