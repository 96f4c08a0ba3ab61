"""The same over real connections: how many there are, and what is known about a request that failed."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from lti_adapters.http import Urllib3Http
from lti_adapters.simulator.keys import KeyRing, PlatformKey
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest
from lti_core.services.line_items import LineItem
from lti_core.services.scores import Score
from tests.fakes import TOOL_PEM
from tests.service_client.scene import Scene, client_of, registration_of

GOOD = Score(user_id="u-learner", given=8, maximum=10)


class Serving(BaseHTTPRequestHandler):
    """The platform's services as real servers offer them: a connection serves many requests."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def answer(self) -> None:
        platform: SimulatedPlatform = self.server.platform  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = HttpRequest(method=self.command, url=platform.issuer + self.path, headers=dict(self.headers), body=body)
        reply = platform.services.respond(asked, f"{self.client_address[1]}")
        if reply.lost:
            self.close_connection = True
            return
        self.send_response(reply.response.status)
        for name, value in reply.response.headers.items():
            self.send_header(name, value)
        if reply.response.status != 204:
            self.send_header("Content-Length", f"{len(reply.response.body)}")
        self.end_headers()
        self.wfile.write(reply.response.body)

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815  # as the library calls them

    def log_message(self, *args: object) -> None:
        pass


class Hasty:
    """The real time, but nobody waits for it."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        pass


@pytest.fixture
def scene(platform_key: PlatformKey) -> Iterator[Scene]:
    """A platform that is served on loopback, and a tool that reaches it by its own Http port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    issuer = f"http://127.0.0.1:{server.server_port}"
    platform = SimulatedPlatform(issuer=issuer, keys=KeyRing([platform_key]), tool_private_key=TOOL_PEM)
    server.platform = platform  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Scene(platform, client_of(Urllib3Http(read=5), Hasty(), registration_of(platform)))
    server.shutdown()
    server.server_close()


def test_fifty_launches_need_one_token_and_few_connections(scene: Scene) -> None:
    for number in range(50):
        scene.grades().submit(Score(user_id="u-learner", given=number, maximum=50))
    assert len(scene.platform.requests.of("token")) == 1
    assert scene.platform.requests.connections <= 2
    assert scene.platform.gradebook["quiz-1"]["u-learner"].score == 49 / 5


def test_eight_threads_need_no_more_connections_than_they_are(scene: Scene) -> None:
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda _: list(scene.class_list().members()), range(80)))
    assert len(scene.platform.requests.of("token")) == 1
    assert scene.platform.requests.connections <= 8


def test_a_list_is_read_over_many_pages(scene: Scene) -> None:
    members = list(scene.class_list().members(limit=2))
    assert [member.user_id for member in members] == [person.id for person in scene.platform.members]


def test_all_that_grades_can_do_works(scene: Scene) -> None:
    grades = scene.grades()
    item = grades.find_or_create(LineItem(label="Essay", score_maximum=20, tag="essay"))
    assert grades.update(item, label="Essay 2").label == "Essay 2"
    grades.submit(GOOD, tag="essay")
    assert [result.score for result in grades.results(item)] == [16]
    grades.delete(item)
    assert [item.label for item in grades.line_items()] == ["Quiz 1"]


@pytest.mark.parametrize("kind", ["silent", "late-status"])
def test_a_score_whose_answer_was_lost_counts_once(scene: Scene, kind: str) -> None:
    scene.platform.misbehave(kind, at="POST scores", times=1)
    scene.grades().submit(GOOD)
    first = scene.platform.gradebook.history[0]
    assert first.accepted
    assert {score.sent["timestamp"] for score in scene.platform.gradebook.history} == {first.sent["timestamp"]}


def test_a_line_item_whose_answer_was_lost_is_made_once(scene: Scene) -> None:
    scene.platform.misbehave("silent", at="POST line-items", times=1)
    assert scene.grades().find_or_create(LineItem(label="Essay", score_maximum=20, tag="essay")).tag == "essay"
    assert [item.label for item in scene.platform.gradebook.line_items] == ["Quiz 1", "Essay"]


def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/"


def speechless() -> Iterator[str]:
    """One that takes requests, and ends the connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        accepted, _ = listener.accept()
        accepted.recv(65536)
        accepted.close()

    Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    listener.close()


def without_tls() -> Iterator[str]:
    """One that is asked for TLS, and knows none."""
    for url in speechless():
        yield url.replace("http:", "https:")


@pytest.mark.parametrize(("place", "not_sent"), [(nobody, True), (without_tls, True), (speechless, False)])
def test_it_is_known_whether_a_request_was_surely_not_sent(place: Callable[[], Iterator[str]], not_sent: bool) -> None:
    for url in place():
        with pytest.raises(ServiceFailed) as failure:
            Urllib3Http().send(HttpRequest(method="POST", url=url, body=b"{}", trusted_url=url))
        assert (failure.value.code, failure.value.not_sent) == ("http.unreachable", not_sent)


def test_a_name_that_nobody_has_was_surely_not_reached() -> None:
    url = "https://nobody.invalid/"
    with pytest.raises(ServiceFailed) as failure:
        Urllib3Http().send(HttpRequest(method="GET", url=url, trusted_url=url))
    assert failure.value.not_sent
