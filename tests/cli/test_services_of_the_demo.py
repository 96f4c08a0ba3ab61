"""The services of a launch, used from outside: three programs that meet over HTTP only."""

from collections.abc import Iterator
from typing import Any

import pytest
from urllib3 import PoolManager

from tests.cli.conftest import Running
from tests.cli.launching import ADDRESS, JSON, launched

JWT = "JWT"


def ask(method: str, url: str, **how: Any) -> Any:
    answer = PoolManager(retries=False).request(method, url, headers={"Accept": JSON}, timeout=30, **how)
    assert answer.status < 300, answer.data
    return answer.json()


def send(url: str, document: Any) -> Any:
    return ask("POST", url, json=document)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The addresses of the platform and the tool of a running demo."""
    running = Running(tmp_path_factory.mktemp("demo"), "demo", "--port", 0)
    try:
        yield ADDRESS.findall(running.lines_until("Open")[0])
    finally:
        running.press_ctrl_c()


def test_the_services_of_a_launch_are_used_from_outside(demo: list[str]) -> None:
    platform_url, tool_url = demo
    services = launched(platform_url, tool_url, person="teacher").json["services"]
    assert services["members"].startswith(f"{tool_url}/tool/launches/")

    assert "Σοφία Παππά" in [member["name"] for member in ask("GET", services["members"])]
    assert [group["name"] for group in ask("GET", services["groups"])] == ["North pond", "South pond", "Markers"]
    item = send(services["lineitems"], {"label": "Essay", "score_maximum": 5, "tag": "essay"})
    assert item["id"] in [one["id"] for one in ask("GET", services["lineitems"])]
    send(services["scores"], {"user_id": "u-learner", "given": 8.5, "maximum": 10, "comment": "Good pond."})
    assert [one["score"] for one in ask("GET", services["results"])] == [8.5]

    page = PoolManager().request("GET", f"{platform_url}/").data.decode()
    assert "Good pond." in page
    assert "Essay" in page


def test_picked_content_comes_back_to_the_platform(demo: list[str]) -> None:
    platform_url, tool_url = demo
    services = launched(platform_url, tool_url, person="teacher", activity="deep-linking").json["services"]
    answer = send(services["deep-link"], {"items": [{"type": "ltiResourceLink", "title": "Pond 2"}]})
    form = {JWT: answer["jwt"]}
    page = PoolManager().request("POST", answer["return_url"], fields=form, encode_multipart=False, timeout=30)
    assert "Pond 2" in page.data.decode()
