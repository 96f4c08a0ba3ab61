"""A tool of several processes, written for the old package: they share a Redis, by Flask-Caching."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes import TOOL_PEM
from tests.pylti1p3.another_process import NONCES, shared_tool
from tests.pylti1p3.tool import ENTRY
from tests.servers.redis import RedisServer


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    started = RedisServer()
    yield started
    started.process.close()


def another_process(task: str, *arguments: str) -> Any:
    command = [sys.executable, "-m", "tests.pylti1p3.another_process", task, *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_another_process_opens_a_launch_again_after_the_end_of_its_token(server: RedisServer) -> None:
    url = server.new_url()
    tool = shared_tool(url)
    over = int(time.time()) - 30  # clocks may differ by a minute
    launch_id = tool.launched(iat=over - 300, exp=over)["launch_id"]
    cookies = {cookie.key: cookie.value for cookie in tool.browser._cookies.values()}
    found = another_process("open_again", url, launch_id, json.dumps(cookies))["used"]
    assert (found["sub"], found["exp"]) == ("u-42", over)
    strangers = dict.fromkeys(cookies, "of-somebody-else")
    refused = another_process("open_again", url, launch_id, json.dumps(strangers))
    assert refused == {"refused": "Launch data not found"}


def test_a_nonce_is_used_by_one_of_all_processes(server: RedisServer) -> None:
    won = another_process("use_all", server.new_url())
    assert sorted(number for numbers in won for number in numbers) == list(range(NONCES))


def test_a_launch_that_another_process_used_up_is_refused(server: RedisServer) -> None:
    url = server.new_url()
    tool = shared_tool(url)
    form = tool.form(tool.login())
    assert "used" in tool.post(form)
    cookies = {cookie.key: cookie.value for cookie in tool.browser._cookies.values()}
    keys = (TOOL_PEM, json.dumps(ENTRY["key_set"]))
    again = another_process("launch_again", url, json.dumps(form), json.dumps(cookies), *keys)
    assert again["refused"].startswith("Invalid Nonce")
