"""`lti demo`, `lti tool` and `lti platform`: real processes that answer, and that end cleanly."""

import json
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from tests.cli.launching import ADDRESS, launched
from tests.fakes import TOOL_PEM
from tests.servers.process import free_port

JSON = "application/json"


def get(url: str) -> tuple[int, Any]:
    answer = PoolManager(retries=False).request("GET", url, headers={"Accept": JSON}, timeout=20)
    return answer.status, answer.json()


def refuses(url: str) -> bool:
    try:
        get(url)
    except HTTPError:
        return True
    return False


def addresses_of_localhost(url: str) -> list[str]:
    """The tool's address with each number that this machine knows localhost by, and listens at."""
    port = url.rpartition(":")[2]
    found = socket.getaddrinfo("localhost", int(port), type=socket.SOCK_STREAM)
    hosts = {f"[{address[0]}]" if family == socket.AF_INET6 else str(address[0]) for family, _, _, _, address in found}
    return [f"http://{host}:{port}" for host in sorted(hosts) if is_ours(host)]


def is_ours(host: str) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.bind((host.strip("[]"), 0))
    except OSError:
        return False
    return True


def registrations(platform_url: str = "https://lms.example") -> dict[str, Any]:
    return {
        platform_url: {
            "client_id": "tool-1",
            "auth_login_url": f"{platform_url}/auth",
            "auth_token_url": f"{platform_url}/token",
            "key_set_url": f"{platform_url}/jwks",
            "deployment_ids": ["deployment-1"],
            "private_key_file": "private.pem",
        }
    }


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "private.pem").write_text(TOOL_PEM)
    (tmp_path / "tool.json").write_text(json.dumps(registrations()))
    return tmp_path / "tool.json"


