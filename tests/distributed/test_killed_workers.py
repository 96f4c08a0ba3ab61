"""Four processes over one store, of which one after another is killed: each launch is accepted once, and not lost.

`.ci/run` does it with two hundred launches, `make test` with half of them, `make soak` (LTI_SOAK=1) with two thousand.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from lti_adapters.imported import imported
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.amounts import amount
from tests.distributed.posting import USED, Launch, Outcome, begin, insist, post_twice
from tests.distributed.served_tool import ServedTool
from tests.fakes import TOOL_PEM
from tests.frameworks.steps import JSON, KEY, code_of, raw
from tests.servers.process import Server

SOAK = bool(os.environ.get("LTI_SOAK"))
LAUNCHES, CLIENTS = (2000, 16) if SOAK else (amount(200, here=100), 4)
WORKERS = 4
KILL_EVERY = 50  # launches; and every second
SERVERS: dict[str, Callable[[], Server]] = {
    "redis": imported("tests.servers.redis:RedisServer"),
    "postgresql": imported("tests.servers.postgresql:PostgreSql"),
}
CROSSED = [("flask", "postgresql"), ("starlette", "redis")] if SOAK else []
CASES = [("flask", "redis"), ("starlette", "postgresql"), *CROSSED]


@pytest.fixture(params=CASES, ids="-".join)
def tool(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServedTool]:
    """The reference tool on a real server: with Flask in processes of gunicorn, with Starlette in those of uvicorn."""
    framework, server_name = request.param
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({**platform_of().config, "tool": {}}))
    with ExitStack() as closing:
        server = SERVERS[server_name]()
        closing.callback(server.process.close)
        how = ("--config", settings, "--storage", server.new_url(), "--framework", framework)
        tool = ServedTool(tmp_path, *how, workers=WORKERS)
        closing.callback(tool.close)
        yield tool


def platform_of(tool_url: str = "https://localhost") -> SimulatedPlatform:
    """The platform that the tool has its registration of, wherever the tool is."""
    return SimulatedPlatform(tool_url=tool_url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)


def while_killing(tool: ServedTool, platform: SimulatedPlatform, launches: Sequence[Launch]) -> list[Outcome]:
    """What becomes of the launches, each posted twice at once, while one process after another is killed."""
    over, numbers = Event(), count(1)

    def kill_every_second() -> None:
        while not over.wait(1.0):
            tool.kill_one()

    def launch_some(mine: Sequence[Launch]) -> list[Outcome]:
        outcomes = []
        with ThreadPoolExecutor(2) as pair:
            for launch in mine:
                if next(numbers) % KILL_EVERY == 0:
                    tool.kill_one()
                outcomes.append(post_twice(platform, launch, pair))
        return outcomes

    killer = Thread(target=kill_every_second)
    killer.start()
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            shares = clients.map(launch_some, (launches[first::CLIENTS] for first in range(CLIENTS)))
            return [outcome for share in shares for outcome in share]
    finally:
        over.set()
        killer.join()


def claims_of(tool: ServedTool, launch_id: str) -> object:
    """What the tool remembers of a launch, whichever of its processes is asked."""
    return raw("GET", f"{tool.url}/tool/launches/{launch_id}", headers={"Accept": JSON}).json()["claims"]


@pytest.mark.timeout(900)  # two thousand launches on a busy machine
def test_each_launch_is_accepted_once_while_workers_are_killed(
    tool: ServedTool, record_property: Callable[[str, object], None]
) -> None:
    platform = platform_of(tool.url)
    with ThreadPoolExecutor(CLIENTS) as clients:
        launches = list(clients.map(lambda _: begin(platform), range(LAUNCHES)))
        outcomes = while_killing(tool, platform, launches)
        replays = [page for page, _ in clients.map(lambda launch: insist(platform, launch), launches)]
        accepted = [document for outcome in outcomes for document in outcome.accepted]
        remembered = list(clients.map(lambda document: claims_of(tool, document["launch_id"]), accepted))
    lost = [outcome for outcome in outcomes if not outcome.accepted]
    figures = {"killed": len(tool.killed), "unanswered": sum(one.unanswered for one in outcomes), "lost": len(lost)}
    for name, figure in figures.items():
        record_property(name, figure)

    assert len(tool.killed) >= LAUNCHES // KILL_EVERY
    assert [outcome for outcome in outcomes if len(outcome.accepted) > 1] == []
    assert all(outcome.unanswered for outcome in lost)
    assert {refusal for outcome in outcomes for refusal in outcome.refusals} == {(400, USED)}
    assert {(page.status, code_of(page)) for page in replays} == {(400, USED)}
    assert len({document["launch_id"] for document in accepted}) == LAUNCHES - len(lost)
    claims = [outcome.launch.claims for outcome in outcomes if outcome.accepted]
    assert [document["claims"] for document in accepted] == claims
    assert remembered == claims
    tool.wait_for_workers()
    assert tool.end() == 0
