"""gunicorn with some workers, and clients that launch: what a launch costs the workers."""

import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

from benchmarks.lms import Platform
from benchmarks.round_trip import FORM, HOST, Answer, Posted, launch, login
from benchmarks.rounds import ROOT

CLIENTS = 4


class Workers:
    """So many processes that serve one tool at `port`."""

    def __init__(self, port: int, platform: Platform, now: int) -> None:
        self._port, self._platform, self._now = port, platform, now
        self._spent: dict[str, list[float]] = defaultdict(list)  # by process, what its answers told

    def burst(self, count: int) -> float:
        """CPU seconds of all workers for a login and a launch, of `count` from some clients at once."""
        before = {worker: max(told) for worker, told in self._spent.items()}
        with ThreadPoolExecutor(CLIENTS) as clients:
            logins = list(clients.map(self._post, [login()] * count))
            launches = [launch(answer, self._platform, self._now) for answer in logins]
            assert all(status == 200 for status, _ in clients.map(self._post, launches))
        return sum(max(told) - before.get(worker, min(told)) for worker, told in self._spent.items()) / count

    def _post(self, posted: Posted) -> Answer:
        path, form, cookie = posted
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Content-Type": FORM, "Cookie": cookie}
        connection.request("POST", path, urlencode(form), headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        sent = [(name.lower(), value) for name, value in response.getheaders()]
        self._spent[dict(sent)["x-worker"]].append(float(dict(sent)["x-spent"]))
        return response.status, sent


@contextmanager
def serving(workers: int, arguments: Sequence[str], platform: Platform, now: int) -> Iterator[Workers]:
    """gunicorn, with so many workers of eight threads each.

    Args:
        arguments: of `worker_app.create_app`.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        made = f"benchmarks.worker_app:create_app({', '.join(map(repr, arguments))})"
        options = ("--bind", f"fd://{listening.fileno()}", "--workers", str(workers), "--threads", "8")
        quiet = ("--keep-alive", "0", "--log-level", "error", "--no-control-socket")
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", made, *options, *quiet], cwd=ROOT, pass_fds=[listening.fileno()]
        )
        try:
            yield Workers(listening.getsockname()[1], platform, now)
        finally:
            process.terminate()
            process.wait()