@pytest.fixture
def taken() -> Any:
    """A port that another program listens at, on every address of localhost."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture
def neighbours() -> Any:
    """A free port, and the next one, which another program listens at."""
    while True:
        port = free_port()
        with suppress(OSError), socket.create_server(("127.0.0.1", port + 1)):
            yield port, port + 1
            return


def assert_served(url: str) -> None:
    for address in addresses_of_localhost(url):
        assert get(f"{address}/healthz") == (200, {"status": "ok"})
    assert get(f"{url}/lti/jwks")[1]["keys"]


def assert_ends_cleanly(program: Any, url: str) -> None:
    """At Ctrl-C, with all its processes."""
    status, _, errors = program.press_ctrl_c()
    assert (status, errors) == (0, "")
    assert not program.processes_left()
    assert refuses(f"{url}/healthz")


def test_the_demo_launches_and_ends_cleanly(start: Callable[..., Any]) -> None:
    demo = start("demo", "--port", 0)
    (line, *_) = demo.lines_until("Open")
    platform_url, tool_url = ADDRESS.findall(line)
    assert platform_url.startswith("http://127.0.0.1:")
    assert get(f"{platform_url}/healthz") == (200, {"status": "ok"})
    for address in addresses_of_localhost(tool_url):
        assert get(f"{address}/healthz") == (200, {"status": "ok"})

    page = launched(platform_url, tool_url)
    document = json.loads(page.text)
    assert (page.status, document["message_type"]) == (200, "LtiResourceLinkRequest")
    status, again = get(f"{tool_url}/tool/launches/{document['launch_id']}")
    assert (status, again["claims"]) == (200, document["claims"])

    assert_ends_cleanly(demo, platform_url)
    assert refuses(f"{tool_url}/healthz")


def test_the_demo_takes_the_next_free_port_for_the_tool(start: Callable[..., Any], neighbours: tuple[int, int]) -> None:
    free, taken = neighbours
    demo = start("demo", "--port", free)
    platform_url, tool_url = ADDRESS.findall(demo.lines_until("Open")[0])
    assert platform_url == f"http://127.0.0.1:{free}"
    assert int(tool_url.rpartition(":")[2]) > taken
    assert get(f"{tool_url}/healthz")[0] == 200


@pytest.mark.parametrize("framework", ["flask", "django", "starlette"])
def test_the_tool_is_served_and_ends_cleanly(start: Callable[..., Any], config: Path, framework: str) -> None:
    tool = start("tool", "--config", config, "--port", 0, "--framework", framework)
    (url,) = ADDRESS.findall(tool.lines_until("Tool")[0])
    assert_served(url)
    assert_ends_cleanly(tool, url)


@pytest.mark.parametrize("framework", ["flask", "starlette"])
def test_ctrl_c_ends_workers_that_are_just_given_requests(
    start: Callable[..., Any], config: Path, framework: str
) -> None:
    tool = start(
        *("tool", "--config", config, "--port", 0, "--framework", framework),
        *("--workers", 2, "--storage", "sqlite:///kept.db"),
    )
    (url,) = ADDRESS.findall(tool.lines_until("Tool")[0])
    address, enough = ("127.0.0.1", int(url.rpartition(":")[2])), threading.Semaphore(0)

    def ask_until_it_ends() -> None:
        with suppress(OSError):
            while True:
                with socket.create_connection(address, timeout=20) as asked:
                    asked.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                    asked.recv(1000)
                enough.release()

    asking = [threading.Thread(target=ask_until_it_ends) for _ in range(4)]
    for one in asking:
        one.start()
    for _ in range(100):
        assert enough.acquire(timeout=60)
    status, _, errors = tool.press_ctrl_c()
    assert (status, errors) == (0, "")
    for one in asking:
        one.join()


def test_the_tool_ends_cleanly_when_it_is_terminated(start: Callable[..., Any], config: Path) -> None:
    tool = start("tool", "--config", config, "--port", 0)
    (url,) = ADDRESS.findall(tool.lines_until("Tool")[0])
    assert get(f"{url}/healthz")[0] == 200
    tool.process.send_signal(signal.SIGTERM)
    assert tool.ended()[0] == 0
    assert not tool.processes_left()


def test_the_tool_says_which_address_is_set(start: Callable[..., Any], tmp_path: Path, config: Path) -> None:
    (tmp_path / "settings.toml").write_text('registrations.file = "tool.json"\ntool.url = "https://tool.example"\n')
    tool = start("tool", "--config", "settings.toml", "--port", 0)
    assert "https://tool.example/" in tool.lines_until("Tool")[0]


@pytest.mark.parametrize("framework", ["flask", "django", "starlette"])
def test_the_platform_launches_a_tool_of_two_processes_that_has_its_registration(
    start: Callable[..., Any], tmp_path: Path, framework: str
) -> None:
    """As the help says: the platform prints its registration, and the tool is given it."""
    (tmp_path / "private.pem").write_text(TOOL_PEM)
    port = free_port()
    platform = start("platform", "--port", 0, "--tool", f"http://localhost:{port}")
    printed = platform.lines_until("Ctrl-C")
    (platform_url, *_) = ADDRESS.findall(printed[0])
    assert get(f"{platform_url}/healthz") == (200, {"status": "ok"})
    text = "".join(printed)
    document = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert "PRIVATE" not in text
    (tmp_path / "tool.json").write_text(json.dumps(document))

    how = ("--framework", framework, "--workers", 2, "--storage", "sqlite:///kept.db")
    tool = start("tool", "--config", "tool.json", "--port", port, *how)
    (url,) = ADDRESS.findall(tool.lines_until("Tool")[0])
    assert_served(url)
    page = launched(platform_url, url)
    assert (page.status, json.loads(page.text)["message_type"]) == (200, "LtiResourceLinkRequest")
    assert_ends_cleanly(tool, url)
    assert_ends_cleanly(platform, platform_url)


@pytest.mark.parametrize("command", ["demo", "tool", "platform"])
def test_a_port_in_use_is_one_sentence(run: Callable[..., Result], config: Path, taken: int, command: str) -> None:
    more = {"demo": [], "tool": ["--config", config], "platform": ["--tool", "http://localhost:1"]}[command]
    result = run(command, "--port", taken, *more)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: Port {taken} is in use by another program: choose another one with --port.\n"


def test_forwarded_headers_are_not_believed(start: Callable[..., Any], config: Path) -> None:
    tool = start("tool", "--config", config, "--port", 0)
    (url,) = ADDRESS.findall(tool.lines_until("Tool")[0])
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    answer = PoolManager().request("GET", f"{url}/", headers=headers, timeout=20)
    text = answer.data.decode()
    assert f"{url}/lti/launch" in text
    assert "evil" not in text
