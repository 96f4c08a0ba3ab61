"""The keys of platforms: fetched when needed, kept, and served while a platform is down."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters import key_sets
from lti_adapters.key_store import CachedKeyStore
from lti_core.errors import LaunchRefused, ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.registration import Registration
from lti_core.tokens import take_apart
from lti_storage.registrations import FixedRegistrations
from lti_storage.tool_keys import NoToolKeys
from tests.fakes import PLATFORM_KEY, FakeHttp, FixedClock

URL = "https://lms.example/keys"
DOWN = ServiceFailed("http.timeout", "The platform did not answer in time.", found=URL)
MINUTE, HOUR, DAY = 60, 3600, 86400


def registration(client_id: str = "c1", **more: Any) -> Registration:
    values = {"issuer": "https://lms.example", "login_url": "https://lms.example/login", "key_set_url": URL, **more}
    return Registration(client_id=client_id, **values)


def key_set(*kids: str) -> dict[str, object]:
    return {"keys": [{**PLATFORM_KEY.public, "kid": kid} for kid in kids]}


class Platform:
    """Answers with its keys, or is down; and counts how often it was asked."""

    def __init__(self, *kids: str, **headers: str) -> None:
        self.kids = kids
        self.headers: Mapping[str, str] = headers
        self.failing: Exception | HttpResponse | None = None
        self.http = FakeHttp(self.answer)

    def answer(self, request: HttpRequest) -> HttpResponse:
        if isinstance(self.failing, Exception):
            raise self.failing
        if self.failing is not None:
            return self.failing
        return HttpResponse(status=200, headers=self.headers, body=json.dumps(key_set(*self.kids)).encode())

    @property
    def asked(self) -> int:
        return len(self.http.requests)


class Store:
    """A key store of one platform, asked by `kid`."""

    def __init__(self, platform: Platform, **more: Any) -> None:
        self.clock = FixedClock()
        self.keys = CachedKeyStore(
            platform.http, self.clock, FixedRegistrations([registration()]), NoToolKeys(), **more
        )

    def find(self, kid: str, of: Registration | None = None) -> list[str]:
        return [key.kid for key in self.keys.platform_keys(of or registration(), kid)]

    def refuses(self, kid: str) -> str:
        with pytest.raises(LaunchRefused) as refusal:
            self.find(kid)
        return refusal.value.code


@pytest.fixture
def platform() -> Platform:
    return Platform("a", "b")


@pytest.fixture
def store(platform: Platform) -> Store:
    return Store(platform)


def test_a_key_of_the_platform_verifies_what_the_platform_signed(store: Store) -> None:
    token = take_apart(PLATFORM_KEY.sign({"sub": "u1"}))
    assert [key.verifies(token) for key in store.keys.platform_keys(registration(), "a")] == [True]


def test_a_key_set_is_asked_for_as_an_address_of_the_registration(store: Store, platform: Platform) -> None:
    store.find("a")
    request = platform.http.requests[0]
    assert (request.method, request.url, request.trusted_url) == ("GET", URL, URL)
    assert (request.total, request.max_bytes) == (5.0, 1024 * 1024)


def test_a_key_set_is_fetched_once_for_all_its_registrations(store: Store, platform: Platform) -> None:
    assert [store.find("a"), store.find("b"), store.find("a", registration("c2"))] == [["a"], ["b"], ["a"]]
    assert platform.asked == 1


def test_each_address_has_a_key_set_of_its_own(store: Store, platform: Platform) -> None:
    store.find("a")
    store.find("a", registration(key_set_url="https://lms.example/other"))
    assert [request.url for request in platform.http.requests] == [URL, "https://lms.example/other"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, HOUR),
        ({"cache-control": "public"}, HOUR),
        ({"cache-control": "public, max-age=7200"}, 2 * HOUR),
        ({"cache-control": 'Max-Age="600", private'}, 600),
        ({"cache-control": "max-age=1"}, MINUTE),
        ({"cache-control": "max-age=0"}, MINUTE),
        ({"cache-control": "no-store"}, MINUTE),
        ({"cache-control": "no-cache, max-age=600"}, MINUTE),
        ({"cache-control": "max-age=604800"}, DAY),
        ({"cache-control": "max-age=" + "9" * 5000}, DAY),
        ({"cache-control": "max-age=-5"}, HOUR),
        ({"cache-control": "max-age=soon"}, HOUR),
    ],
)
def test_a_key_set_is_kept_as_long_as_it_says_within_bounds(said: dict[str, str], kept: int) -> None:
    platform = Platform("a", **said)
    store = Store(platform)
    store.find("a")
    store.clock.advance(seconds=kept - 1)
    store.find("a")
    assert platform.asked == 1
    store.clock.advance(seconds=1)
    store.find("a")
    assert platform.asked == 2


def test_how_long_a_set_is_kept_that_does_not_say_can_be_set(platform: Platform) -> None:
    store = Store(platform, cache_lifetime=timedelta(minutes=10))
    store.find("a")
    store.clock.advance(seconds=600)
    store.find("a")
    assert platform.asked == 2


def test_a_new_key_is_found_at_once(store: Store, platform: Platform) -> None:
    store.find("a")
    platform.kids = ("c",)
    assert store.find("c") == ["c"]
    assert store.find("a") == []


def test_unknown_keys_ask_the_platform_three_times_a_minute_at_most(store: Store, platform: Platform) -> None:
    assert [store.find(f"x{number}") for number in range(50)] == [[]] * 50
    assert platform.asked == 3
    assert store.find("a") == ["a"]
    store.clock.advance(seconds=MINUTE)
    platform.kids = ("x0",)
    assert store.find("x0") == ["x0"]
    assert platform.asked == 4


def test_unknown_keys_of_one_platform_do_not_hold_up_another(store: Store) -> None:
    for number in range(10):
        store.find(f"x{number}")
    assert store.find("a", registration(key_set_url="https://other.example/keys")) == ["a"]


@pytest.mark.parametrize(
    "failing",
    [DOWN, HttpResponse(status=500), HttpResponse(status=404, body=b'{"keys": []}'), HttpResponse(status=204)],
)
def test_without_a_key_set_the_launch_is_refused(store: Store, platform: Platform, failing: Any) -> None:
    platform.failing = failing
    assert store.refuses("a") == "launch.key_set_unavailable"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"keys": 1}', b"\xff", b'{"keys": [NaN]}', b"[" * 100_000])
def test_what_is_no_key_set_is_a_failure_of_its_own(store: Store, platform: Platform, body: bytes) -> None:
    platform.failing = HttpResponse(status=200, body=body)
    assert store.refuses("a") == "launch.key_set_malformed"
    assert store.refuses("a") == "launch.key_set_malformed"
    assert platform.asked == 1


numbers = st.integers() | st.floats() | st.just(10**400)
anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text() | st.sampled_from(["RSA", "EC", "P-256", "sig", "AQAB"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
members = st.dictionaries(st.sampled_from(["kty", "use", "alg", "key_ops", "n", "e", "crv", "x", "y"]), anything)
documents = st.lists(members.map(lambda member: {**PLATFORM_KEY.public, "kid": "a", **member}) | anything)
bodies = st.binary() | documents.map(lambda keys: json.dumps({"keys": keys}).encode())


@given(bodies, st.text() | st.text('max-age=,no-store"0123456789 '), st.integers(100, 999) | st.just(200))
def test_whatever_a_platform_answers_a_key_is_found_or_the_launch_refused(body: bytes, said: str, status: int) -> None:
    platform = Platform()
    platform.failing = HttpResponse(status=status, headers={"cache-control": said}, body=body)
    try:
        assert len(Store(platform).find("a")) <= 4
    except LaunchRefused as refusal:
        assert refusal.code.startswith("launch.key_set_")  # noqa: PT017  # both ways are good


def test_after_a_failure_the_platform_has_ten_seconds_of_rest(store: Store, platform: Platform) -> None:
    platform.failing = DOWN
    for _ in range(5):
        assert store.refuses("a") == "launch.key_set_unavailable"
    store.clock.advance(seconds=9)
    assert store.refuses("a") == "launch.key_set_unavailable"
    assert platform.asked == 1
    store.clock.advance(seconds=1)
    platform.failing = None
    assert store.find("a") == ["a"]


def test_failures_count_among_the_three_fetches_a_minute(store: Store, platform: Platform) -> None:
    platform.failing = DOWN
    for _ in range(5):
        store.refuses("a")
        store.clock.advance(seconds=10)
    assert platform.asked == 3
    store.clock.advance(seconds=10)
    platform.failing = None
    assert store.find("a") == ["a"]


def test_the_old_set_serves_while_the_platform_is_down(store: Store, platform: Platform) -> None:
    store.find("a")
    store.clock.advance(seconds=2 * HOUR)
    platform.failing = DOWN
    assert store.find("a") == ["a"]
    assert store.find("b") == ["b"]
    assert platform.asked == 2
    assert store.refuses("new") == "launch.key_set_unavailable"


def test_the_old_set_does_not_serve_for_ever(store: Store, platform: Platform) -> None:
    store.find("a")
    platform.failing = DOWN
    store.clock.advance(seconds=HOUR + DAY - 1)
    assert store.find("a") == ["a"]
    store.clock.advance(seconds=1)
    assert store.refuses("a") == "launch.key_set_unavailable"


def test_a_key_that_the_platform_withdrew_is_gone_with_the_next_fetch(store: Store, platform: Platform) -> None:
    store.find("a")
    platform.kids = ("b",)
    store.clock.advance(seconds=HOUR)
    assert store.find("a") == []


def test_a_clock_that_is_put_back_does_not_stop_fetching(store: Store, platform: Platform) -> None:
    platform.failing = DOWN
    store.refuses("a")
    store.clock.advance(seconds=-DAY)
    platform.failing = None
    assert store.find("a") == ["a"]


def test_keys_of_the_registration_need_no_fetch(store: Store, platform: Platform) -> None:
    inline = registration(key_set=key_set("i"))
    assert [store.find("i", inline), store.find("a", inline)] == [["i"], []]
    assert platform.asked == 0


def test_keys_of_the_registration_are_read_once_and_again_when_they_change(store: Store) -> None:
    first = store.keys.platform_keys(registration(key_set=key_set("i")), "i")
    again = store.keys.platform_keys(registration(key_set=key_set("i")), "i")
    assert again[0] is first[0]
    assert store.find("j", registration(key_set=key_set("j"))) == ["j"]
    assert store.find("i", registration(key_set=key_set("j"))) == []


def test_keys_of_two_registrations_are_kept_apart(store: Store) -> None:
    one, two = registration("c1", key_set=key_set("i")), registration("c2", key_set=key_set("j"))
    assert [store.find("i", one), store.find("i", two), store.find("j", two)] == [["i"], [], ["j"]]


def test_a_registration_whose_keys_are_no_key_set_is_refused(store: Store) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        store.find("i", registration(key_set={}))
    assert refusal.value.code == "launch.key_set_malformed"


def test_two_thousand_keys_are_found_by_name_and_built_once() -> None:
    platform = Platform(*(f"k{number}" for number in range(2000)))
    store = Store(platform)
    assert all(store.find(f"k{number}") == [f"k{number}"] for number in range(0, 2000, 97))
    assert platform.asked == 1
    first, again = (store.keys.platform_keys(registration(), "k1999") for _ in range(2))
    assert first[0] is again[0]


class SlowPlatform(Platform):
    """Answers when it is told to."""

    def __init__(self, *kids: str) -> None:
        super().__init__(*kids)
        self.reached, self.go = threading.Event(), threading.Event()

    def answer(self, request: HttpRequest) -> HttpResponse:
        self.reached.set()
        assert self.go.wait(30)
        return super().answer(request)


@pytest.fixture
def people() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as threads:
        yield threads


def all_at_once(people: ThreadPoolExecutor, do: Callable[[int], object]) -> list[Any]:
    """Starts 16 threads that call `do` at the same time."""
    start = threading.Barrier(16)

    def one(number: int) -> object:
        start.wait(30)
        return do(number)

    return [people.submit(one, number) for number in range(16)]


def test_of_many_threads_one_fetches_and_the_others_wait(people: ThreadPoolExecutor) -> None:
    platform = SlowPlatform("a")
    store = Store(platform)
    found = all_at_once(people, lambda _: store.find("a"))
    assert platform.reached.wait(30)
    platform.go.set()
    assert [one.result(30) for one in found] == [["a"]] * 16
    assert platform.asked == 1


def test_of_many_threads_with_unknown_keys_three_fetch_at_most(people: ThreadPoolExecutor) -> None:
    platform = Platform("a")
    store = Store(platform)
    found = all_at_once(people, lambda number: [store.find(f"x{number}-{again}") for again in range(20)])
    assert [one.result(30) for one in found] == [[[]] * 20] * 16
    assert platform.asked == 3


def test_who_waited_for_a_fetch_that_fails_is_refused_without_another(people: ThreadPoolExecutor) -> None:
    platform = SlowPlatform("a")
    platform.failing = DOWN
    store = Store(platform)
    found = all_at_once(people, lambda _: store.refuses("a"))
    assert platform.reached.wait(30)
    platform.go.set()
    assert {one.result(30) for one in found} == {"launch.key_set_unavailable"}
    assert platform.asked == 1


def test_known_keys_are_served_while_another_thread_fetches(people: ThreadPoolExecutor) -> None:
    platform = SlowPlatform("a")
    platform.go.set()
    store = Store(platform)
    store.find("a")
    store.clock.advance(seconds=2 * HOUR)
    platform.go.clear()
    platform.reached.clear()
    fetching = people.submit(store.find, "a")
    assert platform.reached.wait(30)
    assert store.find("a") == ["a"]
    assert not fetching.done()
    platform.go.set()
    assert fetching.result(30) == ["a"]


def test_who_waits_gives_up_when_the_time_of_a_fetch_is_over(
    people: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, "FETCH_SECONDS", 0.5)
    platform = SlowPlatform("a")
    store = Store(platform)
    fetching = people.submit(store.find, "a")
    assert platform.reached.wait(30)
    assert store.refuses("a") == "launch.key_set_unavailable"
    assert platform.asked == 1
    platform.go.set()
    assert fetching.result(30) == ["a"]


def test_a_fetch_that_breaks_does_not_keep_the_others_out(store: Store, platform: Platform) -> None:
    platform.failing = MemoryError()
    with pytest.raises(MemoryError):
        store.find("a")
    platform.failing = None
    assert store.refuses("a") == "launch.key_set_unavailable"
    store.clock.advance(seconds=10)
    assert store.find("a") == ["a"]


def test_what_was_fetched_is_found_without_asking_until_its_time_is_over(platform: Platform) -> None:
    store, before = Store(platform), []
    for seconds in (0, HOUR - 1, 1):
        store.clock.advance(seconds)
        before.append([[key.kid for key in store.keys.fetched_keys(registration(), kid)] for kid in ("a", "unknown")])
        asked = platform.asked
        store.find("a")
    assert before == [[[], []], [["a"], []], [[], []]]
    assert (asked, platform.asked) == (1, 2)


def test_keys_that_stand_in_the_registration_need_no_fetching(platform: Platform) -> None:
    inline = registration(key_set=key_set("inline"), key_set_url=None)
    assert [key.kid for key in Store(platform).keys.fetched_keys(inline, "inline")] == ["inline"]
    assert platform.asked == 0
