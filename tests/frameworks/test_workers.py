"""Four processes that serve one tool over one SQLite file: what one has seen, all know."""

import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from lti_adapters.simulator.clients import HttpClient, Page
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM
from tests.frameworks.steps import KEY, begun, code_of, post
from tests.frameworks.worker_tool import READY

ROOT = Path(__file__).parents[2]
WORKERS, AT_ONCE, TIMES = 4, 16, 50


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedPlatform]:
    """A platform whose tool gunicorn serves."""
    folder = tmp_path_factory.mktemp("tool")
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        platform = SimulatedPlatform(tool_url=url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
        settings = folder / "settings.json"
        settings.write_text(json.dumps({**platform.config, "storage": {"url": "sqlite:///kept.db"}}))
        command = (
            *(sys.executable, "-m", "gunicorn", f"tests.frameworks.worker_tool:create_app({str(settings)!r})"),
            *("--bind", f"fd://{listening.fileno()}", "--workers", str(WORKERS), "--worker-tmp-dir", str(folder)),
        )
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[listening.fileno()], stderr=subprocess.PIPE, text=True)
        try:
            _wait_for_workers(process)
            yield platform
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _wait_for_workers(process: "subprocess.Popen[str]") -> None:
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line  # two may write to one line
        if said.count(READY) == WORKERS:
            return
    raise AssertionError(f"gunicorn ended: {said}")


def same_browser(browser: HttpClient) -> HttpClient:
    """Another connection of the same browser."""
    other = browser.fresh()
    other.cookies = dict(browser.cookies)
    return other


def test_of_one_launch_posted_fifty_times_at_once_one_is_accepted(served: SimulatedPlatform) -> None:
    browser = HttpClient(served.tool_url)
    fields = begun(served, browser)
    together = Barrier(AT_ONCE, timeout=60)

    def send(number: int) -> Page:
        if number < AT_ONCE:
            together.wait()
        return post(served, same_browser(browser), fields)

    with ThreadPoolExecutor(AT_ONCE) as people:
        pages = list(people.map(send, range(TIMES)))
    assert Counter(page.status for page in pages) == {200: 1, 400: TIMES - 1}
    assert {code_of(page) for page in pages if page.status == 400} == {"launch.nonce_used"}
    assert len({page.headers["x-worker"] for page in pages}) > 1


def test_honest_launches_at_once_are_all_accepted_once(served: SimulatedPlatform) -> None:
    def launch(_: int) -> tuple[int, str]:
        browser = HttpClient(served.tool_url)
        fields = begun(served, browser)
        return post(served, browser, fields).status, code_of(post(served, browser, fields))

    with ThreadPoolExecutor(AT_ONCE) as people:
        assert set(people.map(launch, range(TIMES))) == {(200, "launch.nonce_used")}
