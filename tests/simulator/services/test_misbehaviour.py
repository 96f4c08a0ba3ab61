"""Every misbehaviour, in the same process: what the tool's Http port meets."""

import pytest
from attrs import evolve

from lti_adapters.simulator.services.log import Exchange, RequestLog
from lti_adapters.simulator.services.misbehaviour import KINDS
from lti_core.errors import ConfigurationError, ServiceFailed
from tests.simulator.services.asking import Asking, read
from tests.simulator.services.test_members import HERE, ids, next_of


def failure(act):
    with pytest.raises(ServiceFailed) as failed:
        act()
    return failed.value


@pytest.mark.parametrize("status", [401, 403, 500, 502, 503])
def test_a_status_is_answered_before_anything_is_done(platform, asking, status):
    platform.misbehave("status", at="scores", status=status)
    assert asking.score().status == status
    assert platform.gradebook["quiz-1"] == {}
    assert asking.get("members", asking.members_url).status == 200


def test_a_late_status_hides_that_it_was_done(platform, asking):
    platform.misbehave("late-status", at="scores", times=1, status=502)
    assert asking.score().status == 502
    assert platform.gradebook["quiz-1"]["u-learner"].score == 8
    assert asking.score().status == 409


def test_too_many_requests_says_when_to_come_again(platform, asking):
    platform.misbehave("too-many-requests", times=2, retry_after=7)
    answers = [asking.get("members", asking.members_url) for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("kind", "details", "code", "not_sent", "done"),
    [
        ("slow", {"seconds": 61}, "http.timeout", False, True),
        ("dripping", {"pause": 1}, "http.timeout", False, True),
        ("silent", {}, "http.unreachable", False, True),
        ("unreachable", {}, "http.unreachable", True, False),
        ("status-zero", {}, "http.response_malformed", False, False),
        ("too-large", {"size": 100 * 1024 * 1024}, "http.response_too_large", False, True),
    ],
)
def test_no_answer_is_what_an_http_port_would_say(platform, asking, kind, details, code, not_sent, done):
    platform.misbehave(kind, at="POST line-items", **details)
    item = {"label": "x", "scoreMaximum": 1}
    failed = failure(lambda: asking.put_in("line-items", asking.line_items_url, item))
    assert (failed.code, failed.not_sent) == (code, not_sent)
    assert (len(platform.gradebook) == 2) is done
    [exchange] = platform.requests.of("line-items")
    assert exchange.misbehaved == kind


def test_a_slow_answer_that_comes_in_time_is_one(platform, asking):
    platform.misbehave("slow", seconds=5)
    request = asking.request("GET", asking.members_url)
    assert platform.http.send(request).status == 200
    assert failure(lambda: platform.http.send(evolve(request, total=4.0))).code == "http.timeout"


def test_another_origin_is_not_reached(platform, asking):
    failed = failure(lambda: asking.send("GET", "https://elsewhere.example/courses"))
    assert (failed.code, failed.not_sent) == ("http.unreachable", True)
    assert len(platform.requests) == 0


def test_a_wrong_media_type_says_html(platform, asking):
    platform.misbehave("wrong-media-type")
    answer = asking.get("members", asking.members_url)
    assert answer.headers["content-type"].startswith("text/html")
    assert read(answer)["members"]


def test_malformed_json_is_none(platform, asking):
    platform.misbehave("malformed-json")
    with pytest.raises(ValueError):
        read(asking.get("members", asking.members_url))


def test_pages_lead_in_a_circle(platform, asking):
    platform.misbehave("page-loop", at="members")
    first = asking.get("members", f"{asking.members_url}?limit=2")
    assert next_of(first) == f"{asking.members_url}?limit=2"


def test_the_next_page_is_elsewhere(platform, asking):
    platform.misbehave("foreign-page", at="members")
    assert next_of(asking.get("members", asking.members_url)) == "https://elsewhere.example/courses/course-7/members"


def test_empty_pages_come_first(platform, asking):
    platform.misbehave("empty-pages", at="members", pages=4)
    assert ids(asking, f"{asking.members_url}?limit=3") == HERE
    assert len(platform.requests.of("members")) > 5


def test_pages_come_twice(platform, asking):
    platform.misbehave("duplicate-pages", at="members")
    assert ids(asking, f"{asking.members_url}?limit=5") == HERE * 2


def test_pages_never_end(platform, asking):
    platform.misbehave("endless-pages", at="members")
    url, seen = asking.members_url, set()
    for _ in range(50):
        assert url not in seen
        seen.add(url)
        url = next_of(asking.get("members", url))
    assert url


def test_one_call_in_ten_fails_always_the_same_ones(platform_with):
    def failing(seed):
        asking = Asking(platform_with())
        asking.platform.misbehave("status", at="members", one_in=10, seed=seed)
        return [asking.get("members", asking.members_url).status for _ in range(200)]

    statuses = failing(1)
    assert 5 < statuses.count(503) < 40
    assert statuses == failing(1) != failing(2)


def test_several_misbehaviours_come_one_after_the_other(platform, asking):
    platform.misbehave("status", status=500, times=1)
    platform.misbehave("status", status=503, times=1)
    assert [asking.get("members", asking.members_url).status for _ in range(3)] == [500, 503, 200]


def test_a_part_of_an_address_is_enough(platform, asking):
    platform.misbehave("status", at="limit=3")
    assert [asking.get("members", f"{asking.members_url}{query}").status for query in ("", "?limit=3")] == [200, 503]


def test_the_token_endpoint_misbehaves_too(platform, asking):
    platform.misbehave("malformed-json", at="token", times=1)
    with pytest.raises(ValueError):
        read(asking.ask_for_token(platform.scopes[0]))


def test_it_ends_when_told(platform, asking):
    platform.misbehave("status")
    platform.behave()
    assert asking.get("members", asking.members_url).status == 200


def test_what_is_no_misbehaviour_is_explained(platform):
    for kind, details in (("sulking", {}), ("slow", {"minutes": 1})):
        with pytest.raises(ConfigurationError, match="page-loop") as refusal:
            platform.misbehave(kind, **details)
        assert refusal.value.code == "config.misbehaviour_unknown"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", ["members", "line-items", "results", "score", "token", "key-set"])
def test_every_misbehaviour_meets_every_service_and_nothing_else_breaks(platform, asking, kind, call):
    calls = {
        "members": lambda: asking.get("members", asking.members_url),
        "line-items": lambda: asking.get("line-items", asking.line_items_url),
        "results": asking.results,
        "score": asking.score,
        "token": lambda: asking.ask_for_token(platform.scopes[0]),
        "key-set": lambda: asking.send("GET", platform.key_set_url),
    }
    platform.misbehave(kind)
    try:
        calls[call]()
    except ServiceFailed as failed:
        assert failed.code.startswith("http.")  # noqa: PT017
    [exchange] = platform.requests
    of_lists = call in ("score", "token", "key-set") and "page" in kind
    assert exchange.misbehaved == ("" if of_lists else kind)


def test_the_log_does_not_grow_for_ever():
    log = RequestLog()
    for number in range(10_001):
        log.add(Exchange(method="GET", path=f"/{number}", kind="members", status=200))
    assert (len(log), next(iter(log)).path) == (10_000, "/1")
