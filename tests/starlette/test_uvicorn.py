"""The reference tool under uvicorn, in processes of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM
from tests.frameworks.steps import KEY, raw

PROGRAM = """
import os, sys
from lti_adapters.cli.sockets import listen, port_of
from lti_adapters.cli.uvicorn import serve
from lti_adapters.reference_tool.starlette_app import create_app

sockets = listen("127.0.0.1", int(sys.argv[2]))
app = create_app(sys.argv[1])

async def signed(scope, receive, send):
    async def sending(message):
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"x-worker", str(os.getpid()).encode())]
        await send(message)
    await app(scope, receive, sending)

async def failing(scope, receive, send):
    await send({"type": "lifespan.startup.failed", "message": "no database"})

print(port_of(sockets), flush=True)
serve(failing if "failing" in sys.argv else signed, sockets, 2)
"""


def started(settings: Path, *more: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "WEB_CONCURRENCY": "7", "FORWARDED_ALLOW_IPS": "*"}
    command = [sys.executable, "-c", PROGRAM, str(settings), "0", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.fixture
def process(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    platform = SimulatedPlatform(keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({**platform.config, "tool": {}, "storage": {"url": "sqlite:///kept.db"}}))
    process = started(settings)
    yield process
    process.kill()
    process.communicate()


def workers(url: str, besides: str = "") -> str:
    """The process that answers; another one than `besides`, sooner or later."""
    while (answer := raw("GET", f"{url}/healthz")).headers["x-worker"] == besides:
        assert answer.json() == {"status": "ok"}
    return str(answer.headers["x-worker"])


def test_a_process_that_is_killed_is_replaced_and_ctrl_c_ends_all(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
    first = workers(url)
    second = workers(url, besides=first)
    assert str(process.pid) not in (first, second)
    os.kill(int(first), signal.SIGKILL)
    third = workers(url, besides=second)
    while third == first:  # a connection that it had accepted
        third = workers(url, besides=second)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=60)
    assert (process.returncode, *told) == (0, "", "")
    for worker in (second, third):
        with pytest.raises(ProcessLookupError):
            os.kill(int(worker), 0)


def test_what_a_proxy_says_is_not_read_whatever_the_environment_says(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
    about = raw("GET", url, headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}).data.decode()
    assert f"{url}/lti/launch" in about
    assert "evil.example" not in about


def test_an_application_that_does_not_start_ends_all(tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps(SimulatedPlatform(tool_private_key=TOOL_PEM).config))
    process = started(settings, "failing")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "ended by itself" in told
